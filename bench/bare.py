"""The yardstick: a bare Django view that inserts one row; same server, database and way of holding connections."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from django.conf import settings

from config.home import KEEPS_CONNECTIONS, connecting

if not settings.configured:
    os.environ[KEEPS_CONNECTIONS] = "1"  # as the product's web processes do
    settings.configure(
        DEBUG=False,
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.bare",
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **connecting()}},
        USE_TZ=True,
    )

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


def insert(request: HttpRequest) -> HttpResponse:
    """Insert one row; answer its key."""
    body = json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare (body) VALUES (%s) RETURNING id", [body["text"]])
        key = cursor.fetchone()[0]
    return JsonResponse({"id": key}, status=201)


urlpatterns = [path("insert", insert)]
application = WSGIHandler()

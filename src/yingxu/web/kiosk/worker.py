"""The service worker of a page that stands in a corridor: opened without a network it is there all the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse

from yingxu.ground.refusals import NotFound

_SCRIPT = "web/kiosk-sw.js"


def worker(name: str, static: Sequence[str], scope: str) -> HttpResponse:
    """Return the worker of the pages under ``scope``, which are drawn with ``static``; kept under ``name``."""
    text = _file(_SCRIPT).read_text(encoding="utf-8")
    named = {
        "__NAME__": name,
        "__VERSION__": _version(tuple(static)),
        "__STATIC__": [staticfiles_storage.url(one) for one in static],
        "__SCOPE__": scope,
    }
    for place, value in named.items():
        text = text.replace(f'"{place}"', json.dumps(value))
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = scope
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _version(static: tuple[str, ...]) -> str:
    """Return a digest of all that a page is drawn with."""
    digest = hashlib.sha256()
    for name in (*static, _SCRIPT):
        digest.update(_file(name).read_bytes())
    return digest.hexdigest()[:12]


def _file(name: str) -> Path:
    path = finders.find(name)
    if path is None:
        raise NotFound(kind="file", name=name)
    return Path(str(path))

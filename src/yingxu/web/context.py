"""What the page shell needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's values; nothing here asks the database."""
    return {"is_demo": settings.DEMO, "languages": settings.LANGUAGES}

"""The code of a public page, as a picture to print and as an address to type."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe


def page_address(request: HttpRequest, path: str) -> str:
    """Return the address of a page of ours as people type it."""
    return f"{settings.PUBLIC_URL or f'{request.scheme}://{request.get_host()}'}{path}"


def page_code(request: HttpRequest, path: str) -> dict[str, str | SafeString]:
    """Return ``address`` and ``qr`` (SVG) of a page of ours."""
    address = page_address(request, path)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, scale=5, border=3, dark="#000", light="#fff", omitsize=True
    )
    return {"address": address, "qr": mark_safe(drawn.getvalue().decode())}  # made here from an address of ours

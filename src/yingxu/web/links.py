"""Private links, as pages know them."""

from __future__ import annotations

from yingxu.ground.links import follow_code, follow_url, request_of_code

__all__ = ["follow_code", "follow_url", "request_of_code"]

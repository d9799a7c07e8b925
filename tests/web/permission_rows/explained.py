"""Why is it due then?"""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import PUBLIC, Row, link_path, request_path
from tests.web.permission_rows.loop import READERS
from yingxu.web import links

ROWS: dict[str, tuple[Row, ...]] = {
    "why": (Row(request_path("requests/{request}/why"), allowed=READERS),),
    "follow_here_why": (Row(request_path("ours/{request}/why"), allowed=READERS),),
    "follow_why": (
        Row(link_path("/why"), **PUBLIC),
        Row(lambda scene: f"/f/{links.follow_code(uuid4())}/why", allowed=frozenset(), stranger=(404,)),
    ),
}

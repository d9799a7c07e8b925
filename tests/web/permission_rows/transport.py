"""Transport: the list is for those who read the queue; a load moves through its worker's hands only."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import Row, request_path, some

_QUEUE = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor away")
_READERS = some("nurse supervisor clerk company_clerk plumber leader line_manager manager officer director auditor")

ROWS: dict[str, tuple[Row, ...]] = {
    "transport": (Row(request_path("transport"), allowed=_QUEUE),),
    "transport_round": (
        Row(
            request_path("transport/round"),
            method="post",
            allowed=frozenset(),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {"jobs": str(uuid4()), "worker": str(uuid4()), "command": str(uuid4())},
        ),
    ),
    "transport_zone": (
        Row(
            request_path("transport/zone"),
            method="post",
            allowed=some("plumber porter leader"),
            ok=(302,),
            refused=(403, 404),
            stranger=(403,),
            data=lambda scene: {"place": "S7", "command": str(uuid4())},
        ),
    ),
    "transport_job": (Row(request_path("transport/{job}"), allowed=_READERS),),
    "transport_act": (
        Row(
            request_path("transport/{job}/take"),
            method="post",
            allowed=frozenset(),
            refused=(302, 403, 404, 409, 422),
            stranger=(403,),
            data=lambda scene: {"first": "", "second": "", "command": str(uuid4())},
        ),
    ),
}

"""What if: read by those who read reports, asked by those who study promises."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import Row, request_path, some

_READ = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor")
_ASK = some("leader manager lift_manager officer director")

ROWS: dict[str, tuple[Row, ...]] = {
    "what_ifs": (Row(request_path("what-if"), allowed=_READ | {"away"}),),
    "ask_what_if": (
        Row(
            request_path("what-if/ask"),
            method="post",
            allowed=_ASK | {"away", "line_manager"},
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"span": "yesterday", "more_hands": "1", "command": str(uuid4())},
        ),
    ),
    "what_if": (Row(lambda scene: f"/what-if/{uuid4()}", allowed=frozenset(), refused=(403, 404)),),
    "cancel_what_if": (
        Row(
            lambda scene: f"/what-if/{uuid4()}/cancel",
            method="post",
            allowed=frozenset(),
            refused=(403, 404),
            stranger=(403,),
        ),
    ),
    "what_if_answer": (Row(lambda scene: f"/what-if/{uuid4()}/answer", allowed=frozenset(), refused=(403, 404)),),
}

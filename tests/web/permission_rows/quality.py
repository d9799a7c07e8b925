"""The board's lines and quality promises: everybody reads, the hospital's officer promises."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from tests.web.permission_rows.kit import EVERYBODY, PUBLIC, Row, Scene, request_path, some


def _terms(scene: Scene) -> dict[str, str]:
    return {
        "code": f"q{uuid4().hex[:8]}",
        "name": "抽查合格率",
        "line": "PLB",
        "measure": "checked",
        "target": "95",
        "from_on": f"{timezone.now():%Y}-12-31",
        "command": str(uuid4()),
    }


ROWS: dict[str, tuple[Row, ...]] = {
    "board_line": (Row(request_path("promises/demo/line/PLB"), **PUBLIC),),
    "board_quality": (
        Row(request_path("promises/demo/quality"), **PUBLIC),
        Row(
            request_path("promises/demo/quality"),
            allowed=some("officer"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=_terms,
        ),
    ),
    "board_quality_jobs": (Row(request_path("promises/demo/quality/plb_checked/jobs"), EVERYBODY - {"away"}),),
    "end_quality_promise": (
        Row(
            request_path("promises/demo/quality/none_such/end"),
            allowed=frozenset(),
            method="post",
            stranger=(403,),
        ),
    ),
}

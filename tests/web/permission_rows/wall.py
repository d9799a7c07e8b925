"""The wall screen is everybody's; the team board is for those who read the queue, its acts are the desk's verbs."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import PUBLIC, Row, request_path, some

_QUEUE = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor away")

ROWS: dict[str, tuple[Row, ...]] = {
    "wall_here": (Row(request_path("wall"), **PUBLIC),),
    "wall_screen": (Row(request_path("wall/demo"), **PUBLIC),),
    "wall_now": (Row(request_path("wall/demo/now"), **PUBLIC),),
    "team_board": (Row(request_path("team-board"), allowed=_QUEUE),),
    "team_board_now": (Row(request_path("team-board/now"), allowed=_QUEUE, ok=(200, 204)),),
    "team_board_act": (
        # what may be done is the verb's to say; the request's job is in hand already
        Row(
            request_path("team-board/jobs/{job}/pull-back"),
            method="post",
            allowed=frozenset(),
            refused=(403, 404, 409),
            stranger=(403,),
            data=lambda scene: {"command": str(uuid4())},
        ),
        Row(
            request_path("team-board/jobs/{job}/dance"),
            method="post",
            allowed=frozenset(),
            refused=(404,),
            stranger=(403,),
        ),
    ),
    "team_board_presence": (
        Row(
            lambda scene: f"/team-board/people/{scene.house.accounts['plumber']}",
            method="post",
            allowed=some("plumber clerk company_clerk leader"),
            ok=(302, 403),
            stranger=(403,),
            data=lambda scene: {"present": "1", "command": str(uuid4())},
        ),
    ),
}

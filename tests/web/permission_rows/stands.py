"""Rating stands: anybody taps; the hospital puts them up; companies read figures."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.voice.actions.stands import set_stand

READ = some("officer director auditor supervisor leader line_manager manager lift_manager away")


def _stand(scene: Scene) -> Any:
    return set_stand(site_id=scene.house.site_id, name="大厅", actor=scene.house.actor("officer"), at=MONDAY_NINE)


ROWS: dict[str, tuple[Row, ...]] = {
    "stand_worker": (Row(request_path("t/sw.js"), **PUBLIC),),
    "stand": (
        Row(lambda scene: f"/t/{_stand(scene).token}", **PUBLIC),
        Row(lambda scene: "/t/guess", allowed=frozenset(), stranger=(404,)),
        Row(
            lambda scene: f"/t/{_stand(scene).token}",
            method="post",
            stranger=(200,),
            data=lambda scene: {"face": "3", "tap": str(uuid4())},
        ),
    ),
    "stand_taps": (Row(lambda scene: f"/t/{_stand(scene).token}/taps", method="post", ok=(422,), stranger=(422,)),),
    "stand_duty": (Row(lambda scene: f"/t/{_stand(scene).token}/duty", **PUBLIC),),
    "stands": (
        Row(request_path("stands"), READ),
        Row(
            request_path("stands"),
            some("officer away"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"name": "食堂", "most": "60", "command": str(uuid4())},
        ),
    ),
    "change_stand": (
        Row(
            lambda scene: f"/stands/{_stand(scene).uid}",
            some("officer"),
            method="post",
            ok=(302,),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {"name": "食堂", "most": "60"},
        ),
    ),
}

"""Voices: who speaks, who reads and answers, what everybody reads."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.voice.models import Heard

READS = some("leader line_manager manager lift_manager officer director auditor away")
SPEAKS = some("nurse other_nurse family supervisor plumber porter leader away")


def opinion(scene: Scene, tail: str = "") -> str:
    request = scene.job.request
    row = Heard.objects.create(
        site_id=scene.house.site_id,
        kind="complaint",
        text="慢",
        request=request,
        owner_id=scene.house.accounts["nurse"],
        line_code=request.line_code,
        place_path=request.place_path,
        party_keys=request.party_keys,
        team_keys=request.team_keys,
        worker_keys=[],
        said_at=MONDAY_NINE,
        answer_by=MONDAY_NINE + timedelta(days=1),
    )
    return f"/voices/{row.uid}{tail}"


ROWS: dict[str, tuple[Row, ...]] = {
    "voices": (Row(request_path("voices"), READS),),
    "voices_count": (Row(request_path("voices/count"), READS),),
    "my_voices": (
        Row(request_path("voices/mine"), SPEAKS),
        Row(
            request_path("voices/mine"),
            SPEAKS,
            method="post",
            ok=(302,),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {"kind": "vent", "text": "累", "command": str(uuid4())},
        ),
    ),
    "voice": (
        Row(opinion, some("leader line_manager manager officer director auditor")),
        Row(
            opinion,
            some("leader line_manager manager officer director"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"fate": "answered", "answer": "已处理", "command": str(uuid4())},
        ),
    ),
    "take_voice": (
        Row(
            lambda scene: opinion(scene, "/take"),
            some("leader line_manager manager officer director"),
            method="post",
            ok=(302,),
            stranger=(403,),
        ),
    ),
    "judge_voice": (
        Row(
            lambda scene: opinion(scene, "/judge"),
            some("nurse"),
            method="post",
            ok=(409,),
            stranger=(403,),
            data=lambda scene: {"content": "1"},
        ),
    ),
    "say": (
        Row(request_path("say/demo"), **PUBLIC),
        Row(request_path("say/demo"), method="post", ok=(422,), stranger=(422,), data=lambda scene: {"kind": "vent"}),
    ),
    "answers": (Row(request_path("answers/demo"), **PUBLIC),),
}

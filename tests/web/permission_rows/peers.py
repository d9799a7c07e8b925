"""Peer checks, and what was held apart."""

from __future__ import annotations

from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.verify.models import PeerCheck
from yingxu.voice.models import RatingStand, Tap

LISTS = some(
    "plumber porter clerk company_clerk leader line_manager manager lift_manager officer director auditor away"
)
SEES = some("plumber clerk company_clerk leader line_manager manager officer director auditor")


def asked(scene: Scene) -> str:
    row = PeerCheck.objects.create(
        site_id=scene.house.site_id,
        job=scene.job,
        peer_id=scene.house.accounts["plumber"],
        why="random",
        stratum=scene.job.line_code,
        drawn_at=MONDAY_NINE,
        due_at=MONDAY_NINE,
    )
    return f"/peers/{row.uid}"


def held(scene: Scene) -> dict[str, object]:
    stand = RatingStand.objects.create(
        site_id=scene.house.site_id, name="窗口", token=uuid4().hex[:20], made_at=MONDAY_NINE
    )
    tap = Tap.objects.create(
        site_id=scene.house.site_id,
        stand=stand,
        client_id=str(uuid4()),
        face=1,
        device="d",
        tapped_at=MONDAY_NINE,
        quarantine="too_many",
    )
    return {"id": [str(tap.uid)], "why": "多人共用", "act": "let_in", "command": str(uuid4())}


ROWS: dict[str, tuple[Row, ...]] = {
    "peers": (Row(request_path("peers"), LISTS),),
    "peers_count": (Row(request_path("peers/count"), LISTS),),
    "peer": (
        Row(asked, SEES),
        Row(
            asked,
            # a company's own window may have somebody else asked too; here nobody else is there: refused in words
            frozenset(),
            method="post",
            refused=(403, 404, 409, 422),
            stranger=(403,),
            data=lambda scene: {"act": "replace", "text": "休假", "command": str(uuid4())},
        ),
    ),
    "apart": (
        Row(request_path("voices/apart"), some("officer director auditor away")),
        Row(
            request_path("voices/apart?kind=tap"),
            some("officer"),
            method="post",
            ok=(302,),
            stranger=(403,),
            refused=(403, 404),
            data=held,
        ),
    ),
}

"""Studies, proposals and analysis: who reads figures, who asks, who decides."""

from __future__ import annotations

from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from tests.web.permission_rows.standards import HERE
from yingxu.standards.models import Item, PromiseProposal, PromiseStudy

#: Figures of the site; a line manager of one line and people of one company read what is theirs.
FIGURES = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor away")
#: Of the whole hospital alone: not limited to a line.
WHOLE = FIGURES - some("line_manager")
ASKS = some("leader line_manager manager lift_manager officer director away")
PROPOSES = some("line_manager manager lift_manager officer away")


def study(scene: Scene, tail: str = "") -> str:
    row = PromiseStudy.objects.create(
        site_id=scene.house.site_id,
        line_code="PLB",
        priority=3,
        milestone="arrived",
        limit_s=1800,
        percentile="0.9",
        seed=1,
        asked_at=MONDAY_NINE,
    )
    return f"/studies/{row.uid}{tail}"


def proposal(scene: Scene, word: str, kind: str = "tighten") -> str:
    row = PromiseProposal.objects.create(
        site_id=scene.house.site_id,
        item=Item.objects.get(site_id=scene.house.site_id, code="plb.faucet"),
        line_code="PLB",
        kind=kind,
        priority=3,
        milestone="arrived",
        limit_s=3600,
        percentile="0.95",
        to_limit_s=2700,
        to_percentile="0.95",
        month=MONDAY_NINE.date(),
        rule="test",
        reason="试" if kind == "loosen" else "",
        proposed_at=MONDAY_NINE,
    )
    return f"/proposals/{row.uid}/{word}"


ASKED = {
    "line": "PLB",
    "priority": "3",
    "milestone": "arrived",
    "limit_min": "30",
    "percent": "90",
    "weeks": "4",
}
READS_PLB = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor")

ROWS: dict[str, tuple[Row, ...]] = {
    "studies": (Row(request_path("studies"), FIGURES),),
    "new_study": (
        Row(request_path("studies/new"), ASKS),
        Row(
            request_path("studies/new"),
            ASKS - {"away"},
            method="post",
            ok=(302,),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {**ASKED, "command": str(uuid4())},
        ),
    ),
    "study": (Row(study, READS_PLB),),
    "study_answer": (Row(lambda scene: study(scene, "/answer?seen="), READS_PLB),),
    "study_csv": (Row(lambda scene: study(scene, "/hours.csv"), READS_PLB),),
    "study_card": (Row(request_path("studies/of/elv.trapped/1"), HERE),),
    "study_card_ask": (
        Row(
            request_path("studies/of/plb.faucet/1/ask"),
            ASKS & READS_PLB,
            method="post",
            ok=(302,),
            stranger=(403,),
            refused=(403, 404),
            data=lambda scene: {"command": str(uuid4())},
        ),
    ),
    "proposals": (Row(request_path("proposals"), FIGURES),),
    "propose_looser": (Row(request_path("proposals/looser"), PROPOSES),),
    "decide_proposal": (
        Row(
            lambda scene: proposal(scene, "decline"),
            some("officer"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"reason": "再看一个月", "command": str(uuid4())},
        ),
        Row(
            lambda scene: proposal(scene, "decline", "loosen"),
            some("director"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"reason": "不放宽", "command": str(uuid4())},
        ),
    ),
    "figures": (Row(request_path("figures"), FIGURES),),
    "figure_forecast": (Row(request_path("figures/forecast"), FIGURES),),
    "figure_supply": (Row(request_path("figures/supply"), FIGURES),),
    "figure_unfamiliar": (Row(request_path("figures/unfamiliar"), FIGURES),),
    "figure_group": (Row(request_path("figures/unfamiliar/1"), frozenset(), refused=(403, 404)),),
    "figure_jobs": (Row(request_path("figures/jobs"), FIGURES),),
}

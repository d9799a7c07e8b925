"""Call-backs and checks on the spot: the desk asks, the hospital reads, the doer never."""

from __future__ import annotations

from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.verify.models import Call

READS = some("clerk company_clerk officer director auditor away")
HERE = READS - {"away"}
RECORDS = some("clerk company_clerk officer")
CHECKS = some("officer director auditor supervisor away")


def call(scene: Scene, tail: str = "") -> str:
    row, _ = Call.objects.get_or_create(
        site_id=scene.house.site_id,
        job=scene.job,
        after_days=0,
        defaults={"why": "random", "stratum": "PLB", "drawn_at": MONDAY_NINE, "due_at": MONDAY_NINE},
    )
    return f"/callbacks/{row.uid}{tail}"


ROWS: dict[str, tuple[Row, ...]] = {
    "callbacks": (Row(request_path("callbacks"), READS),),
    "callbacks_count": (Row(request_path("callbacks/count"), READS),),
    "callback": (
        Row(call, HERE),
        # the work in the scene goes on: who may record is told so, the others are refused
        Row(
            call,
            RECORDS,
            method="post",
            ok=(409,),
            stranger=(403,),
            data=lambda scene: {"act": "good", "command": str(uuid4())},
        ),
    ),
    "callback_number": (Row(lambda scene: call(scene, "/number"), RECORDS, method="post", ok=(409,), stranger=(403,)),),
    "checks": (Row(request_path("checks"), CHECKS),),
    "check": (
        Row(
            request_path("checks/{job}"),
            some("officer supervisor"),
            method="post",
            ok=(409,),
            stranger=(403,),
            data=lambda scene: {"found": "good", "command": str(uuid4())},
        ),
    ),
}

"""The phone without signal: its shell is everybody's, what it carries and sends a worker's own; the desk's list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.ground.models import Account
from yingxu.ground.queries import account_with_holdings, actor_of_account
from yingxu.work import actions as work

_AT = datetime(2030, 1, 1, tzinfo=UTC)
WORKERS = some("plumber porter leader contractor away")
READERS = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor away")
SETTLERS = some("clerk company_clerk leader officer")


def _report(scene: Scene) -> str:
    account = account_with_holdings(Account.objects.get(pk=scene.house.accounts["plumber"]).pk)
    assert account is not None
    kept = work.set_aside_report(
        site_id=scene.house.site_id,
        job_id=scene.job.uid,
        command_id=uuid4().hex,
        act="start",
        said={},
        kind="conflict",
        problem="illegal_move",
        told_zh="情况已变",
        told_en="Moved on",
        happened_at=_AT,
        actor=actor_of_account(account),
        at=_AT,
    )
    return f"/phone-reports/{kept.id}/settle"


def _words(scene: Scene) -> dict[str, Any]:
    return {"words": "已看过", "command": str(uuid4())}


ROWS: dict[str, tuple[Row, ...]] = {
    "my_app": (Row(request_path("my-work/app"), **PUBLIC),),
    "my_app_manifest": (Row(request_path("my-work/app.webmanifest"), **PUBLIC),),
    "my_app_worker": (Row(request_path("my-work/sw.js"), **PUBLIC),),
    "my_carried": (Row(request_path("my-work/carried"), allowed=WORKERS),),
    # without a batch in the body a worker is told so, everybody else that it is not for them
    "my_sync": (Row(request_path("my-work/sync"), method="post", allowed=WORKERS, ok=(422,), stranger=(403,)),),
    "my_found": (
        Row(request_path("my-work/found"), allowed=WORKERS),
        Row(
            request_path("my-work/found"),
            allowed=WORKERS,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"text": "灯坏了", "place_words": "走廊", "command": str(uuid4())},
        ),
    ),
    "my_shelves": (Row(request_path("my-work/shelves"), allowed=WORKERS),),
    "my_file": (
        Row(request_path(f"my-work/files/{'0' * 64}"), allowed=WORKERS),
        Row(request_path(f"my-work/files/{'0' * 64}"), method="post", allowed=WORKERS, ok=(422,), stranger=(403,)),
    ),
    "phone_reports": (Row(request_path("phone-reports"), allowed=READERS),),
    "phone_reports_count": (Row(request_path("phone-reports/count"), allowed=READERS),),
    "phone_report_settle": (Row(_report, method="post", allowed=SETTLERS, ok=(302,), stranger=(403,), data=_words),),
}

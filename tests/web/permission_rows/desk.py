"""The addresses of the desk's proposals, previews, calls and learned versions."""

from __future__ import annotations

from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.ground.models import Account

TAKES_CALLS = some("clerk company_clerk plumber porter leader line_manager manager lift_manager officer away")
MERGES = some("clerk company_clerk officer")
SENDS = some("clerk company_clerk leader line_manager officer")
READS_LOADS = some("clerk company_clerk leader line_manager manager officer director auditor")
READS_CALLS = some("clerk company_clerk officer away")


def _nowhere(tail: str = "") -> str:
    return f"/desk/calls/00000000-0000-0000-0000-000000000000{tail}"


def _merge(scene: Scene) -> str:
    return f"/desk/requests/{scene.job.request.uid}/merge-into/{scene.job.request.number}"


def _plumber(scene: Scene) -> str:
    return str(Account.objects.get(pk=scene.house.accounts["plumber"]).uid)


ROWS: dict[str, tuple[Row, ...]] = {
    "desk_send": (
        Row(lambda scene: f"/desk/requests/{scene.job.request.uid}/send/{_plumber(scene)}", SENDS, refused=(403, 404)),
    ),
    "desk_worker": (Row(lambda scene: f"/desk/workers/{_plumber(scene)}", READS_LOADS, refused=(403, 404)),),
    "desk_proposal": (Row(request_path("desk/proposal?text=灯"), TAKES_CALLS),),
    # into itself: whoever may merge is refused for that, everybody else for the act
    "desk_merge": (Row(_merge, MERGES, ok=(409,), refused=(403, 404)),),
    "desk_split": (
        Row(
            request_path("desk/requests/{request}/preview/split"), some("clerk company_clerk leader officer"), ok=(422,)
        ),
    ),
    "desk_calls": (Row(request_path("desk/calls"), READS_CALLS),),
    "desk_one_call": (Row(lambda scene: _nowhere(), frozenset(), refused=(404,)),),
    "desk_settle_call": (
        Row(lambda scene: _nowhere("/settle"), frozenset(), method="post", refused=(404,), stranger=(403,)),
    ),
    "pbx_hook": (Row(lambda scene: "/hooks/pbx/nobody", frozenset(), method="post", refused=(404,), stranger=(404,)),),
    "desk_learning": (
        Row(request_path("desk/learning"), some("clerk company_clerk officer director auditor administrator away")),
    ),
    "desk_learning_use": (
        Row(
            request_path("desk/learning/use"),
            some("officer administrator away"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"number": "0"},
        ),
    ),
}

"""The addresses of the loop once around: who gets in, who does not."""

from __future__ import annotations

from uuid import uuid4

from tests.rooms.test_work_loop import uid
from tests.web.permission_rows.kit import EVERYBODY, PUBLIC, Row, link_path, request_path, some
from yingxu.ground.models import Contract, Party
from yingxu.ground.models import Site as SiteModel
from yingxu.web import links

#: Who may read a request of the orthopaedic ward that a plumber of one company works on.
READERS = some("nurse supervisor clerk company_clerk plumber leader line_manager manager officer director auditor")
DESK = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor away")
TAKES_CALLS = some("clerk company_clerk plumber porter leader line_manager manager lift_manager officer away")
WORKERS = some("plumber porter leader contractor away")


#: Name of an address -> its row; several ways of asking are several rows.
ROWS: dict[str, tuple[Row, ...]] = {
    "home": (Row(request_path(), ok=(302,), stranger=(200,)),),
    "sign_in": (
        Row(request_path("sign-in"), **PUBLIC),
        Row(
            request_path("sign-in"),
            method="post",
            ok=(403, 429),
            stranger=(403, 429),
            data=lambda scene: {"username": "nobody", "password": "wrong"},
        ),
    ),
    "sign_out": (Row(request_path("sign-out"), method="post", ok=(302,), stranger=(302,)),),
    "switch_role": (
        Row(
            request_path("demo/role"),
            method="post",
            allowed=frozenset(),
            stranger=(404,),
            data=lambda scene: {"username": "director"},
        ),
    ),
    "language": (Row(request_path("language"), method="post", ok=(302,), stranger=(302,)),),
    "help": (Row(request_path("help"), **PUBLIC),),
    "ask": (
        Row(request_path("ask")),
        Row(
            request_path("ask"),
            method="post",
            allowed=EVERYBODY - {"auditor", "administrator"},
            ok=(302,),
            data=lambda scene: {"text": "灯不亮", "command": str(uuid4())},
        ),
    ),
    "likely": (Row(request_path("ask/likely?text=灯"), stranger=(403,)),),
    "ask_places": (Row(request_path("ask/places?find=骨科"), stranger=(403,)),),
    "ask_by_code": (
        Row(lambda scene: f"/q/{scene.token}", **PUBLIC),
        Row(lambda scene: "/q/nonsense", allowed=frozenset(), stranger=(404,)),
        Row(
            lambda scene: f"/q/{scene.token}",
            method="post",
            ok=(302,),
            stranger=(302,),
            data=lambda scene: {"text": "灯不亮", "command": str(uuid4())},
        ),
    ),
    "likely_by_code": (Row(lambda scene: f"/q/{scene.token}/likely?text=灯", **PUBLIC),),
    "follow": (
        Row(link_path(""), **PUBLIC),
        Row(lambda scene: f"/f/{links.follow_code(uuid4())}", allowed=frozenset(), stranger=(404,)),
    ),
    "follow_act": (
        Row(
            link_path("/do/urge"),
            method="post",
            ok=(302,),
            stranger=(302,),
            data=lambda scene: {"command": str(uuid4())},
        ),
        Row(lambda scene: "/f/none/do/urge", method="post", allowed=frozenset(), stranger=(404,)),
    ),
    "follow_photo": (Row(lambda s: link_path(f"/photo/{uuid4()}")(s), allowed=frozenset(), stranger=(404,)),),
    "my_requests": (Row(request_path("ours")),),
    "follow_here": (Row(request_path("ours/{request}"), READERS),),
    "follow_here_act": (
        Row(
            request_path("ours/{request}/do/urge"),
            some("nurse clerk company_clerk officer director"),
            method="post",
            ok=(302,),
            data=lambda scene: {"command": str(uuid4())},
        ),
    ),
    "follow_here_photo": (
        Row(lambda s: request_path(f"ours/{{request}}/photo/{uuid4()}")(s), frozenset(), stranger=(404,)),
    ),
    "desk": (Row(request_path("desk"), DESK), Row(request_path("desk?site=demo"), DESK - {"away"})),
    "desk_now": (Row(request_path("desk/now"), DESK),),
    "desk_request": (Row(request_path("desk/requests/{request}"), READERS),),
    "desk_act": (
        Row(
            request_path("desk/requests/{request}/word"),
            some("clerk company_clerk leader plumber officer"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"word": "马上来人", "command": str(uuid4())},
        ),
    ),
    "desk_job_act": (
        Row(
            request_path("desk/jobs/{job}/reassign"),
            some("clerk company_clerk leader line_manager"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {
                "worker": str(uid(scene.house, "leader")),
                "request": str(scene.job.request.uid),
                "reason": "更近",
                "command": str(uuid4()),
            },
        ),
    ),
    "desk_call": (
        Row(
            request_path("desk/call"),
            TAKES_CALLS,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"text": "灯不亮", "command": str(uuid4())},
        ),
    ),
    "desk_caller": (Row(request_path("desk/caller?phone=13900000000"), TAKES_CALLS),),
    "desk_items": (Row(request_path("desk/items?text=灯"), TAKES_CALLS),),
    "desk_places": (Row(request_path("desk/places?place_words=骨科"), TAKES_CALLS),),
    "desk_read_back": (Row(request_path("desk/read-back"), TAKES_CALLS),),
    "my_work": (Row(request_path("my-work"), WORKERS),),
    "my_presence": (
        Row(
            request_path("my-work/presence"),
            some("plumber porter leader"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"is_present": "1", "command": str(uuid4())},
        ),
    ),
    "my_job": (Row(request_path("my-work/{job}"), some("plumber leader")),),
    "my_act": (
        Row(
            request_path("my-work/{job}/safe"),
            frozenset({"plumber"}),
            method="post",
            ok=(302,),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {"command": str(uuid4())},
        ),
    ),
    "requests": (Row(request_path("requests")), Row(request_path("requests?site=demo"), EVERYBODY - {"away"})),
    "requests_csv": (Row(request_path("requests.csv")),),
    "request": (Row(request_path("requests/{request}"), READERS),),
    "timeline": (
        Row(request_path("timeline/request/{request}"), READERS - {"supervisor"}),
        Row(request_path("timeline/job/{job}"), READERS - {"supervisor"}),
        Row(
            lambda scene: f"/timeline/site/{SiteModel.objects.get(pk=scene.house.site_id).uid}",
            some("clerk company_clerk leader manager officer director auditor line_manager lift_manager"),
        ),
        Row(
            lambda scene: f"/timeline/account/{uid(scene.house, 'nurse')}",
            some("clerk officer director auditor"),
        ),
        Row(
            lambda scene: f"/timeline/account/{uid(scene.house, 'plumber')}",
            some("clerk company_clerk leader line_manager manager officer director auditor"),
        ),
        Row(
            lambda scene: f"/timeline/party/{Party.objects.get(pk=scene.house.parties['yi']).uid}",
            some("clerk lift_manager officer director auditor"),
        ),
        Row(
            lambda scene: (
                f"/timeline/contract/{Contract.objects.get(number='YI-2025', site_id=scene.house.site_id).uid}"
            ),
            some("clerk lift_manager officer director auditor"),
        ),
    ),
    "promise_board": (Row(request_path("promises"), **PUBLIC),),
    "board": (Row(request_path("promises/demo"), **PUBLIC),),
    "wall": (Row(request_path("promises/demo/wall"), **PUBLIC),),
    "board_jobs": (Row(request_path("promises/demo/jobs"), EVERYBODY - {"away"}),),
    "unanswered": (Row(request_path("unanswered"), DESK),),
    "unanswered_count": (Row(request_path("unanswered/count"), DESK),),
    "healthz": (Row(request_path("healthz"), **PUBLIC),),
    "readyz": (Row(request_path("readyz"), **PUBLIC),),
    "metrics": (Row(request_path("metrics"), **PUBLIC),),
    # programs come with a token: tests/web/test_api.py has their scopes and sites; nobody's session opens the API
    "create_request": (
        Row(
            request_path("api/v1/requests"),
            frozenset(),
            method="post",
            refused=(401,),
            stranger=(401,),
            data=lambda scene: {"site": "demo", "text": "灯"},
        ),
    ),
    "list_requests": (Row(request_path("api/v1/requests?site=demo"), frozenset(), refused=(401,), stranger=(401,)),),
    "read_request": (Row(request_path("api/v1/requests/{request}"), frozenset(), refused=(401,), stranger=(401,)),),
    "openapi-json": (Row(request_path("api/v1/openapi.json"), **PUBLIC),),
    "api-root": (Row(request_path("api/v1/"), allowed=frozenset(), stranger=(401, 404), refused=(401, 404)),),
}

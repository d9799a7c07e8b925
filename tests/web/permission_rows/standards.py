"""The standards' addresses: everybody reads what is in force, few write, the director approves."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import EVERYBODY, Row, request_path, some

#: Who may write on the standard of a tap: the line's own, the companies' managers, the hospital's officer.
WRITERS = some("leader line_manager manager lift_manager officer")
#: Another hospital has none of these items.
HERE = EVERYBODY - {"away"}
#: Nobody gets to an edition that is not there; who may not write is refused first.
NONE = frozenset[str]()

ROWS: dict[str, tuple[Row, ...]] = {
    "standard_use": (Row(request_path("standards/use"), EVERYBODY),),
    "standard_beside": (
        Row(request_path("standards/elv.trapped/beside/elv.stopped"), HERE),
        Row(request_path("standards/elv.trapped/beside/elv.trapped"), NONE),
    ),
    "standard_bases": (
        Row(request_path("standards/bases"), EVERYBODY),
        Row(
            request_path("standards/bases"),
            WRITERS,
            method="post",
            stranger=(403, 404),
            ok=(302,),
            data=lambda scene: {
                "name": "给排水零修规程",
                "edition": "1",
                "outcome": "holds",
                "command": str(uuid4()),
            },
        ),
    ),
    "standards": (Row(request_path("standards"), EVERYBODY),),
    "standard": (
        Row(request_path("standards/elv.trapped"), HERE),
        Row(request_path("standards/no.such"), NONE),
    ),
    "standard_edition": (
        Row(request_path("standards/elv.trapped/1"), HERE),
        Row(request_path("standards/elv.trapped/9"), NONE),
    ),
    "standard_differences": (Row(request_path("standards/elv.trapped/1/differences"), HERE),),
    "standard_review": (Row(request_path("standards/elv.trapped/1/review"), HERE),),
    "standard_draft": (
        Row(
            request_path("standards/plb.faucet/draft"),
            WRITERS,
            method="post",
            stranger=(403,),
            ok=(302, 409),
            data=lambda scene: {"why": "改进", "command": str(uuid4())},
        ),
    ),
    "standard_edit": (
        Row(request_path("standards/plb.faucet/1/edit"), WRITERS, ok=(409,)),
        Row(request_path("standards/plb.faucet/1/edit"), WRITERS, method="post", ok=(409,), stranger=(403,)),
    ),
    "standard_act": (
        Row(
            request_path("standards/plb.faucet/1/do/approve"),
            some("director"),
            method="post",
            stranger=(403,),
            ok=(409,),
            data=lambda scene: {"revision": "0"},
        ),
        Row(
            request_path("standards/plb.faucet/1/do/publish"),
            some("director officer"),
            method="post",
            stranger=(403,),
            ok=(409,),
            data=lambda scene: {"when": "now"},
        ),
    ),
}

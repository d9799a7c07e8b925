"""The addresses of the handbook: who reads a book, who signs, who sees what others have not read, who gives posts."""

from __future__ import annotations

from uuid import UUID, uuid4

from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.team.models import Post, Posting

READERS = some("supervisor clerk company_clerk plumber porter leader line_manager manager lift_manager officer")
READERS |= some("director auditor contractor administrator away")
SIGNERS = READERS - some("supervisor auditor administrator")
LEADERS = some("leader line_manager manager lift_manager officer director auditor")
LEAD_AND_ACT = LEADERS - some("director auditor")
#: Who leads the plumber's team.
OF_REPAIR = some("leader line_manager manager officer")


def _post(scene: Scene) -> UUID:
    """Return the uid of a post of the repair team, made once a scene."""
    team_id = scene.house.teams["repair"]
    row, _ = Post.objects.get_or_create(
        site_id=scene.house.site_id,
        code="matrix",
        defaults={"team_id": team_id, "name": "水工岗", "line_codes": ["PLB"]},
    )
    return row.uid


def _posting(scene: Scene) -> UUID:
    post = Post.objects.get(uid=_post(scene))
    row, _ = Posting.objects.get_or_create(
        site_id=scene.house.site_id,
        post=post,
        account_id=scene.house.accounts["electrician"],
        to_at=None,
        defaults={"from_at": scene.job.opened_at},
    )
    return row.uid


def _command(scene: Scene) -> dict[str, str]:
    return {"command": str(uuid4())}


ROWS: dict[str, tuple[Row, ...]] = {
    "handbook": (Row(request_path("handbook"), READERS),),
    "handbook_pdf": (Row(request_path("handbook/book.pdf"), READERS, method="head", stranger=(403,)),),
    "handbook_worker": (Row(request_path("handbook/sw.js"), stranger=(200,)),),
    "handbook_unread": (Row(request_path("handbook/unread"), READERS),),
    "handbook_count": (Row(request_path("handbook/unread/count")),),
    "handbook_sync": (
        Row(request_path("handbook/sync"), SIGNERS),
        Row(request_path("handbook/sync"), SIGNERS, method="post", ok=(422,), stranger=(403,)),
    ),
    "handbook_reading": (
        Row(request_path("handbook/read/general"), SIGNERS),
        Row(
            request_path("handbook/read/general"),
            SIGNERS,
            method="post",
            ok=(422,),
            stranger=(403,),
            data=lambda scene: {"digest": "", "attempt": "1", **_command(scene)},
        ),
    ),
    "handbook_procedure": (Row(request_path("handbook/p/plb.faucet"), READERS - some("away")),),
    "handbook_people": (Row(request_path("handbooks/people"), LEADERS),),
    "handbook_people_csv": (Row(request_path("handbooks/people.csv"), LEADERS),),
    "handbook_remind": (
        Row(
            request_path("handbooks/people/remind"),
            OF_REPAIR,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"person": str(scene.house.accounts["plumber"]), **_command(scene)},
        ),
    ),
    "handbook_posts": (Row(request_path("handbooks/posts"), LEAD_AND_ACT),),
    "handbook_post_make": (
        Row(
            request_path("handbooks/posts/make"),
            OF_REPAIR,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {
                "team": str(scene.house.teams["repair"]),
                "code": f"m{uuid4().hex[:8]}",
                "name": "水工岗",
                "line": "PLB",
                **_command(scene),
            },
        ),
    ),
    "handbook_post_change": (
        Row(
            lambda scene: f"/handbooks/posts/{_post(scene)}/change",
            OF_REPAIR,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"name": "水工岗", "line": "PLB", **_command(scene)},
        ),
    ),
    "handbook_post_give": (
        Row(
            lambda scene: f"/handbooks/posts/{_post(scene)}/give",
            OF_REPAIR,
            method="post",
            ok=(302, 409),
            stranger=(403,),
            data=lambda scene: {"person": str(scene.house.accounts["plumber"]), **_command(scene)},
        ),
    ),
    "handbook_post_take": (
        Row(
            lambda scene: f"/handbooks/postings/{_posting(scene)}/take",
            OF_REPAIR,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=_command,
        ),
    ),
}

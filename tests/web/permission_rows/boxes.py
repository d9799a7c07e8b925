"""Suggestion boxes: anybody drops and reads by code; the hospital opens and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.voice.actions.boxes import BOX, drop_letter, make_box, open_box
from yingxu.voice.actions.slips import take_out_paper, type_slip
from yingxu.voice.models import Letter, LetterPhoto

CODE = "ABCD2345EFGH"
#: The smallest JPEG by its marks: start, a scan without content, end.
PICTURE = b"\xff\xd8\xff\xda\x00\x02\x00\xff\xd9"
READ = some("officer director auditor manager lift_manager")
#: The lists of one's own site, for the officer of another hospital too.
LISTS = READ | some("away clerk company_clerk")
OPENS = some("officer director")
TYPES = some("officer clerk company_clerk")


def _made(scene: Scene) -> Any:
    return make_box(site_id=scene.house.site_id, name="大厅", actor=scene.house.actor("officer"), at=MONDAY_NINE)


def _filled(scene: Scene) -> Any:
    made = _made(scene)
    drop_letter(token=made.token, text="灯太暗", claim_code=CODE, actor=BOX, at=MONDAY_NINE)
    return made


def public(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/v/{_filled(scene).token}{tail}"


def box(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/boxes/{_made(scene).uid}{tail}"


def letter(tail: str) -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        made = _filled(scene)
        open_box(box_id=made.uid, actor=scene.house.actor("officer"), at=MONDAY_NINE)
        return f"/letters/{Letter.objects.get().uid}{tail}"

    return path


def _counted(scene: Scene) -> Any:
    made = _made(scene)
    officer = scene.house.actor("officer")
    take_out_paper(box_id=made.uid, n=2, witnesses=("clerk", "other_clerk"), actor=officer, at=MONDAY_NINE)
    return made


def _opening(scene: Scene) -> str:
    """An opening at which the clerk was the second witness."""
    made, officer = _made(scene), scene.house.actor("officer")
    asked = {"witnesses": ("other_clerk", "clerk"), "actor": officer, "at": MONDAY_NINE}
    return str(take_out_paper(box_id=made.uid, n=2, **asked).uid)


def slips(scene: Scene) -> str:
    return f"/boxes/{_counted(scene).uid}/slips"


def photo(scene: Scene) -> str:
    made = _made(scene)
    drop_letter(token=made.token, text="灯暗", claim_code=CODE, photos=(PICTURE,), actor=BOX, at=MONDAY_NINE)
    open_box(box_id=made.uid, actor=scene.house.actor("officer"), at=MONDAY_NINE)
    return f"/letters/photos/{LetterPhoto.objects.get().uid}"


def slip(scene: Scene) -> str:
    made = _counted(scene)
    typed = type_slip(box_id=made.uid, text="饭凉", actor=scene.house.actor("other_clerk"), at=MONDAY_NINE)
    return f"/slips/{typed.uid}"


def _box_of(scene: Scene) -> dict[str, Any]:
    from yingxu.voice.models import SuggestionBox

    return {"box": str(SuggestionBox.objects.latest("id").uid)}


POST: dict[str, Any] = {"method": "post", "ok": (302,), "stranger": (403,)}

ROWS: dict[str, tuple[Row, ...]] = {
    "box": (
        Row(public(), **PUBLIC),
        Row(
            public(),
            method="post",
            stranger=(200,),
            data=lambda scene: {"text": "太吵", "code": "WXYZ2345EFGH"},
        ),
        Row(lambda scene: "/v/guess", allowed=frozenset(), stranger=(404,)),
    ),
    "box_answer": (
        Row(public("/answer"), **PUBLIC),
        # one address tries thirty codes in a quarter of an hour
        Row(public("/answer"), method="post", ok=(200, 429), stranger=(200, 429), data=lambda scene: {"code": CODE}),
    ),
    "box_judge": (
        Row(
            public("/word"),
            method="post",
            ok=(422, 429),
            stranger=(422, 429),
            data=lambda scene: {"code": CODE, "word": "understood"},
        ),
    ),
    "box_answers": (Row(public("/answers"), **PUBLIC),),
    "boxes": (
        Row(request_path("boxes"), LISTS),
        Row(
            request_path("boxes"),
            some("officer away"),
            data=lambda scene: {"name": "门诊", "command": str(uuid4())},
            **POST,
        ),
    ),
    "witnessed": (
        Row(request_path("boxes/witnessed")),
        Row(
            request_path("boxes/witnessed"),
            some("clerk"),
            data=lambda scene: {"opening": _opening(scene), "command": str(uuid4())},
            **POST,
        ),
    ),
    "box_inside": (Row(box(), READ),),
    "open_box": (Row(box("/open"), OPENS, **POST),),
    "switch_box": (Row(box("/switch"), some("officer"), data=lambda scene: {"is_on": "0"}, **POST),),
    "letter_photo": (Row(photo, READ),),
    "box_code": (Row(box("/code"), READ | TYPES),),
    "box_paper": (
        Row(box("/paper"), READ | TYPES),
        Row(
            box("/paper"),
            OPENS,
            data=lambda scene: {"n": "3", "witness": "clerk", "second_witness": "other_clerk"},
            **POST,
        ),
    ),
    "type_slip": (Row(slips, TYPES, data=lambda scene: {"text": "饭凉"}, **POST),),
    "confirm_slip": (Row(slip, TYPES, data=lambda scene: {**_box_of(scene), "text": "饭 凉"}, **POST),),
    "answer_letter": (
        Row(
            letter("/answer"),
            OPENS,
            data=lambda scene: {**_box_of(scene), "verdict": "valid", "fate": "done", "answer": "换了灯"},
            **POST,
        ),
    ),
    "hold_letter_apart": (
        Row(letter("/apart"), OPENS, data=lambda scene: {**_box_of(scene), "reason": "abuse"}, **POST),
    ),
}

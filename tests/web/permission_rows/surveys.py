"""Surveys: whoever holds the code answers; the hospital makes them; the company reads figures without names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.voice.actions.sheets import SURVEY, answer_survey
from yingxu.voice.actions.surveys import Asked, Frame, SurveyKept, make_survey
from yingxu.voice.models import Letter, Sheet

READ = some("officer director auditor manager lift_manager")
LISTS = READ | some("away")
#: As wide as the clock of whoever runs the tests.
OPEN = Frame(date(2025, 1, 1), date(2099, 1, 1), 100, departments=(Asked("S7-ORT", 20),))
CODE = "ABCD2345EFGH"


def made(scene: Scene) -> SurveyKept:
    return make_survey(
        site_id=scene.house.site_id,
        title="满意度",
        kind="nps",
        frame=OPEN,
        actor=scene.house.actor("officer"),
        at=MONDAY_NINE,
    )


def answered(scene: Scene) -> SurveyKept:
    kept = made(scene)
    answer_survey(token=kept.token, answers={"nps": 9}, text="夜里慢", code=CODE, actor=SURVEY, at=MONDAY_NINE)
    return kept


def inside(tail: str = "") -> Any:
    return lambda scene: f"/surveys/{made(scene).uid}{tail}"


def sheet(scene: Scene) -> str:
    answered(scene)
    return f"/sheets/{Sheet.objects.get().uid}/apart"


def letter(scene: Scene) -> str:
    answered(scene)
    return f"/voices/letters/{Letter.objects.get().uid}"


def window(scene: Scene) -> dict[str, Any]:
    today = date(2025, 3, 3)
    return {
        "title": "四月",
        "kind": "servperf",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=9)).isoformat(),
        "population": "200",
        "margin": "5",
        "confidence": "95",
        "is_on": "1",
        "command": str(uuid4()),
    }


POST: dict[str, Any] = {"method": "post", "ok": (302,), "stranger": (403,)}
ANSWER = {"verdict": "valid", "fate": "done", "answer": "夜班加一人", "command": "letter-1"}

ROWS: dict[str, tuple[Row, ...]] = {
    "survey": (
        Row(lambda scene: f"/s/{made(scene).token}", **PUBLIC),
        Row(
            lambda scene: f"/s/{made(scene).token}",
            method="post",
            stranger=(200,),
            data=lambda scene: {"nps": "9", "code": CODE},
        ),
        Row(lambda scene: "/s/guess", allowed=frozenset(), stranger=(404,)),
    ),
    "survey_sheets": (Row(lambda scene: f"/s/{made(scene).token}/sheets", method="post", ok=(422,), stranger=(422,)),),
    "surveys": (Row(request_path("surveys"), LISTS),),
    "new_survey": (
        Row(request_path("surveys/new"), some("officer away")),
        Row(request_path("surveys/new"), some("officer away"), data=window, **POST),
    ),
    "survey_results": (Row(inside(), READ),),
    "change_survey": (Row(inside("/change"), some("officer"), data=window, **POST),),
    "survey_questions": (
        Row(inside("/questions"), some("officer")),
        Row(
            inside("/questions"),
            some("officer"),
            data=lambda scene: {"code": "", "q_kind": "nps", "text": "会推荐吗", "text_en": "", "dimension": ""},
            **POST,
        ),
    ),
    "survey_codes": (Row(inside("/codes"), READ),),
    "survey_doubtful": (Row(inside("/doubtful"), some("officer")),),
    "survey_answers": (Row(inside("/answers.csv"), some("officer director auditor")),),
    "hold_sheet_apart": (Row(sheet, some("officer"), data=lambda scene: {"reason": "abuse"}, **POST),),
    "letter": (
        Row(letter, READ),
        Row(letter, some("officer director"), data=lambda scene: ANSWER, **POST),
    ),
    "claim": (
        Row(request_path("c/demo"), **PUBLIC),
        # one address tries thirty codes in a quarter of an hour
        Row(
            request_path("c/demo"), method="post", ok=(404, 429), stranger=(404, 429), data=lambda scene: {"code": CODE}
        ),
    ),
    "claim_word": (
        Row(
            request_path("c/demo/word"),
            method="post",
            ok=(404, 429),
            stranger=(404, 429),
            data=lambda scene: {"code": CODE, "word": "understood"},
        ),
    ),
}

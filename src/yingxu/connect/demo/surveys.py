"""The demo's surveys: two waves of the 22 items, one in pairs, one of importance and wishes; words with answers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from yingxu.ground import queries
from yingxu.ground.actor import Actor
from yingxu.voice.actions import boxes
from yingxu.voice.actions.sheets import SURVEY, answer_survey
from yingxu.voice.actions.surveys import Asked, Frame, SurveyKept, make_survey
from yingxu.voice.claims import day_of, new_claim_code
from yingxu.voice.queries import ledger
from yingxu.voice.queries import surveys as reading
from yingxu.voice.questions import template

_ZONE = "Asia/Shanghai"
_WARDS = (("S-04-ICU", 38), ("S-05-W", 32), ("S-07-W", 30))
_WORDS = (
    ("夜班叫运送要等二十分钟", "已给夜班加一名运送员，下月看等候时间", "夜班运送等得久"),
    ("修水龙头的师傅很耐心，还教我们怎么关总阀", "谢谢，已转告本人", ""),
    ("被服什么时候送来没人说一声", "", ""),
)
#: How the dimensions fared, on 1–7.
_BEFORE = {"TAN": 5.6, "REL": 5.5, "RES": 4.6, "ASS": 5.9, "EMP": 5.2}
_NOW = {"TAN": 5.7, "REL": 5.6, "RES": 5.4, "ASS": 6.0, "EMP": 5.3}


def ask_around(site_id: int, accounts: Mapping[str, int], now: datetime) -> None:
    """Make the surveys and let people answer them; an officer answers what was written."""
    account = queries.account_with_holdings(accounts["hanp"])
    if account is None:
        raise LookupError("hanp")
    officer, luck = queries.actor_of_account(account), random.Random(7)
    today = day_of(now, _ZONE)
    first = _wave(site_id, officer, "上月后勤服务满意度", "Service survey, last month", today - timedelta(days=40), now)
    _fill(first, officer, now - timedelta(days=32), 34, _BEFORE, luck)
    second = make_survey(
        site_id=site_id,
        title="本月后勤服务满意度",
        title_en="Service survey, this month",
        kind="servperf",
        frame=_frame(today - timedelta(days=8), today + timedelta(days=10)),
        previous_id=first.uid,
        actor=officer,
        at=now - timedelta(days=9),
    )
    _fill(second, officer, now - timedelta(days=1), 44, _NOW, luck)
    # somebody who only wanted to be done with it
    straight = {one.code: 7 for one in template("servperf")}
    answer_survey(token=second.token, answers=straight, seconds=12, code=new_claim_code(), actor=SURVEY, at=now)
    wishes = make_survey(
        site_id=site_id,
        title="最该先改什么",
        title_en="What to improve first",
        kind="own",
        questions=(*template("ipa"), *template("kano")[:4], *template("nps")),
        frame=_frame(today - timedelta(days=20), today + timedelta(days=3)),
        actor=officer,
        at=now - timedelta(days=20),
    )
    _wish(wishes, now - timedelta(days=2), luck)
    yearly = make_survey(
        site_id=site_id,
        title="年度服务质量差距",
        title_en="Service quality gaps of the year",
        kind="servqual",
        frame=_frame(today - timedelta(days=25), today + timedelta(days=5)),
        actor=officer,
        at=now - timedelta(days=25),
    )
    _expect(yearly, now - timedelta(days=3), luck)
    _answer_words(site_id, officer, now)


def _frame(opens: date, closes: date) -> Frame:
    return Frame(opens, closes, 1200, margin_points=8, departments=tuple(Asked(code, n) for code, n in _WARDS))


def _wave(site_id: int, officer: Actor, title: str, title_en: str, opens: date, now: datetime) -> SurveyKept:
    return make_survey(
        site_id=site_id,
        title=title,
        title_en=title_en,
        kind="servperf",
        frame=_frame(opens, opens + timedelta(days=18)),
        actor=officer,
        at=now - timedelta(days=41),
    )


def _fill(
    kept: SurveyKept, officer: Actor, last: datetime, n: int, means: Mapping[str, float], luck: random.Random
) -> None:
    row = reading.survey_for(officer, kept.uid)
    tokens = [kept.token, *(one.token for one in reading.departments(officer, row))]
    words = iter(_WORDS if row.previous_id else ())
    for k in range(n):
        mood = luck.gauss(0, 0.7)
        answers = {
            one.code: min(7, max(1, round(luck.gauss(means[one.dimension] + mood, 0.8))))
            for one in template("servperf")
        }
        text = next(words, ("", "", ""))[0] if k % 9 == 4 else ""
        answer_survey(
            token=luck.choices(tokens, (5, 4, 1, 4))[0],
            answers=answers,
            text=text,
            seconds=luck.uniform(90, 240),
            code=new_claim_code(),
            actor=SURVEY,
            at=last - timedelta(hours=5 * (n - k) / n * 24 / 5),
        )


def _wish(kept: SurveyKept, last: datetime, luck: random.Random) -> None:
    items = [(one, luck.uniform(3.0, 4.8), luck.uniform(2.9, 4.6)) for one in template("ipa")]
    pairs = ((2, 5), (1, 5), (2, 5), (1, 3))
    for _ in range(26):
        answers = {}
        for one, important, good in items:
            for part, mean in zip(one.parts, (important, good), strict=True):
                answers[part] = min(5, max(1, round(luck.gauss(mean, 0.8))))
        for one, usual in zip(template("kano")[:4], pairs, strict=True):
            pair = usual if luck.random() < 0.7 else (luck.randint(1, 4), luck.randint(3, 5))
            answers |= dict(zip(one.parts, pair, strict=True))
        answers["nps"] = luck.choices((10, 9, 8, 7, 5, 3), (6, 9, 8, 5, 4, 2))[0]
        answer_survey(token=kept.token, answers=answers, seconds=200, code=new_claim_code(), actor=SURVEY, at=last)


def _expect(kept: SurveyKept, last: datetime, luck: random.Random) -> None:
    """What people expect is high everywhere, most of all that promises are kept and somebody comes."""
    expected = {"TAN": 6.0, "REL": 6.7, "RES": 6.6, "ASS": 6.5, "EMP": 6.0}
    for _ in range(32):
        mood = luck.gauss(0, 0.5)
        answers = {}
        for one in template("servqual"):
            for part, mean in zip(one.parts, (expected[one.dimension], _NOW[one.dimension] + mood), strict=True):
                answers[part] = min(7, max(1, round(luck.gauss(mean, 0.7))))
        answer_survey(token=kept.token, answers=answers, seconds=260, code=new_claim_code(), actor=SURVEY, at=last)


def _answer_words(site_id: int, officer: Actor, now: datetime) -> None:
    said = {text: (answer, retold) for text, answer, retold in _WORDS}
    for row in ledger.ledger(officer, site_id, kind="survey"):
        answer, retold = said[row.text]
        if answer:
            boxes.answer_letter(
                letter_id=row.id,
                verdict="valid",
                fate="done" if retold else "answered",
                answer=answer,
                retold=retold,
                actor=officer,
                at=now - timedelta(hours=3),
            )

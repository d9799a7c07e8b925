"""Verbs of sheets: one comes in from nobody, or is held apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.core.quality.asking import doubts
from yingxu.ground import authority
from yingxu.ground.actor import Actor, engine
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.claims import CODE_LETTERS, LETTER_LIMIT, OLDEST, claim_digest, day_at
from yingxu.voice.events.surveys import SheetHeldApart
from yingxu.voice.models.boxes import Letter
from yingxu.voice.models.surveys import Sheet, Survey, SurveyDepartment
from yingxu.voice.questions import answers_within, from_rows
from yingxu.voice.refusals.surveys import SurveyNotOpen

#: Whoever holds a survey's code: the only actor of sheets.
SURVEY = engine("survey")
_LONGEST_S = 600


@dataclass(frozen=True)
class SheetKept:
    """Whether a sheet is new, whether its words wait for an answer under its code, whether it is held apart."""

    is_new: bool
    has_words: bool
    quarantine: str


def answer_survey(
    *,
    token: str,
    answers: Mapping[str, int],
    code: str,
    actor: Actor,
    at: datetime,
    text: str = "",
    seconds: float | None = None,
    ago_s: float = 0.0,
    edition: int = 0,
    is_suspect: bool = False,
) -> SheetKept:
    """A sheet came in; who filled it, from where and at which hour is kept nowhere. Its words wait for a fate apart.

    It carries no command and records nothing: both would keep the second. Its own random ``code`` does what a command
    does, and opens the answer to its words. ``edition``: the questions as its page had them (0: the latest). All the
    same and filled too quickly to be read: held apart as careless; ``is_suspect``: one of too many at once.
    Refuses: NotAllowed, NotFound, SurveyNotOpen, Malformed. Budget: 5.
    """
    with Unit(actor=actor, at=at) as unit:
        survey, department = _asked(token)
        authority.require(actor, "survey.answer", where=Where(site_id=survey.site_id))
        if len(code.strip()) < CODE_LETTERS:
            raise Malformed(field="claim_code", problem="too_small", limit=str(CODE_LETTERS))
        if len(text) > LETTER_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(LETTER_LIMIT))
        unit.locking()
        Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
        day = day_at(survey.site, at - min(timedelta(seconds=max(0.0, ago_s)), OLDEST))
        if not survey.is_on or not survey.opens_on <= day <= survey.closes_on:
            raise SurveyNotOpen(survey.opens_on.isoformat(), survey.closes_on.isoformat())
        editions = survey.editions.order_by("-number")
        asked = next((row for row in editions if row.number == edition), editions[0])
        said = answers_within(from_rows(asked.questions), dict(answers))
        if not said and not text.strip():
            raise Malformed(field="ticks", problem="missing")
        # the two digests of one code do not lead to each other: what was ticked stands apart from what was written
        digest = claim_digest(f"SHEET{code}")
        pace = None if seconds is None or not said else min(max(seconds, 0.0) / len(said), _LONGEST_S)
        flags = doubts(list(said.values()), seconds_each=pace)
        why = "too_many" if is_suspect else "careless" if len(flags) > 1 else ""
        is_new = not Sheet.objects.filter(code_digest=digest).exists()
        if is_new:
            unit.insert(
                Sheet(
                    site_id=survey.site_id,
                    survey=survey,
                    edition=asked,
                    department=department,
                    received_on=day,
                    answers=said,
                    seconds_each=None if pace is None else round(pace),
                    flags=list(flags),
                    quarantine=why,
                    code_digest=digest,
                )
            )
            if text.strip():
                unit.insert(
                    Letter(
                        site_id=survey.site_id,
                        survey=survey,
                        origin="survey",
                        received_on=day,
                        text=text.strip(),
                        claim_digest=claim_digest(code),
                        state="open",
                        opened_on=day,
                        quarantine="too_many" if is_suspect else "",
                    )
                )
        unit.answer(SheetKept(is_new, bool(text.strip()), why))
    return unit.answered(SheetKept)


def hold_sheet_apart(
    *, sheet_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> SheetKept:
    """A sheet is held apart for a reason, or counts again (empty); it is never deleted.

    Records SheetHeldApart. Refuses: NotAllowed, NotFound, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        sheet = Sheet.objects.filter(uid=sheet_id).first()
        if sheet is None:
            raise NotFound(kind="sheet", name=str(sheet_id))
        authority.require(actor, "survey.manage", where=Where(site_id=sheet.site_id))
        if reason not in ("", "abuse", "careless", "too_many"):
            raise Malformed(field="reason", problem="unknown")
        unit.change(sheet, quarantine=reason)
        unit.record(
            SheetHeldApart(site_id=sheet.site_id, subject_id=sheet.pk, thread_id=sheet.survey_id, reason=reason)
        )
        unit.answer(SheetKept(False, False, reason))
    return unit.answered(SheetKept)


def _asked(token: str) -> tuple[Survey, SurveyDepartment | None]:
    survey = Survey.objects.filter(token=token).select_related("site").first()
    if survey is not None:
        return survey, None
    department = SurveyDepartment.objects.filter(token=token).select_related("survey__site").first()
    if department is None:
        raise NotFound(kind="survey", name="")
    return department.survey, department

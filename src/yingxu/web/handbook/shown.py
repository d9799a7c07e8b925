"""Pages of the handbook, changes and questions as the screens show them, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.team.handbook.delta import Change, Segment, delta, limits_of, words_of
from yingxu.team.handbook.quiz import Choice, Question
from yingxu.team.handbook.values import GENERAL, Procedure, PromiseText, Reading, rule_sections
from yingxu.team.queries import SignedRow
from yingxu.web import saying, words
from yingxu.web.templatetags.yingxu import in_language, is_english, priority_word


@dataclass(frozen=True)
class StepShown:
    """A step in words."""

    text: str
    is_critical: bool
    is_needed: bool
    limits: str


@dataclass(frozen=True)
class PromiseShown:
    """A promised milestone in words."""

    milestone: str
    within: str
    calendar: str
    share: str


@dataclass(frozen=True)
class PageShown:
    """One procedure in words."""

    code: str
    name: str
    meta: tuple[str, ...]
    goal: str
    requirement: str
    urgency: str
    promises: tuple[PromiseShown, ...]
    steps: tuple[StepShown, ...]
    basis: str


@dataclass(frozen=True)
class ChapterShown:
    """A line's procedures in words."""

    code: str
    name: str
    icon: str
    pages: tuple[PageShown, ...]


@dataclass(frozen=True)
class ChangeShown:
    """One change: what kind, said; the text with what went and what came; before and after where these are short."""

    title: str
    segments: tuple[Segment, ...]
    before: str
    after: str


@dataclass(frozen=True)
class ReadingShown:
    """A reading in words."""

    part: str
    kind: str
    title: str
    detail: str
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class QuestionShown:
    """A question with its answers by number."""

    text: str
    choices: tuple[tuple[int, str], ...]


def page(one: Procedure) -> PageShown:
    """Return a procedure in words."""
    english = is_english()
    meta = [
        _("edition %(number)d") % {"number": one.number},
        _("in force from %(day)s") % {"day": day(one.from_at)},
        _("usually %(n)d min") % {"n": one.minutes},
    ]
    if one.crew > 1:
        meta.append(ngettext("%(n)d person", "%(n)d people", one.crew) % {"n": one.crew})
    return PageShown(
        code=one.item_code,
        name=in_language(one),
        meta=tuple(meta),
        goal=in_language(one, "goal"),
        requirement=in_language(one, "requirement"),
        urgency=priority_word(one.priority),
        promises=tuple(_promise(promise) for promise in one.own_promises),
        steps=tuple(
            StepShown(
                words_of(step, is_english=english),
                bool(step.get("critical")),
                bool(step.get("mandatory", True)),
                limits_of(step),
            )
            for step in one.steps
        ),
        basis="; ".join(
            " ".join(filter(None, (str(basis.get("name", "")), str(basis.get("clause", ""))))) for basis in one.basis
        ),
    )


def _promise(one: PromiseText) -> PromiseShown:
    calendar = (one.calendar_en if is_english() else "") or one.calendar
    share = _("at least %(share)s%%") % {"share": f"{one.percentile * 100:g}"}
    within = _("within %(time)s") % {"time": saying.duration(one.limit_s)}
    return PromiseShown(words.milestone_name(one.milestone), within, calendar, share)


def day(at: datetime) -> str:
    """Return a date in the site's zone."""
    return timezone.localtime(at).date().isoformat()


def reading(one: Reading, *, now: datetime) -> ReadingShown:
    """Return a reading in words."""
    if one.kind == GENERAL:
        n = sum(len(section.rules) for section in rule_sections())
        title, detail = _("General rules"), ngettext("%(n)d rule", "%(n)d rules", n) % {"n": n}
    elif one.kind == "chapter":
        n = len(one.procedures)
        title = words.line_name(one.part)
        detail = _("first reading: ") + ngettext("%(n)d procedure", "%(n)d procedures", n) % {"n": n}
    else:
        new = one.procedures[0]
        title = in_language(new)
        n = len(changes(one))
        detail = _("edition %(number)d") % {"number": new.number}
        detail += _(": ") + ngettext("%(n)d thing changed", "%(n)d things changed", n) % {"n": n}
    return ReadingShown(one.part, one.kind, title, detail, one.due_at, one.due_at < now)


@dataclass(frozen=True)
class SignatureShown:
    """A signature in words."""

    title: str
    signed_at: datetime
    n_attempts: int


def signature(one: SignedRow) -> SignatureShown:
    """Return a signature of one's own in words."""
    if one.rules_edition:
        title = _("General rules") + _(": ") + _("edition %(number)d") % {"number": one.rules_edition}
    elif "." in one.part and one.editions:
        _code, name, name_en, number = one.editions[0]
        title = ((name_en if is_english() else "") or name) + _(": ") + _("edition %(number)d") % {"number": number}
    else:
        n = len(one.editions)
        title = words.line_name(one.part) + _(": ") + ngettext("%(n)d procedure", "%(n)d procedures", n) % {"n": n}
    return SignatureShown(title, one.signed_at, one.n_attempts)


def changes(one: Reading) -> tuple[ChangeShown, ...]:
    """Return what changed since the edition signed for, in words."""
    if one.older is None:
        return ()
    return tuple(_change(change) for change in delta(one.older, one.procedures[0], is_english=is_english()))


def _change(one: Change) -> ChangeShown:
    if one.kind.startswith("promise"):
        names = {"milestone": words.milestone_name(one.milestone), "urgency": priority_word(one.priority)}
        title = _("Promise: %(milestone)s (%(urgency)s)") % names
        before = saying.duration(one.before_s) if one.before_s else _("not promised")
        after = saying.duration(one.after_s) if one.after_s else _("no longer promised")
        return ChangeShown(title, (), before, after)
    titles = {
        "goal": _("Goal"),
        "requirement": _("Requirement"),
        "basis": _("Basis"),
        "step_new": _("New step %(no)d"),
        "step_gone": _("Step %(no)d is gone"),
        "step_words": _("Step %(no)d says something else"),
        "step_limits": _("Step %(no)d has other limits"),
        "step_critical": _("Step %(no)d is critical now: missed, the whole job is worth nothing"),
        "step_eased": _("Step %(no)d is no longer critical"),
        "step_needed": _("Step %(no)d must be done now"),
        "step_optional": _("Step %(no)d is done only where it applies"),
        "step_moved": _("Step %(no)d stands elsewhere now"),
        "step_type": _("Step %(no)d is recorded in another way"),
    }
    title = titles.get(one.kind, one.kind)
    if "%(no)d" in title:
        title %= {"no": one.step_no}
    before, after = one.before, one.after
    if one.kind == "step_moved":
        before, after = (_("step %(no)s") % {"no": said} for said in (before, after))
    if one.kind == "step_type":
        before, after = step_type(before), step_type(after)
    return ChangeShown(title, one.segments, before, after)


def step_type(code: str) -> str:
    """Return how a step is recorded."""
    names = {
        "tick": _("tick"),
        "number": _("number"),
        "choice": _("choice"),
        "photo": _("photo"),
        "signature": _("signature"),
        "meter": _("meter reading"),
        "text": _("text"),
        "scan": _("scan"),
    }
    return names.get(code, code)


def question(one: Question) -> QuestionShown:
    """Return a question in words."""
    item = (one.item_en if is_english() else "") or one.item
    names = {"item": item, "about": _said(one.about).rstrip("。."), "urgency": priority_word(one.priority)}
    names["milestone"] = words.milestone_name(one.detail)
    texts = {
        "limits": _("%(item)s, “%(about)s”: what are the limits?"),
        "next": _("%(item)s: what comes right after “%(about)s”?"),
        "first": _("%(item)s: what is the first step?"),
        "critical": _("%(item)s: which of these is critical, so that missing it makes the whole job worth nothing?"),
        "evidence": _("%(item)s: which of these is proven by a photo, a scan or a signature?"),
        "promise": _("%(item)s (%(urgency)s): how soon is “%(milestone)s” promised?"),
        "rule": _("%(about)s: which of these is right?"),
    }
    choices = tuple((number, _said(choice)) for number, choice in enumerate(one.choices))
    return QuestionShown(texts[one.kind] % names, choices)


def _said(choice: Choice) -> str:
    if choice.seconds:
        return saying.duration(choice.seconds)
    return (choice.text_en if is_english() else "") or choice.text

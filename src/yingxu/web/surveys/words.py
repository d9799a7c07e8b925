"""Words of surveys: kinds, scales, dimensions, quadrants, Kano classes, doubts."""

from __future__ import annotations

from django.utils.translation import gettext as _


def kind_name(code: str) -> str:
    """Return what a survey began with."""
    return {
        "servperf": _("Service quality, 22 items"),
        "servqual": _("Expected and found, 22 items in pairs (yearly)"),
        "ipa": _("Importance and satisfaction"),
        "kano": _("What pleases, what is taken for granted"),
        "nps": _("Would you recommend us"),
        "own": _("Questions of our own"),
    }.get(code, code)


def question_kind(code: str) -> str:
    """Return how a question is answered."""
    return {
        "score": _("how true, 1–7"),
        "gap": _("how it should be and how it is, 1–7"),
        "both": _("how important and how good, 1–5"),
        "kano": _("pair: there, and not there"),
        "nps": _("how likely, 0–10"),
    }.get(code, code)


def state_name(code: str) -> str:
    """Return where a survey stands."""
    return {
        "planned": _("not open yet"),
        "open": _("takes answers"),
        "over": _("over"),
        "stopped": _("stopped"),
    }.get(code, code)


def dimension_name(code: str) -> str:
    """Return a dimension of service quality."""
    return {
        "TAN": _("Tangibles"),
        "REL": _("Reliability"),
        "RES": _("Responsiveness"),
        "ASS": _("Assurance"),
        "EMP": _("Empathy"),
    }.get(code, code)


def quadrant_name(code: str) -> str:
    """Return what a quadrant asks for."""
    return {
        "Q1": _("keep it up"),
        "Q2": _("improve first"),
        "Q3": _("improve later"),
        "Q4": _("do not overdo"),
    }.get(code, code)


def kano_name(code: str) -> str:
    """Return a Kano class."""
    return {
        "A": _("attractive"),
        "O": _("the more the better"),
        "M": _("must be there"),
        "I": _("indifferent"),
        "R": _("rather not"),
        "Q": _("contradictory"),
    }.get(code, code)


def kano_answers() -> list[tuple[int, str]]:
    """Return the five answers of a Kano question."""
    return [
        (1, _("I like it")),
        (2, _("it must be so")),
        (3, _("I do not care")),
        (4, _("I can live with it")),
        (5, _("I dislike it")),
    ]


def doubt_name(code: str) -> str:
    """Return what makes a sheet doubtful."""
    return {"straight": _("all answers the same"), "fast": _("under two seconds an answer")}.get(code, code)


def apart_name(code: str) -> str:
    """Return why a sheet is held apart."""
    return {
        "careless": _("careless"),
        "too_many": _("too many at once"),
        "abuse": _("abuse"),
    }.get(code, code)

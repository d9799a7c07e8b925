"""What refusals of setting up say."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.ground.refusals import InUse
from yingxu.standards.refusals.forms import FormWrong, WrongField
from yingxu.web.templatetags.yingxu import is_english

_PROBLEMS = {
    "missing": lambda: _("%(field)s is missing."),
    "unknown": lambda: _("%(field)s: choose one of the list."),
    "no_number": lambda: _("%(field)s: write a number."),
    "out_of_range": lambda: _("%(field)s: a number within %(limit)s."),
    "no_moment": lambda: _("%(field)s: write a date and a time."),
    "too_long": lambda: _("%(field)s is too long."),
}


def field_words(wrong: WrongField) -> str:
    """Return what is wrong with one field of a form."""
    words = _PROBLEMS.get(wrong.problem, lambda: _("%(field)s has the wrong form."))()
    return words % {"field": wrong.name_en if is_english() else wrong.name, "limit": wrong.limit}


def _in_use(refusal: InUse) -> str:
    if refusal.kind == "account":
        return _("It cannot be taken back: somebody of this table has signed in already.")
    return _("It cannot be taken back: something depends on a row of it already. Nothing was changed.")


def _form(refusal: FormWrong) -> str:
    said = " ".join(field_words(one) for one in refusal.fields)
    return said or _("Some fields of the form are missing or wrong.")


SENTENCES = {InUse: _in_use, FormWrong: _form}

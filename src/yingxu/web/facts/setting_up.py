"""Sentences of setting up and furnishing: places, people, codes, uploads, the catalogue's life."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.ground import authority
from yingxu.web.facts.telling import Facts, Sentence, at, joined
from yingxu.web.templatetags.yingxu import is_english


def _role(code: str) -> str:
    role = authority.roles().get(code)
    return code if role is None else (role.name if is_english() else role.name_zh)


def _field(code: str) -> str:
    names = {
        "name": _("What it is called"),
        "name_en": _("English name"),
        "kind": _("Kind"),
        "parent": _("Lies in"),
        "place_class": _("Class"),
        "aliases": _("Also called"),
        "floor_no": _("Floor number"),
        "phone": _("Phone"),
        "badge": _("Badge"),
        "default_priority": _("Usual urgency"),
        "minutes": _("Minutes of work"),
        "hours_code": _("When it is served"),
        "place_classes": _("Where it is offered"),
        "form": _("Fields asked"),
    }
    return names.get(code, code)


def _changed(facts: Facts) -> str:
    parts = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": _field(name), "before": "—" if before in ("", None) else before, "after": after or "—"}
        for name, (before, after) in facts["changed"].items()
    ]
    return joined(_("Place changed"), "; ".join(parts))


def _fields(said: str, facts: Facts) -> str:
    return joined(said, _(", ").join(_field(name) for name in facts["fields"]))


def _printed(facts: Facts) -> str:
    if facts["codes"] == "renew":
        return _("%(n)d codes printed anew; what hung there works no longer") % {"n": facts["n_codes"]}
    return _("%(n)d codes printed, %(new)d of them new") % {"n": facts["n_codes"], "new": facts["n_new"]}


def _moved(facts: Facts) -> str:
    words = {"active": _("Offered"), "held": _("Suspended"), "retired": _("Retired")}
    return joined(words.get(str(facts["after"]), _("Changed")), facts["notice"])


SENTENCES: dict[str, Sentence] = {
    "ground.qr.printed": _printed,
    "ground.place.changed": _changed,
    "ground.place.closed": lambda f: joined(_("Closed"), f["reason"]),
    "ground.place.reopened": lambda f: _("Opened again"),
    "ground.table.imported": lambda f: (
        _("%(n)d rows brought in from %(file)s") % {"n": f["n_rows"], "file": f["file_name"]}
    ),
    "ground.table.taken_back": lambda f: (
        _("%(n)d rows from %(file)s taken back") % {"n": f["n_rows"], "file": f["file_name"]}
    ),
    "ground.account.password_reset": lambda f: _("New password made by an administrator"),
    "ground.account.changed": lambda f: _fields(_("Changed"), f),
    "ground.role.ended": lambda f: _("%(role)s ends %(at)s") % {"role": _role(f["role"]), "at": at(f, "ends_at")},
    "ground.account.first_passwords_listed": lambda f: (
        _("First passwords of %(n)d people handed out") % {"n": f["n_people"]}
    ),
    "demand.patient.seen": lambda f: _("Looked at the patient's identifiers"),
    "demand.recurrence.set": lambda f: _("Asked for again and again"),
    "demand.recurrence.days_left_out": lambda f: (
        _("Left out from %(from)s until before %(to)s") % {"from": f["from_on"], "to": f["to_on"]}
    ),
    "demand.recurrence.goes_on": lambda f: _("What was left out is asked for again"),
    "demand.recurrence.stopped": lambda f: _("Asked for again no more"),
    "standards.item.changed": lambda f: _fields(_("Changed"), f),
    "standards.item.moved": _moved,
}

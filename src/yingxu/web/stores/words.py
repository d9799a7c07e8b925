"""Words of stores: movements, differences, shortages, bills."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.work.actions.costs import BILL_KINDS
from yingxu.work.actions.stocktakes import WHY_DIFFERENT


def movement_name(kind: str) -> str:
    """Return what moved stock."""
    names = {
        "received": _("received"),
        "issued": _("issued"),
        "returned": _("came back"),
        "sent": _("to another store"),
        "arrived": _("from another store"),
        "counted": _("stock-take"),
    }
    return names.get(kind, kind)


def why_name(code: str) -> str:
    """Return why book and shelf differ."""
    names = {
        "miscounted": _("counted wrong before"),
        "unbooked": _("taken without booking"),
        "broken": _("broken"),
        "expired": _("expired, thrown away"),
        "lost": _("lost"),
        "found": _("found again"),
    }
    return names.get(code, code)


def whys() -> list[tuple[str, str]]:
    """Return the reasons as (code, name)."""
    return [(code, why_name(code)) for code in WHY_DIFFERENT]


def shortage_name(state: str) -> str:
    """Return where a shortage stands."""
    names = {
        "open": _("asked of the store"),
        "ordered": _("ordered"),
        "received": _("has come"),
        "dropped": _("not needed any more"),
    }
    return names.get(state, state)


def bill_name(kind: str) -> str:
    """Return what a bill is for."""
    names = {
        "contractor": _("contractor's invoice"),
        "transport": _("transport"),
        "recovery": _("recovered"),
    }
    return names.get(kind, kind)


def bill_kinds() -> list[tuple[str, str]]:
    """Return the kinds of bills as (code, name)."""
    return [(code, bill_name(code)) for code in BILL_KINDS]

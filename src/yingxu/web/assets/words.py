"""What classes and states of assets are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.standards import library
from yingxu.web.templatetags.yingxu import is_english


def class_names() -> dict[str, str]:
    """Return the classes of assets with their names, in the trade's order."""
    name = "name_en" if is_english() else "name_zh"
    return {row["code"]: row[name] for row in library.rows("asset_classes")}


def classes_said() -> dict[str, str]:
    """Return what people call a class of assets (lower case) -> its code."""
    found: dict[str, str] = {}
    for row in library.rows("asset_classes"):
        for said in (row["code"], row["name_zh"], row["name_en"], *row["aliases"].split(";")):
            if said:
                found.setdefault(said.lower(), row["code"])
    return found


def lines_of_classes() -> dict[str, str]:
    """Return the service line that looks after each class of assets."""
    return {row["code"]: row["line"] for row in library.rows("asset_classes")}


def state_names() -> dict[str, str]:
    """Return the states of an asset with their names."""
    return {"in_use": _("in service"), "stopped": _("out of service"), "retired": _("scrapped")}

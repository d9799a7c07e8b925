"""Facts of the quality promises, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "promise.quality.promised": lambda f: (
        _("Quality promised from %(on)s: %(name)s, %(share)s")
        % {"on": f["from_on"], "name": f["name"], "share": f"{100 * f['target']:.4g}%"}
    ),
    "promise.quality.ended": lambda f: (
        _("Quality promised no longer from %(on)s: %(name)s") % {"on": f["to_on"], "name": f["name"]}
    ),
}

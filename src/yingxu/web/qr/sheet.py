"""A sheet of labels as PDF: the code as a picture and as letters to type, the place, whom to call."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingxu.web.templatetags.yingxu import is_english

#: Label formats: code -> what people know it by.
LAYOUTS = {
    "a4-24": gettext_lazy("A4 sheet, 3 × 8 labels (70 × 37 mm): beds, rooms"),
    "a4-8": gettext_lazy("A4 sheet, 2 × 4 labels (99 × 68 mm): rooms, nurses' stations"),
    "a6": gettext_lazy("A6 card for a door (105 × 148 mm), one a page"),
    "tag": gettext_lazy("Small tag for equipment (50 × 25 mm), one a page: label printers"),
}
#: So many labels at once: a whole building's beds; more are printed in parts.
AT_ONCE = 1500


@dataclass(frozen=True)
class Label:
    """One label in the reader's language: the place or the asset, and its code; an asset's place beside it."""

    place: str
    token: str
    beside: str = ""


def said_code(token: str) -> str:
    """Return a code as it stands on a label: in groups that can be read out."""
    return f"{token[:5]}-{token[5:]}" if len(token) > 6 else token


def typed_code(said: str) -> str:
    """Return a code as typed from a label: any case, with or without hyphens and blanks."""
    return "".join(letter for letter in said.upper() if letter.isalnum())


def labels_pdf(labels: Sequence[Label], *, layout: str, hospital: str, phone: str, address: str) -> bytes:
    """Return the labels as PDF. ``address``: scheme and host that phones reach the house by."""
    import segno
    import typst  # a compiler of several megabytes, wanted by this and the reports alone
    from pylopdf_fonts_zh_cn import sans_path

    def picture(token: str) -> str:
        out = io.BytesIO()
        # level M survives a scratch; the quiet zone of four modules is part of the standard (ISO/IEC 18004, 6.3.8)
        segno.make(f"{address}/q/{token}", error="m", micro=False).save(out, kind="svg", xmldecl=False, border=4)
        return out.getvalue().decode()

    told = {
        "locale": "en" if is_english() else "zh",
        "title": _("Codes of %(hospital)s") % {"hospital": hospital},
        "layout": layout,
        "hospital": hospital,
        "phone": phone,
        "typed_at": f"{address.partition('://')[2]}/q",
        "words": {
            "scan": _("Scan to ask for service"),
            "scan_short": _("Scan to ask, or type:"),
            "type": _("No camera? Type the code at"),
            "call": _("Or call"),
        },
        "labels": [
            # a code breaks at no hyphen
            {
                "place": one.place.replace("-", "\u2011"),
                "beside": one.beside,
                "code": said_code(one.token),
                "svg": picture(one.token),
            }
            for one in labels
        ],
    }
    template = files("yingxu.web.qr").joinpath("labels.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="yingxu-") as folder:
        root = Path(folder)
        (root / "labels.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        (root / "labels.typ").write_text(template, encoding="utf-8")
        made: bytes = typst.compile(
            root / "labels.typ", root=root, font_paths=[sans_path().parent], ignore_system_fonts=True
        )
    return made

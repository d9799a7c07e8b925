"""What a sentence says of an item's own fields: how the patient travels, oxygen, the bed, where to, how many.

A proposal like the item and the place: it stands in the form, a person sees it before sending and may change it.
Who the patient is (kind ``person``) and when it is to be (``moment``) are never guessed; what is denied (不吸氧)
is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from yingxu.core.language.numbers import NUMBER, half_width, spoken_number
from yingxu.standards.forms import Field

#: Field code -> what people say for it, beside its own name.
_ALSO: Final = {
    "oxygen": ("氧气", "带氧", "戴氧", "吸着氧", "氧枕", "氧袋"),
    "infusion": ("挂水", "挂着水", "吊瓶", "点滴", "打吊针", "挂盐水"),
    "monitor": ("监护",),
    "nurse": ("护士陪", "护士跟", "护士一起"),
    "luggage": ("行李",),
}
_DENIED: Final = re.compile(r"[不没未别免停]\S?\S?$|无需\S?$|不用\S{0,2}$")
_BED: Final = re.compile(rf"(加?{NUMBER})[号]?床")
_FLOOR: Final = re.compile(rf"((?:负|地下|B)?{NUMBER})(?:楼|层)")
#: Fields that are filled where just one is said.
_ONCE: Final = {"bed": _BED, "floor": _FLOOR}
_PEOPLE: Final = re.compile(rf"({NUMBER})(?:个|名|位)?(?:大人|小孩|病人|人)")
#: The end of a place in a sentence: punctuation, or what is done there and how one gets there.
_END: Final = r"(?=[,，。;；!！、]|做|检查|照|拍|复查|坐|推|带|用|吸|要|$)"
_TO: Final = re.compile(rf"(?:送到|送去|送往|推到|推去|转到|转去|带到|去做|去查|去拍|到|去)(\S{{2,14}}?){_END}")
_WHAT: Final = re.compile(r"(?:做|查|拍)(\S{2,10}?)(?=[,，。;；!！、检]|坐|推|带|吸|$)")
_FROM: Final = re.compile(r"(?:从|在)(\S{2,14}?)(?=接|送|到|去|回|[,，。;；!！]|$)")
_OF_PLACE: Final = {"to": (_TO, _WHAT), "to_place": (_TO,), "from_place": (_FROM,), "from": (_FROM,)}


def said_of(text: str, fields: Sequence[Field]) -> dict[str, str]:
    """Return what ``text`` says of ``fields``, by field code, as a form would send it. Budget: none."""
    words = half_width(text)
    found = {}
    for field in fields:
        said = _said(words, field)
        if said:
            found[field.code] = said
    return found


def _said(words: str, field: Field) -> str:
    if field.kind == "choice":
        named = [code for code, name, _name_en in field.options if len(name) > 1 and _is_said(words, name)]
        return named[0] if len(named) == 1 else ""
    if field.kind == "flag":
        return "1" if any(_is_said(words, name) for name in (field.name, *_ALSO.get(field.code, ()))) else ""
    if field.kind == "number" and ("人" in field.name):
        match = _PEOPLE.search(words)
        return str(spoken_number(match.group(1)) or "") if match else ""
    if field.code in _ONCE:
        named = list(dict.fromkeys(match.group(1) for match in _ONCE[field.code].finditer(words)))
        return named[0] if len(named) == 1 else ""
    patterns = _OF_PLACE.get(field.code, ()) if field.kind == "place" else ()
    match = next((found for pattern in patterns if (found := pattern.search(words))), None)
    return match.group(1) if match else ""


def _is_said(words: str, name: str) -> bool:
    at = words.find(name)
    return at >= 0 and _DENIED.search(words[:at]) is None

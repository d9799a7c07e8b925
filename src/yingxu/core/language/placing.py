"""Which places of a site's own tree a text means: names, aliases, floors and beds by number, however they are said.

A place is named by its local name (what it adds to its parent's) or an alias. The chain from the building down that
explains most characters of the text wins; a tie is a question for the asker, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from yingxu.core.language.numbers import NUMBER, half_width, spoken_number

#: Candidates returned at most.
AT_MOST: Final = 5
#: The longest name that is looked for.
_LONGEST: Final = 16
#: So many characters must be explained before a place is proposed.
_ENOUGH: Final = 2

_COUNTED: Final = re.compile(
    rf"(负|地下)?({NUMBER})(号)?(楼|层|[Ff](?![A-Za-z])|床|房|室|病室|病房|病区|区|诊室|栋|座|梯|电梯|间|机房)"
)
_UNITS: Final = {"层": "楼", "F": "楼", "f": "楼", "电梯": "梯", "病室": "病房", "栋": "号楼", "座": "号楼"}
_SAME: Final = (
    ("洗手间", "卫生间"),
    ("厕所", "卫生间"),
    ("护士台", "护士站"),
    ("医生办", "医办"),
    ("电梯", "梯"),
)
_OPTIONAL: Final = ("公共",)


@dataclass(frozen=True, slots=True)
class Named:
    """A place of the tree: its key, its parent's, what it is called."""

    key: int
    parent: int | None
    name: str
    aliases: tuple[str, ...] = ()
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that the text may mean: its key, the verbatim words that name it, how many characters they explain."""

    key: int
    words: tuple[str, ...]
    n_explained: int


class Places:
    """The names of a site's tree, made once and asked often.

    Parameters
    ----------
    tree : sequence of Named
        All active places; a parent may stand before or after its children.
    """

    __slots__ = ("_forms", "_parents")

    def __init__(self, tree: Sequence[Named]) -> None:
        known = {place.key: place for place in tree}
        self._parents = {place.key: place.parent for place in tree}
        self._forms: dict[str, list[int]] = {}
        for place in tree:
            for form in set(_forms_of(place, known)):
                self._forms.setdefault(form, []).append(place.key)

    def find(self, text: str, *, spans: Sequence[str] = (), near: Iterable[int] = ()) -> tuple[Found, ...]:
        """Return the places that explain most of `text`, the best first; several with one score are a tie.

        Parameters
        ----------
        text : str
            As written.
        spans : sequence of str
            Verbatim pieces of the text in which service is needed; places named elsewhere count only without one.
        near : iterable of int
            Keys of places around the asker, for a tie.
        """
        smooth, origin = _smooth(text)
        around = frozenset(near)
        inside = [(text.find(piece), text.find(piece) + len(piece)) for piece in spans if piece in text]
        found = self._best(self._hits(smooth, origin, inside), text, around) if inside else ()
        return found or self._best(self._hits(smooth, origin, ()), text, around)

    def _hits(self, smooth: str, origin: Sequence[int], windows: Sequence[tuple[int, int]]) -> dict[int, set[int]]:
        """Return for each place that is named the characters of the written text that name it."""
        hits: dict[int, set[int]] = {}
        for start in range(len(smooth)):
            if windows and not any(window[0] <= origin[start] < window[1] for window in windows):
                continue
            for end in range(start + 1, min(len(smooth), start + _LONGEST) + 1):
                keys = self._forms.get(smooth[start:end])
                if keys is None or _cuts(smooth, start, end):
                    continue
                where = set(origin[start:end])
                for key in keys:
                    if len(where) > len(hits.get(key, ())):
                        hits[key] = where
        return hits

    def _best(self, hits: dict[int, set[int]], text: str, near: frozenset[int]) -> tuple[Found, ...]:
        scored = []
        for key, own in hits.items():
            explained, depth, is_near = set(own), 0, key in near
            parent = self._parents.get(key)
            while parent is not None:
                explained |= hits.get(parent, set())
                is_near = is_near or parent in near
                parent = self._parents.get(parent)
                depth += 1
            scored.append((-len(explained), not is_near, -depth, key, explained))
        if not scored:
            return ()
        scored.sort(key=lambda one: one[:4])
        most, by_near = scored[0][:2]
        if -most < _ENOUGH:
            return ()
        best = [one for one in scored if one[0] == most and one[1] == by_near]
        # of a place and its own room that share every word, the deeper one says more only if it has words of its own
        keys = {one[3] for one in best}
        leaves = [one for one in best if not self._is_above(one[3], keys - {one[3]})] or best
        return tuple(Found(one[3], _words(text, one[4]), -one[0]) for one in leaves[:AT_MOST])

    def _is_above(self, key: int, others: set[int]) -> bool:
        return any(key in self.above(other) for other in others)

    def above(self, key: int) -> list[int]:
        """Return the keys from a place's parent up to the root."""
        found = []
        parent = self._parents.get(key)
        while parent is not None:
            found.append(parent)
            parent = self._parents.get(parent)
        return found


def _forms_of(place: Named, known: dict[int, Named]) -> Iterable[str]:
    local, parent = place.name, place.parent
    while parent is not None and parent in known:
        above = known[parent]
        for name in (above.name, *above.aliases):
            if local.startswith(name) and len(local) > len(name):
                local = local[len(name) :].strip()
                break
        parent = above.parent
    for name in (place.name, local, *place.aliases):
        form = _smooth(name)[0]
        for word in _OPTIONAL:
            if form.startswith(word) and len(form) > len(word) + 1:
                yield form[len(word) :]
        if len(form) > 1:
            yield form
    english = place.name_en.strip().upper()
    if len(english) > 3:
        yield english.replace(" ", "")


def _smooth(text: str) -> tuple[str, list[int]]:
    """Return `text` with one spelling for floors, beds and rooms, and for each character where it came from."""
    wide = half_width(text)
    out: list[str] = []
    origin: list[int] = []
    at = 0

    def put(piece: str, start: int, end: int) -> None:
        for place, character in enumerate(piece):
            out.append(character.upper())
            origin.append(min(start + place, end - 1))

    for match in _COUNTED.finditer(wide):
        value = spoken_number(match.group(2))
        if value is None:
            continue
        put(wide[at : match.start()], at, match.start())
        below = "负" if match.group(1) else ""
        unit = _UNITS.get(match.group(4), match.group(4))
        middle = "号" if match.group(3) and unit in {"楼", "梯", "病房"} else ""
        if match.group(3) and unit == "号楼":
            middle = ""
        whole = f"{below}{value}{middle}{unit}"
        put(whole, match.start(), match.end())
        at = match.end()
    put(wide[at:], at, len(wide))
    smooth = "".join(out)
    keep = [place for place, character in enumerate(smooth) if not character.isspace()]
    smooth, origin = "".join(smooth[place] for place in keep), [origin[place] for place in keep]
    for word, plain in _SAME:
        while (start := smooth.find(word)) >= 0:
            smooth = smooth[:start] + plain + smooth[start + len(word) :]
            spread = [origin[start + min(i, len(word) - 1)] for i in range(len(plain))]
            origin = origin[:start] + spread + origin[start + len(word) :]
    return smooth, origin


def _cuts(text: str, start: int, end: int) -> bool:
    """Tell whether a match cuts a number or an English word in two: 1床 in 11床, ER in WATER."""
    for inner, outer in ((start, start - 1), (end - 1, end)):
        if 0 <= outer < len(text):
            a, b = text[inner], text[outer]
            if (a.isdigit() and b.isdigit()) or (a.isascii() and b.isascii() and a.isalpha() and b.isalpha()):
                return True
    return False


def _words(text: str, explained: set[int]) -> tuple[str, ...]:
    """Return the runs of explained characters, verbatim."""
    runs: list[list[int]] = []
    for at in sorted(explained):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return tuple(text[run[0] : run[-1] + 1] for run in runs)

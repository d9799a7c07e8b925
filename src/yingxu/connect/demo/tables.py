"""The demo's own tables: places, people, contracts, what is said and how often. Data beside this module."""

from __future__ import annotations

import csv
import random
from bisect import bisect
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from itertools import accumulate

from yingxu.standards import library

_SATURDAY = 5


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one table of the demo."""
    text = (resources.files("yingxu.connect.demo") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def parts(text: str) -> tuple[str, ...]:
    """Return the parts of a ``;`` list."""
    return tuple(part for part in text.split(";") if part)


@dataclass(frozen=True)
class Saying:
    """A request as somebody says it: of which item, at which place, in which words."""

    at: datetime
    item_code: str
    place_code: str
    text: str


@dataclass
class Sayings:
    """Draws what is asked for on a day: volumes by item, hours of the day, places that make sense, natural words."""

    places: dict[str, dict[str, str]] = field(default_factory=dict)
    _where: dict[str, list[str]] = field(default_factory=dict)
    _words: dict[str, tuple[list[str], list[float]]] = field(default_factory=dict)
    _hours: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {row["code"]: row for row in rows("places")}
        for row in rows("item_places"):
            wanted = Wanted(parts(row["kinds"]), parts(row["classes"]), parts(row["code_patterns"]))
            self._where[row["item"]] = [code for code, place in self.places.items() if wanted.fits(place)]
        for row in rows("phrases"):
            texts, weights = self._words.setdefault(row["item"], ([], []))
            texts.append(row["text"])
            weights.append(float(row["weight"]))
        for row in rows("hour_shapes"):
            self._hours[row["hour_class"]] = list(accumulate(float(row[f"h{hour:02d}"]) for hour in range(24)))

    def of_day(self, midnight: datetime, *, share: float, draw: random.Random) -> list[Saying]:
        """Return a day's requests in the order of their times; ``share`` of the campus' full volume."""
        said = []
        seasons = {row["season"]: row for row in rows("seasons")}
        for row in rows("volumes"):
            code = row["item"]
            if code not in self._words or code.startswith("gen."):
                continue
            mean = float(row["requests_per_day"]) * share * float(seasons[row["season"]][f"m{midnight.month:02d}"])
            if midnight.weekday() >= _SATURDAY:
                mean *= float(row["weekend_factor"])
            for _ in range(poisson(mean, draw)):
                at = midnight + timedelta(hours=self._hour(row["hour_class"], draw), seconds=draw.randrange(3600))
                said.append(self.saying(code, at, draw))
        return sorted(said, key=lambda one: one.at)

    def saying(self, item_code: str, at: datetime, draw: random.Random) -> Saying:
        """Return one request for an item."""
        place = draw.choice(self._where.get(item_code) or ["HQ"])
        texts, weights = self._words[item_code]
        text = draw.choices(texts, weights)[0].replace("{place}", self.places[place]["name_zh"])
        return Saying(at, item_code, place, text)

    def now(self, at: datetime, draw: random.Random) -> Saying:
        """Return something that is asked for at this moment, as often as its volume says."""
        worked = {row["code"] for row in library.rows("items") if row["answered_only"] == "0"}
        known = [row for row in rows("volumes") if row["item"] in self._words and row["item"] in worked]
        item = draw.choices(known, [float(row["requests_per_day"]) for row in known])[0]["item"]
        return self.saying(item, at, draw)

    def _hour(self, shape: str, draw: random.Random) -> int:
        sums = self._hours[shape]
        return min(23, bisect(sums, draw.random() * sums[-1]))


@dataclass(frozen=True)
class Wanted:
    """Where an item can happen: kinds and classes of places, patterns of their codes; empty means any."""

    kinds: tuple[str, ...]
    classes: tuple[str, ...]
    patterns: tuple[str, ...]

    def fits(self, place: dict[str, str]) -> bool:
        """Tell whether it can happen at the place."""
        if self.kinds and place["kind"] not in self.kinds:
            return False
        if self.classes and place["place_class"] not in self.classes:
            return False
        return not self.patterns or any(fnmatchcase(place["code"], pattern) for pattern in self.patterns)


def poisson(mean: float, draw: random.Random) -> int:
    """Return a Poisson draw (Knuth 1969, vol. 2, 3.4.1; fine for the means of a day)."""
    limit, n, product = 2.718281828459045**-mean, 0, draw.random()
    while product > limit:
        n += 1
        product *= draw.random()
    return n

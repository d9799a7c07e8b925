"""How a case lives in the demo: who speaks, how long things take, which steps are ticked. Draws are seeded."""

from __future__ import annotations

import hashlib
import random
import struct
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from yingxu.connect.demo.tables import Saying, parts, rows
from yingxu.ground.actor import Actor
from yingxu.standards import library

#: Prefix of ``source_ref`` of what the demo itself asks for: its robots touch nothing else.
OURS = "demo:"
_CHANNELS = (("qr", 0.42), ("phone", 0.33), ("web", 0.2), ("self_found", 0.05))
#: Share of finished jobs that the asker confirms, sends back, or says nothing about.
_YES, _NO = 0.8, 0.04
_STARS = ((5, 0.55), (4, 0.3), (3, 0.09), (2, 0.04), (1, 0.02))
_WORDS = {
    1: "特急单已收到，人马上到，请保持电话畅通",
    2: "已受理，师傅正赶过去",
    3: "已受理，已安排师傅",
    4: "已受理，会按约定时间安排",
}


@dataclass(frozen=True)
class Course:
    """What will happen in one case, in seconds from the moment before it, unless the hospital is too busy."""

    saying: Saying
    number: int
    channel: str
    desk_s: int
    accept_s: int
    walk_s: int
    work_s: int
    answer_s: int
    verdict: str
    stars: int | None
    is_paused: bool


@dataclass
class Cast:
    """Who plays: people by post, as actors; workers by line with the time at which each is free."""

    actors: dict[str, Actor]
    keys: dict[str, int]
    uids: dict[int, Any]
    nurses: dict[str, str] = field(default_factory=dict)
    desk: list[str] = field(default_factory=list)
    workers: dict[str, list[str]] = field(default_factory=dict)
    free_at: dict[str, datetime] = field(default_factory=dict)
    skills: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, actors: dict[str, Actor], uids: dict[int, Any]) -> Cast:
        """Return the cast of the demo's people table."""
        cast = cls(actors, {login: actor.id or 0 for login, actor in actors.items()}, uids)
        lines = {row["code"]: parts(row["lines"]) for row in rows("teams")}
        for row in rows("person_skills"):
            cast.skills.setdefault(row["login"], {})[row["skill"]] = int(row["level"])
        for row in rows("people"):
            roles = parts(row["roles"])
            if "RQ" in roles:
                cast.nurses.setdefault(row["place_code"], row["login"])
            if "DK" in roles and row["party"] == "HOSP":
                cast.desk.append(row["login"])
            if "WK" in roles and row["team"]:
                for line in lines[row["team"]]:
                    cast.workers.setdefault(line, []).append(row["login"])
        return cast

    def plays(self, item_code: str) -> bool:
        """Tell whether somebody of the cast does such work, or it is answered in words."""
        item = library.by_code("items")[item_code]
        return item["answered_only"] == "1" or bool(self._able(item))

    def _able(self, item: dict[str, str]) -> list[str]:
        level = int(item["skill_level"] or 0)
        workers = self.workers.get(item["line"], ())
        return [one for one in workers if not item["skill"] or self.skills.get(one, {}).get(item["skill"], 0) >= level]

    def worker_for(self, item_code: str, at: datetime, draw: random.Random) -> tuple[str, datetime] | None:
        """Return who goes and from when: the first free of those with the skill, ties drawn."""
        able = self._able(library.by_code("items")[item_code])
        if not able:
            return None
        when, _, login = min((max(at, self.free_at.get(one, at)), draw.random(), one) for one in able)
        return login, when

    def nurse_of(self, place_code: str, places: dict[str, dict[str, str]], draw: random.Random) -> str:
        """Return who asks from a place: its department's nurse, else anybody."""
        code = place_code
        while code:
            if code in self.nurses:
                return self.nurses[code]
            code = places[code]["parent_code"]
        return draw.choice(sorted(self.nurses.values()))


def course_of(saying: Saying, number: int) -> Course:
    """Return a case's course: the same number gives the same course."""
    draw = random.Random(f"course:{number}:{saying.item_code}")
    item = library.by_code("items")[saying.item_code]
    priority, minutes = int(item["default_priority"]), int(item["minutes"])
    hurry = {1: 0.25, 2: 0.5, 3: 1.0, 4: 2.0}[priority]
    roll = draw.random()
    verdict = "yes" if roll < _YES else "no" if roll < _YES + _NO else "silence"
    return Course(
        saying=saying,
        number=number,
        channel=draw.choices([name for name, _ in _CHANNELS], [weight for _, weight in _CHANNELS])[0],
        desk_s=round(draw.lognormvariate(4.4, 0.6) * hurry) + 15,
        accept_s=min(round(draw.expovariate(1 / (45 * hurry))) + 5, {1: 50, 2: 160, 3: 560, 4: 3000}[priority]),
        walk_s=round(draw.lognormvariate(5.7, 0.45) * (0.6 + 0.4 * hurry)),
        work_s=round(minutes * 60 * draw.lognormvariate(-0.25, 0.4)),
        answer_s=round(draw.lognormvariate(7.5, 1.1)),
        verdict=verdict,
        stars=draw.choices([s for s, _ in _STARS], [w for _, w in _STARS])[0]
        if verdict == "yes" and draw.random() < 0.45
        else None,
        is_paused=draw.random() < 0.05,
    )


def human_word(priority: int) -> str:
    """Return what the desk says to the asker."""
    return _WORDS[priority]


def step_values(steps: tuple[dict[str, Any], ...]) -> list[tuple[str, Any]]:
    """Return a value for each mandatory step that is no photo and no scan of the place."""
    values: list[tuple[str, Any]] = []
    for step in steps:
        kind = step["type"]
        if not step.get("mandatory") or kind == "photo" or (kind == "scan" and step["code"] == "place"):
            continue
        if kind == "tick":
            values.append((step["code"], True))
        elif kind in {"number", "meter"}:
            low, high = step.get("min"), step.get("max")
            low = float(low) if low is not None else float(high) - 10 if high is not None else 0.0
            high = float(high) if high is not None else low + 10
            values.append((step["code"], round((low + high) / 2, 3)))
        elif kind == "choice":
            values.append((step["code"], step["choices"][0]["code"]))
        else:
            values.append((step["code"], "演示记录"))
    return values


def photo_codes(steps: tuple[dict[str, Any], ...], evidence: dict[str, Any]) -> list[str]:
    """Return the labels of the photos that finishing needs."""
    codes = [step["code"] for step in steps if step["type"] == "photo" and step.get("mandatory")]
    for code, key in (("before", "before_photo"), ("after", "after_photo")):
        if evidence.get(key) and code not in codes:
            codes.append(code)
    return codes


def cause_for(line: str, number: int) -> str:
    """Return a cause that fits the line."""
    fitting = [row["code"] for row in library.rows("cause_codes") if not row["lines"] or line in parts(row["lines"])]
    return fitting[number % len(fitting)]


def photo_of(number: int, label: str) -> bytes:
    """Return a small picture of its own for one job and label: a plain PNG whose comment says what it stands for."""
    shade = hashlib.sha256(f"{number}:{label}".encode()).digest()
    width, height = 160, 120
    line = b"\0" + bytes((90 + shade[0] // 3, 120 + shade[1] // 4, 120 + shade[2] // 4)) * width
    parts_of = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"tEXt", b"Comment\0" + f"demo {number} {label}".encode()),
        (b"IDAT", zlib.compress(line * height, 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts_of
    )


def later(at: datetime, seconds: float) -> datetime:
    """Return a moment so many seconds later."""
    return at + timedelta(seconds=seconds)

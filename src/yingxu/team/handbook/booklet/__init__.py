"""The printed handbook: a book's pages as JSON, set by typst into a PDF that a printer would accept.

Pages are laid out once for all people with the same posts; a person's own cover is a file of its own, and typst keeps
what it laid out before. Fonts are read once a process.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from datetime import date, datetime, tzinfo
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from yingxu.standards.library import by_code
from yingxu.team.handbook.delta import limits_of
from yingxu.team.handbook.values import Book, Procedure, PromiseText, rule_sections

_HERE = resources.files("yingxu.team.handbook.booklet")
#: National numbers of emergency, with their labels.
_NATIONAL = (("fire_brigade", "119"), ("ambulance", "120"), ("police", "110"))


@cache
def labels(language: str) -> dict[str, str]:
    """Return the printed words in a language (``zh``, ``en``)."""
    text = (_HERE / "labels.csv").read_text(encoding="utf-8")
    return {row["code"]: row[language] for row in csv.DictReader(text.splitlines())}


def pages(book: Book, *, language: str, address: str, zone: tzinfo, printed_on: date) -> dict[str, Any]:
    """Return what is printed for everybody with the same posts. Codes lead to ``address`` (no slash at its end)."""
    is_english = language == "en"
    say = labels(language)
    contacts = [
        {"role": say[one.role], "name": (one.name_en if is_english else "") or one.name, "phone": one.phone}
        for one in book.contacts
        if one.phone
    ]
    contacts += [{"role": say[code], "name": "", "phone": phone} for code, phone in _NATIONAL]
    return {
        "language": language,
        "labels": say,
        "site": (book.site_en if is_english else "") or book.site,
        "version": book.version,
        "as_of": _day(book.as_of, zone) if book.as_of else printed_on.isoformat(),
        "printed": printed_on.isoformat(),
        "contacts": contacts,
        "rules": [
            {
                "name": section.name_en if is_english else section.name,
                "rules": [
                    {"text": rule.text_en if is_english else rule.text, "critical": rule.is_critical}
                    for rule in section.rules
                ],
            }
            for section in rule_sections()
        ],
        "chapters": [
            {
                "name": (chapter.name_en if is_english else "") or chapter.name,
                "procedures": [_procedure(one, say, is_english, address, zone) for one in chapter.procedures],
            }
            for chapter in book.chapters
        ],
    }


def cover(book: Book, *, language: str) -> dict[str, str]:
    """Return what is printed for one person alone."""
    is_english = language == "en"
    posts = [(english if is_english else "") or name for name, english in book.posts]
    return {
        "name": (book.name_en if is_english else "") or book.name,
        "team": (book.team_en if is_english else "") or book.team,
        "posts": (", " if is_english else "、").join(posts),
    }


def _procedure(one: Procedure, say: dict[str, str], is_english: bool, address: str, zone: tzinfo) -> dict[str, Any]:
    urgency = by_code("priorities")[f"P{one.priority}"]["name_en" if is_english else "name_zh"]
    meta = [say["edition"].format(one.number), say["in_force"].format(_day(one.from_at, zone))]
    meta += [f"{say['urgency']} {urgency}", say["minutes"].format(one.minutes)]
    if one.crew > 1:
        meta.append(say["crew"].format(one.crew))
    return {
        "name": (one.name_en if is_english else "") or one.name,
        "meta": meta,
        "urgency": urgency,
        "qr": qr(f"{address}/handbook/p/{one.item_code}"),
        "goal": (one.goal_en if is_english else "") or one.goal,
        "requirement": (one.requirement_en if is_english else "") or one.requirement,
        "promises": [_promise(promise, say, is_english) for promise in one.own_promises],
        "steps": [
            {
                "text": (step.get("en") if is_english else "") or step.get("zh", ""),
                "critical": bool(step.get("critical")),
                "mandatory": bool(step.get("mandatory", True)),
                "limits": limits_of(step),
            }
            for step in one.steps
        ],
        "basis": ("; " if is_english else "；").join(filter(None, (_basis(basis) for basis in one.basis))),
    }


def _promise(one: PromiseText, say: dict[str, str], is_english: bool) -> dict[str, str]:
    return {
        "milestone": say[one.milestone],
        "within": span(one.limit_s, is_english=is_english),
        "calendar": (one.calendar_en if is_english else "") or one.calendar,
        "share": say["share"].format(f"{one.percentile * 100:g}"),
    }


def _basis(basis: dict[str, Any]) -> str:
    name = str(basis.get("name", ""))
    edition = str(basis.get("edition", ""))
    parts = [name, str(basis.get("clause", ""))]
    if edition and edition not in name and edition != "1":
        parts.append(f"({edition})")
    return " ".join(filter(None, parts))


def span(seconds: int, *, is_english: bool) -> str:
    """Return a promised span as print says it: 15 分钟内, within 2 h."""
    for size, zh, en in ((86400, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s")):
        if seconds % size == 0 and (seconds >= 2 * size or size in (1, 60) or seconds == size):
            return f"within {seconds // size} {en}" if is_english else f"{seconds // size} {zh}内"
    return ""


def _day(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).date().isoformat()


@cache
def qr(address: str) -> str:
    """Return an address as a QR code in SVG, with a quiet zone of two modules."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


class Press:
    """Sets books into PDF, one process long: the fonts and the pages of the book in hand stay set."""

    def __init__(self) -> None:
        import pylopdf_fonts_zh_cn
        import typst

        self._folder = tempfile.TemporaryDirectory(prefix="yingxu-press-")
        self._root = Path(self._folder.name)
        (self._root / "handbook.typ").write_bytes((_HERE / "handbook.typ").read_bytes())
        # the wheel brings a serif and a sans face; what the machine has stays out, so that every machine prints alike
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(Path(pylopdf_fonts_zh_cn.__file__).parent)])
        self._compiler = typst.Compiler(str(self._root / "handbook.typ"), root=str(self._root), font_paths=fonts)
        self._book = ""

    def pdf(self, book: dict[str, Any], person: dict[str, str]) -> bytes:
        """Return a person's book as a PDF."""
        self._put(book, person)
        pdf = self._compiler.compile(format="pdf")
        assert isinstance(pdf, bytes)
        return pdf

    def png(self, book: dict[str, Any], person: dict[str, str], *, ppi: float = 110) -> list[bytes]:
        """Return a person's book as pictures of its pages."""
        self._put(book, person)
        drawn = self._compiler.compile(format="png", ppi=ppi)
        return drawn if isinstance(drawn, list) else [drawn or b""]

    def _put(self, book: dict[str, Any], person: dict[str, str]) -> None:
        said = json.dumps(book, ensure_ascii=False)
        if said != self._book:
            (self._root / "book.json").write_text(said, encoding="utf-8")
            self._book = said
        (self._root / "person.json").write_text(json.dumps(person, ensure_ascii=False), encoding="utf-8")

    def close(self) -> None:
        """Take the press's folder away."""
        self._folder.cleanup()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

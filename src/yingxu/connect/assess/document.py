"""The report as blocks, the same for the page and the paper."""

from __future__ import annotations

from dataclasses import dataclass

from yingxu.connect.assess.chart import Picture


@dataclass(frozen=True)
class Heading:
    """A section begins."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """One sentence or a few."""

    words: str


@dataclass(frozen=True)
class Figures:
    """Key figures: (label, value, note)."""

    cards: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Pictures:
    """Charts, side by side where there is room."""

    charts: tuple[Picture, ...]


@dataclass(frozen=True)
class Table:
    """``n_words`` leading columns hold words, the others numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_words: int = 1


@dataclass(frozen=True)
class Bullets:
    """Sentences of equal weight."""

    items: tuple[str, ...]


Block = Heading | Paragraph | Figures | Pictures | Table | Bullets


@dataclass(frozen=True)
class Document:
    """A whole report."""

    locale: str
    title: str
    subtitle: str
    colophon: str
    page_words: tuple[str, str, str]
    blocks: tuple[Block, ...]

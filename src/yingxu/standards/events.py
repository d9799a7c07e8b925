"""Facts of the room ``standards``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class LibraryInstalled(Fact):
    """A site took over the starter library: so many lines, items, calendars."""

    kind: ClassVar[str] = "standards.library.installed"
    subject_kind: ClassVar[str] = "site"
    n_lines: int
    n_items: int
    n_calendars: int


@dataclass(frozen=True, kw_only=True)
class CatalogueExtended(Fact):
    """Lines and items of the site's own joined its catalogue."""

    kind: ClassVar[str] = "standards.catalogue.extended"
    subject_kind: ClassVar[str] = "site"
    n_lines: int
    n_items: int


@dataclass(frozen=True, kw_only=True)
class EditionPutInForce(Fact):
    """An edition of an item's standard is in force."""

    kind: ClassVar[str] = "standards.edition.put_in_force"
    subject_kind: ClassVar[str] = "item"
    item_code: str
    number: int

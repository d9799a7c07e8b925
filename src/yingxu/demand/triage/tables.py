"""What reading needs at hand: the table in use at a site, and the names of its places. Doors keep both for a while."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from yingxu.core.language.learning import applied, digest_of
from yingxu.core.language.placing import Named, Places
from yingxu.core.language.scorer import Table, shipped_table
from yingxu.demand.models import TriageVersion
from yingxu.ground.models import Place


@dataclass(frozen=True)
class InUse:
    """The table that reads a site's texts; number 0 is what came with the release."""

    number: int
    table: Table


@lru_cache(maxsize=1)
def shipped_digest() -> str:
    """Return the digest of the release's table. Budget: none."""
    return digest_of(shipped_table())


def table_in_use(site_id: int) -> InUse:
    """Return the site's table: the learned version in use, if it was learned on this release's. Budget: one query."""
    rows = TriageVersion.objects.filter(site_id=site_id, state="in_use", base=shipped_digest())
    found = rows.values_list("number", "learned").first()
    if found is None:
        return InUse(0, shipped_table())
    return _learned(site_id, found[0], bytes(found[1]))


@lru_cache(maxsize=2)
def _learned(site_id: int, number: int, packed: bytes) -> InUse:
    with np.load(io.BytesIO(packed)) as stored:
        return InUse(number, applied(shipped_table(), {name: stored[name] for name in stored.files}))


@dataclass(frozen=True)
class PlaceName:
    """A place as a proposal shows it."""

    code: str
    kind: str
    name: str
    full_name: str
    full_name_en: str
    path: str
    place_class: str


@dataclass(frozen=True)
class Tree:
    """A site's places by key, and the finder over their names."""

    rows: dict[int, PlaceName]
    keys: dict[str, int]
    places: Places


_COLUMNS = (
    "id", "parent_id", "name", "name_en", "aliases", "code", "kind", "full_name", "full_name_en", "path", "place_class"
)  # fmt: skip


def tree_of(site_id: int) -> Tree:
    """Return the site's active places and their names. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id, is_active=True).order_by("id").values_list(*_COLUMNS)
    return _tree(tuple((*row[:4], tuple(row[4] or ()), *row[5:]) for row in rows))


@lru_cache(maxsize=8)
def _tree(rows: tuple[tuple[object, ...], ...]) -> Tree:
    """Return the finder; made once for the same places, however often a door asks again."""
    named: list[Named] = []
    shown: dict[int, PlaceName] = {}
    keys: dict[str, int] = {}
    for key, parent, name, name_en, aliases, code, kind, full, full_en, path, place_class in rows:
        named.append(Named(key, parent, name, aliases, name_en))  # type: ignore[arg-type]
        shown[key] = PlaceName(code, kind, name, full, full_en, path, place_class)  # type: ignore[index,arg-type]
        keys[code] = key  # type: ignore[index,assignment]
    return Tree(shown, keys, Places(named))

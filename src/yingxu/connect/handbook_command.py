"""``yingxu handbook``: one person's handbook, or everybody's, as PDF ready for the printer."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from yingxu.connect import house
from yingxu.connect.refusal import BadInput

if TYPE_CHECKING:
    from yingxu.ground.queries import SiteRow
    from yingxu.team.handbook.booklet import Press
    from yingxu.team.handbook.values import Book

#: So many people's books are one piece of work for a process.
_PIECE = 40
#: Where the printed codes lead when nothing says so.
_HERE = "http://localhost:8000"


def configure(parser: argparse.ArgumentParser) -> None:
    """Whose books, where to, in which language, by how many processes."""
    parser.add_argument("employee", nargs="?", help="account of one person; --out is then the PDF's name")
    parser.add_argument("--site", help="code of the site: everybody's handbook; --out is then a folder")
    parser.add_argument("--person", help="with --site: this account alone")
    parser.add_argument("--out", required=True, metavar="PATH")
    parser.add_argument("--locale", choices=("zh", "en"), default="zh")
    parser.add_argument("--address", help="where the codes lead; default YINGXU_PUBLIC_URL")
    parser.add_argument("--workers", type=int, default=0, help="processes; default one for each processor")
    parser.add_argument("--json", action="store_true", help="what was printed, as JSON")


def run(args: argparse.Namespace) -> int:
    """Print; refuses: BadInput."""
    if bool(args.employee) == bool(args.site):
        raise BadInput("say one account (yingxu handbook ACCOUNT --out FILE.pdf), or --site CODE --out FOLDER")
    if args.workers < 0 or args.workers > 64:
        raise BadInput("--workers: from 1 to 64, or 0 for one for each processor")
    started_s = time.monotonic()
    with house.entered():
        books, site, single = _wanted(args)
        pieces = _pieces(books, site, args, _names(books, single, Path(args.out)))
    read_s = time.monotonic() - started_s
    n_bytes = _print(pieces, args.workers or os.cpu_count() or 1)
    n_sets = len({text for text, _ in pieces})
    _tell(args, len(books), n_sets, n_bytes, read_s, time.monotonic() - started_s)
    return 0


def _wanted(args: argparse.Namespace) -> tuple[tuple[Book, ...], SiteRow, Path | None]:
    """Return the books to print, their site, and the file's name where there is one book."""
    from yingxu.ground import queries as ground
    from yingxu.ground.refusals import NotFound
    from yingxu.team import queries as team

    username = args.employee or args.person
    known = team.site_of_person(username) if username else None
    if username and known is None:
        raise BadInput(f"nobody works here as {username!r}; the account's name is what that person signs in with")
    try:
        site = ground.site_by_code(args.site) if args.site else ground.site_by_id(known[1] if known else 0)
    except NotFound:
        raise BadInput(f"there is no site {args.site!r}; 'yingxu check' lists what there is") from None
    if known is not None and known[1] != site.id:
        raise BadInput(f"{username!r} works at another site than {args.site!r}")
    books = (team.book_of(site.id, known[0]),) if known else team.books_of(site.id)
    if not books:
        raise BadInput(f"nobody is in a team at {site.code!r} yet; put people into teams first")
    out = Path(args.out)
    if args.employee and out.suffix.lower() != ".pdf":
        raise BadInput(f"--out {args.out}: for one person it is the name of a PDF, like {username}.pdf")
    folder = out.parent if args.employee else out
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"--out {args.out}: {error.strerror}") from error
    return books, site, out if args.employee else None


#: The pages as JSON, and for each person the file's name and the cover.
Piece = tuple[str, list[tuple[str, dict[str, str]]]]


def _names(books: Iterable[Book], single: Path | None, folder: Path) -> dict[int, str]:
    """Return where each person's book goes: by team and name, with a number where two are called the same."""
    if single is not None:
        return {book.account_id: str(single) for book in books}
    taken: set[str] = set()
    found = {}
    for book in books:
        name = re.sub(r"[^\w.-]+", "_", "-".join(filter(None, (book.team, book.name)))) or "handbook"
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name}-{number}", number + 1
        taken.add(unique)
        found[book.account_id] = str(folder / f"{unique}.pdf")
    return found


def _pieces(books: Iterable[Book], site: SiteRow, args: argparse.Namespace, names: dict[int, str]) -> list[Piece]:
    """Return work for processes: people whose pages are the same stand together, so that these are set once."""
    from django.conf import settings
    from django.utils import timezone

    from yingxu.team.handbook.booklet import cover, pages

    zone: tzinfo = ZoneInfo(site.timezone)
    printed_on = timezone.now().astimezone(zone).date()
    address = (args.address or settings.PUBLIC_URL or _HERE).rstrip("/")
    alike: dict[tuple[Any, ...], list[Book]] = {}
    for book in books:
        alike.setdefault((book.version, book.contacts, book.as_of), []).append(book)
    found: list[Piece] = []
    for group in alike.values():
        said = pages(group[0], language=args.locale, address=address, zone=zone, printed_on=printed_on)
        text = json.dumps(said, ensure_ascii=False)
        covers = [(names[book.account_id], cover(book, language=args.locale)) for book in group]
        found += [(text, covers[start : start + _PIECE]) for start in range(0, len(covers), _PIECE)]
    # long pieces first, so that no process is left alone with one at the end
    return sorted(found, key=lambda piece: -len(piece[0]) * (len(piece[1]) + 4))


def _print(pieces: list[Piece], n_workers: int) -> int:
    """Set all books; returns their bytes. One process when there is little to do."""
    if n_workers == 1 or sum(len(covers) for _, covers in pieces) < _PIECE:
        return sum(map(_set, pieces))
    with ProcessPoolExecutor(min(n_workers, len(pieces)), mp_context=multiprocessing.get_context("spawn")) as pool:
        return sum(pool.map(_set, pieces))


_press: list[Press] = []


def _set(piece: Piece) -> int:
    """Set the books of one piece with this process's press."""
    from yingxu.team.handbook.booklet import Press

    if not _press:
        _press.append(Press())
    text, covers = piece
    said = json.loads(text)
    n_bytes = 0
    for name, person in covers:
        pdf = _press[0].pdf(said, person)
        Path(name).write_bytes(pdf)
        n_bytes += len(pdf)
    return n_bytes


def _tell(args: argparse.Namespace, n: int, n_sets: int, n_bytes: int, read_s: float, whole_s: float) -> None:
    said = {
        "n_handbooks": n,
        "n_post_sets": n_sets,
        "megabytes": round(n_bytes / 1e6, 1),
        "seconds": round(whole_s, 1),
        "seconds_reading": round(read_s, 1),
        "out": str(args.out),
    }
    if args.json:
        print(json.dumps(said, ensure_ascii=False))
        return
    print(f"{n} handbooks ({n_sets} sets of posts), {said['megabytes']} MB, {said['seconds']} s -> {args.out}")

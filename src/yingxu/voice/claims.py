"""What opinions are told apart by, and the claim code by which somebody unknown reads the answer."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yingxu.ground import ids
from yingxu.ground.models import Site

LETTER_LIMIT = 2000
#: A box whose letters nobody took out for so long stands out; one of wood is opened once a week at least (每周开箱).
UNOPENED, PAPER_WITHIN = timedelta(days=3), timedelta(days=7)
#: Photos in one letter.
PHOTOS = 3
#: A phone without network keeps a letter or a sheet so long.
OLDEST = timedelta(days=7)
#: What somebody wants by speaking (domain S60).
PURPOSES = ("need", "appeal", "vent", "improve")
#: What an opinion turned out to be (domain S64).
VERDICTS = ("valid", "partly", "misunderstanding", "out_of_scope")
#: What became of it (capability O7).
FATES = ("answered", "done", "studied", "declined", "clarified")
#: Who may rate one piece of work beside its asker, over the same link or account: once each.
WARD = "ward"
RATERS = ("asker", "patient", WARD)
#: Reasons and words may follow the tap of a rating for so long.
EXPLAIN_WITHIN = timedelta(days=7)
#: Letters of a claim code: 31¹² ≈ 2⁵⁹ of them, so that nobody finds somebody else's by trying.
CODE_LETTERS = 12


def new_claim_code() -> str:
    """Return a fresh claim code."""
    return ids.new_code(CODE_LETTERS)


def claim_digest(code: str) -> str:
    """Return what is kept of a claim code, however it was typed: small, in groups, in wide signs."""
    typed = "".join(letter for letter in unicodedata.normalize("NFKC", code).upper() if letter.isalnum())
    return hashlib.sha256(typed.encode()).hexdigest()


def day_at(site: Site, at: datetime) -> date:
    """Return the day at the site."""
    return day_of(at, site.timezone)


def day_of(at: datetime, timezone: str) -> date:
    """Return the day of a moment in a zone."""
    return at.astimezone(ZoneInfo(timezone)).date()

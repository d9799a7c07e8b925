"""A command as a phone sends it: what was done, by the phone's own clock; and when that was by ours."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey

#: So many commands in one post; a phone with more sends the next ones after the answer.
BATCH_LIMIT = 50
#: A phone's clock that was moved by more than this between the act and the sending is said to be unsure.
UNSURE = timedelta(minutes=2)
#: Older than this is not an act that waited for a signal.
OLDEST = timedelta(days=30)
_ID = re.compile(r"[0-9a-zA-Z-]{8,48}")


@dataclass(frozen=True)
class Reported:
    """One command. ``happened_at`` is by the server's clock; ``clock``: sure, unsure (the phone's was moved)."""

    id: str
    act: str
    job_id: UUID | None
    said: dict[str, Any]
    happened_at: datetime
    device_at: datetime
    clock: str
    digest: str

    @property
    def key(self) -> CommandKey:
        """The command's key, for the verb that it becomes."""
        return CommandKey(self.id, self.digest)

    def text(self, name: str, limit: int = 2000) -> str:
        """Return a text that the command carries; empty when it does not."""
        value = self.said.get(name)
        return value.strip()[:limit] if isinstance(value, str) else ""


@dataclass(frozen=True)
class Told:
    """What the phone is told of a command that was carried out: a code where it is more than that, and the words."""

    code: str
    words: str


def batch_of(body: bytes, *, at: datetime) -> tuple[str, list[Reported]]:
    """Return whose phone sends and its commands in order. Refuses: Malformed."""
    try:
        sent = json.loads(body)
        account, sent_at, commands = str(sent["account"]), _moment(sent["sent_at"]), list(sent["commands"])
    except (ValueError, TypeError, KeyError) as error:
        raise Malformed(field="body", problem="wrong_type") from error
    if len(commands) > BATCH_LIMIT:
        raise Malformed(field="body", problem="too_large", limit=str(BATCH_LIMIT))
    return account, [_reported(one, sent_at=sent_at, at=at) for one in commands]


def _reported(one: Any, *, sent_at: datetime, at: datetime) -> Reported:
    try:
        job, said, device_at = one.get("job"), one.get("said") or {}, _moment(one["device_at"])
        offset = one.get("offset_ms")
        named = {"id": str(one["id"]), "act": str(one["act"]), "job": job, "said": said, "device_at": one["device_at"]}
        job_id = UUID(job) if job else None
        by_offset = None if offset is None else device_at + timedelta(milliseconds=float(offset))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise Malformed(field="body", problem="wrong_type") from error
    if not _ID.fullmatch(named["id"]) or not isinstance(said, dict):
        raise Malformed(field="body", problem="wrong_type")
    happened_at, clock = _when(by_offset, at - (sent_at - device_at), at=at)
    digest = hashlib.sha256(json.dumps(named, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Reported(named["id"], named["act"][:16], job_id, said, happened_at, device_at, clock, digest)


def _when(by_offset: datetime | None, by_age: datetime, *, at: datetime) -> tuple[datetime, str]:
    """Return when it happened by our clock.

    The phone's offset to us as it knew it at the act says it best; an act that knew none is as old as the phone says
    now. The two differ when somebody moved the phone's clock in between. Never in the future, never older than a queue
    may be.
    """
    moment = by_offset or by_age
    sure = by_offset is None or abs(by_offset - by_age) <= UNSURE
    clamped = max(at - OLDEST, min(moment, at))
    is_bent = abs(clamped - moment) > UNSURE
    return clamped, "sure" if sure and not is_bent else "unsure"


def _moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(float(milliseconds) / 1000, tz=UTC)

"""Identifiers: bigint keys inside, UUIDs outside, short numbers for people.

Keys are handed out by this process from blocks of a database sequence, so that a verb can build a whole family of rows
that point to each other and write them in one statement.
"""

from __future__ import annotations

import os
import secrets
import time
from threading import Lock
from uuid import UUID, SafeUUID

from django.db import connection

#: Letters of codes that people type: no 0/O, 1/I/L.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


#: The bits of a version 7 UUID that chance fills, and those that say what it is.
_CHANCE = (0xFFF << 64) | ((1 << 62) - 1)
_VERSION_7 = (0x7 << 76) | (0x2 << 62)
_set = object.__setattr__


class Block:
    """Numbers of one database sequence, fetched a block at a time. Safe for threads; a fork starts its own."""

    def __init__(self, sequence: str, size: int) -> None:
        self._sequence = sequence
        self._size = size
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._next = self._end = 0
        self._lock = Lock()

    def take(self) -> int:
        """Return a fresh number. Budget: one statement a block."""
        with self._lock:
            if self._next == self._end:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT nextval(%s::regclass)", [self._sequence])
                    block = int(cursor.fetchone()[0])
                self._next, self._end = block * self._size, (block + 1) * self._size
            number = self._next
            self._next += 1
            return number


KEYS = Block("ground_keys", 1000)
NUMBERS = Block("ground_numbers", 20)


def next_key() -> int:
    """Return a fresh bigint key, unique over all tables."""
    return KEYS.take()


def next_number() -> str:
    """Return a fresh receipt number: at least six digits, easy to say on the phone."""
    return f"{100_000 + NUMBERS.take()}"


def new_uid() -> UUID:
    """Return a UUID that begins with the time (version 7, RFC 9562), so that indexes grow at one end."""
    stamp_ms = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    made = UUID.__new__(UUID)  # its constructor checks seven ways of giving it, and costs as much as the rest
    _set(made, "int", stamp_ms << 80 | chance & _CHANCE | _VERSION_7)
    _set(made, "is_safe", SafeUUID.unknown)
    return made


def new_code(length: int = 10) -> str:
    """Return a random code that a person can type from a label; 31 letters, about 4.95 bits each."""
    return "".join(secrets.choice(READABLE) for _ in range(length))

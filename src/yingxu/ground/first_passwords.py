"""First passwords: what a person who was opened from a list signs in with once.

Nothing is stored but the hash: the password follows from the account's public id under the installation's secret, so
that the list can be handed out again until its owner has signed in; then the hash is another and the list is silent.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.crypto import get_random_string, salted_hmac

from yingxu.ground.ids import READABLE

_SALT = "yingxu.first_password"
_LENGTH = 10
#: A random password of 49 bits needs no slow hash; the first right sign-in replaces it by the slow one.
_ITERATIONS = 200
#: How the hash of a first password begins.
MARK = f"pbkdf2_sha256${_ITERATIONS}$"


def first_password(uid: UUID) -> str:
    """Return an account's first password."""
    digest = salted_hmac(_SALT, uid.bytes, algorithm="sha256").digest()
    return "".join(READABLE[byte % len(READABLE)] for byte in digest[:_LENGTH])


def hashed(uid: UUID) -> str:
    """Return the hash of an account's first password."""
    return str(PBKDF2PasswordHasher().encode(first_password(uid), get_random_string(12), iterations=_ITERATIONS))

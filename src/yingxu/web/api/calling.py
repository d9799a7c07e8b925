"""What the API's endpoints share: the sender's id of a command, the site by its code, the answer of a verb."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.ground.unit import CommandKey
from yingxu.web.api.schemas import Problem
from yingxu.web.api.tokens import Caller

#: What any endpoint may answer instead.
REFUSALS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}

#: The sender's id of a command; the header is read by hand, because a schema of one field costs as much as the body.
_KEY, _KEY_LIMIT = "HTTP_IDEMPOTENCY_KEY", 64
KEY_DESCRIBED: Mapping[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": _KEY_LIMIT},
            "description": "an id of the sender's own for this command",
        }
    ]
}


def actor_of(request: HttpRequest) -> Actor:
    """Return who calls."""
    return cast(Caller, request.auth).actor  # type: ignore[attr-defined]


def command_of(request: HttpRequest) -> CommandKey | None:
    """Return the sender's id of this command with a digest of what was sent; None when none was sent."""
    said = request.META.get(_KEY, "")
    if len(said) > _KEY_LIMIT:
        problem = f"String should have at most {_KEY_LIMIT} characters"
        raise ValidationError([{"type": "string_too_long", "loc": ("header", "Idempotency-Key"), "msg": problem}])
    return CommandKey(said, hashlib.sha256(request.body).hexdigest()) if said else None


def command_here(request: HttpRequest) -> CommandKey | None:
    """Return the same for an act on what the address names: under one key, another address is another command."""
    key = command_of(request)
    if key is not None:
        key.digest = hashlib.sha256(request.path_info.encode() + b"\n" + request.body).hexdigest()
    return key


@lru_cache(maxsize=256)
def site_key(code: str) -> int:
    """Return a site's key; a site's code never changes."""
    return ground.site_by_code(code).id


def written(said: Mapping[str, Any], command: CommandKey | None, *, status: int = 200) -> HttpResponse:
    """Return the answer of a verb, marked when the same command was carried out before."""
    response = HttpResponse(orjson.dumps(said, option=orjson.OPT_UTC_Z), content_type="application/json", status=status)
    if command is not None and command.is_replayed:
        response["Idempotency-Replayed"] = "true"
    return response

"""Signatures given without signal: the same queue as the phone's, settled here; the answers are judged here alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal, Stale
from yingxu.ground.unit import CommandKey
from yingxu.team import actions
from yingxu.team.handbook import quiz
from yingxu.team.refusals import NothingToRead, ReadingChanged
from yingxu.web import errors
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, inside
from yingxu.web.mywork.sync.commands import Reported, Told, batch_of

#: The act's name in the phone's queue.
SIGN = "sign"


def sign(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> Told:
    """Judge answers that a phone kept, at the moment they were given; whatever comes of it is told and settles them.

    Nothing of it is for the desk to look at: who was not right, or read what has changed, reads again and signs.
    """
    try:
        answered = actions.answer_quiz(
            site_id=here.site.id,
            part=one.text("part", 32),
            digest=one.text("digest", 64),
            attempt=_whole(one.said.get("attempt")),
            answers=_answers(one.said.get("answers")),
            actor=here.actor,
            at=here.at,
            happened_at=happened_at,
            command=key,
        )
    except Stale:
        raise  # somebody wrote in the same instant: it is tried again
    except NothingToRead:
        return Told("nothing_to_read", _("You have signed for this already; nothing of it is left to read."))
    except ReadingChanged:
        return Told(
            "reading_changed",
            _("What you read is not what is asked any more: it changed, or you tried elsewhere. Please read it anew."),
        )
    except Refusal as refused:
        return Told(refused.code, errors.sentence(refused))
    if not answered.is_passed:
        said = _("%(n)s of 3 right, so it is not signed yet. Read it again, then answer the new questions.")
        return Told("quiz_failed", said % {"n": answered.n_right})
    if answered.is_overtaken:
        return Told(
            "signed_newer",
            _("Signed for the edition that you read. A newer one came meanwhile: just what changed is left to sign."),
        )
    return Told("", _("Signed. Thank you."))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _answers(value: Any) -> list[int]:
    return [_whole(one) for one in value[: quiz.N_QUESTIONS + 1]] if isinstance(value, list) else []


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def sync(request: HttpRequest, here: Inside) -> HttpResponse:
    """Take the signatures that a phone kept, in order; asked without any, say whose session this is."""
    from yingxu.web.mywork.sync.settling import settle

    authority.require(here.actor, "handbook.sign", where=Where(here.site.id, owner_ids=(here.actor.id or 0,)))
    now = round(site_clock(here.site.timezone).timestamp() * 1000)
    if request.method != "POST":
        return JsonResponse({"account": here.actor.key, "csrf": get_token(request), "now": now})
    account, commands = batch_of(request.body, at=here.at)
    if account != here.actor.key:
        raise NotAllowed(action="handbook.sign")
    if any(one.act != SIGN for one in commands):
        raise Malformed(field="act", problem="unknown")
    results = [vars(settle(here, one, None, again=frozenset())) for one in commands]
    return JsonResponse({"now": now, "results": results}, json_dumps_params={"ensure_ascii": False})

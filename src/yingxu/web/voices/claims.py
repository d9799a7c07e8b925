"""A voice without an account: its answer by the code alone, its last word; and the page where a letter is answered."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice import actions
from yingxu.voice.actions import answering, saying
from yingxu.voice.claims import CODE_LETTERS, FATES, PURPOSES, VERDICTS
from yingxu.voice.queries import boxes as letters
from yingxu.voice.queries import ledger
from yingxu.voice.refusals import NothingToSay, NotOpenedYet
from yingxu.voice.refusals.heard import NotAnsweredYet
from yingxu.voice.refusals.overseeing import RemarkNotOpen
from yingxu.web import errors
from yingxu.web.addresses import address_of
from yingxu.web.boxes import abuse
from yingxu.web.boxes.public import grouped
from yingxu.web.boxes.words import fate_name, purpose_name, verdict_name
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.voices.words import kind_word

#: Whose last word is taken down where, and as whom.
_judges: dict[str, tuple[Callable[..., object], Actor]] = {
    "letter": (actions.judge_answer, actions.BOX),
    "remark": (answering.judge_by_code, actions.BOX),
    "heard": (saying.judge_by_own_code, saying.PASSER),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, site_code: str) -> HttpResponse:
    """The code comes in the form, never in the address."""
    site = ground.site_by_code(site_code)
    if request.method != "POST":
        return _show(request, site)
    return _read(request, site)


@never_cache
@require_POST
def word(request: HttpRequest, site_code: str) -> HttpResponse:
    site = ground.site_by_code(site_code)
    return _read(request, site, word=request.POST.get("word", ""), text=request.POST.get("text", ""))


def _read(request: HttpRequest, site: SiteRow, *, word: str = "", text: str = "") -> HttpResponse:
    code = request.POST.get("code", "")[:40]
    if not abuse.tries.allows(address_of(request)):
        trouble = _("Too many codes were tried. Wait a quarter of an hour, then try again.")
        return _show(request, site, code=code, trouble=trouble, status=429)
    trouble = ""
    try:
        found = ledger.claimed(site.id, code)
        if word:
            judge, actor = _judges[found.source]
            judge(claim_code=code, word=word, text=text, actor=actor, at=site_clock(site.timezone))
            found = ledger.claimed(site.id, code)
    except NotFound:
        trouble = _("Nothing here has this code. Look at your card again: %(n)d letters and digits.") % {
            "n": CODE_LETTERS
        }
        return _show(request, site, code=code, trouble=trouble, status=404)
    except (Malformed, NothingToSay, RemarkNotOpen, NotAnsweredYet) as why:
        trouble, found = errors.sentence(why), ledger.claimed(site.id, code)
    return _show(request, site, code=grouped(code), found=found, trouble=trouble, status=422 if trouble else 200)


def _show(
    request: HttpRequest,
    site: SiteRow,
    *,
    code: str = "",
    found: ledger.ClaimedRow | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    values = {
        "site": site,
        "code": code,
        "found": found,
        "kind": kind_word(found.kind) if found else "",
        "verdict": verdict_name(found.verdict) if found else "",
        "fate": fate_name(found.fate) if found else "",
        "trouble": trouble,
        # nobody: a page that named the signed-in one would not be believed
        "actor": None,
        "now": site_clock(site.timezone),
    }
    return render(request, "web/voices/claim.html", values, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def letter(request: HttpRequest, here: Inside, letter_id: UUID) -> HttpResponse:
    """One letter or the words of one sheet, with its answer."""
    said = {name: request.POST.get(name, "") for name in ("verdict", "fate", "answer", "retold", "purpose")}
    if request.method != "POST":
        return _letter(request, here, letter_id, {})
    try:
        actions.answer_letter(letter_id=letter_id, **said, actor=here.actor, at=here.at, command=command_of(request))
    except (Malformed, NotOpenedYet) as why:
        return _letter(request, here, letter_id, said, trouble=errors.sentence(why))
    return redirect(f"{reverse('web:voices')}?told=1")


def _letter(
    request: HttpRequest, here: Inside, letter_id: UUID, typed: dict[str, str], *, trouble: str = ""
) -> HttpResponse:
    row = letters.letter_for(here.actor, letter_id)
    act = "letter.answer_disputed" if row.n_disagreed > 1 else "letter.answer"
    values = {
        "row": row,
        "kind": kind_word("survey" if row.origin == "survey" else "letter"),
        "purpose": purpose_name(row.purpose),
        "purposes": [(code, purpose_name(code)) for code in PURPOSES],
        "verdict": verdict_name(row.verdict),
        "fate": fate_name(row.fate),
        "verdicts": [(code, verdict_name(code)) for code in VERDICTS],
        "fates": [(code, fate_name(code)) for code in FATES],
        "may_answer": row.state == "open" and authority.may(here.actor, act, where=Where(here.site.id)),
        "typed": typed,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/voices/letter.html", values, status=422 if trouble else 200)

"""A person's own handbook: the book, what is to be read, the three questions; the book as PDF; the offline copy."""

from __future__ import annotations

import json
import subprocess
import sys
from threading import Lock
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound, Refusal
from yingxu.team import actions, queries
from yingxu.team.handbook import booklet, quiz
from yingxu.team.handbook.values import Book, Reading, rule_sections, rules_edition
from yingxu.team.queries import TryRow
from yingxu.team.refusals import NothingToRead
from yingxu.web import errors
from yingxu.web.handbook import shown
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.templatetags.yingxu import in_language, is_english

#: Setting a book takes about a third of a second; longer than this and something is wrong.
_SETTING_S = 60
_setting = Lock()


_SIGNED = {
    "1": lambda: _("Signed. Thank you."),
    "newer": lambda: _(
        "Signed for the edition that you read. A newer one came meanwhile: just what changed is left to sign."
    ),
}


def _own(here: Inside) -> Where:
    return Where(here.site.id, owner_ids=(here.actor.id or 0,))


def _may_sign(here: Inside) -> bool:
    return authority.may(here.actor, "handbook.sign", where=_own(here))


@never_cache
@require_safe
@inside
def book(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "handbook.read", where=_own(here))
    found = queries.book_of(here.site.id, here.actor.id or 0)
    values = {
        "book": found,
        "posts": _posts(found),
        "chapters": [
            shown.ChapterShown(
                chapter.line_code, in_language(chapter), chapter.icon, tuple(map(shown.page, chapter.procedures))
            )
            for chapter in found.chapters
        ],
        "sections": rule_sections(),
        "rules_edition": rules_edition(),
        "as_of": shown.day(found.as_of) if found.as_of else "",
        "n_unread": queries.n_owed(here.site.id, here.actor.id or 0) if _may_sign(here) else 0,
        "may_oversee": authority.may_anywhere(here.actor, "handbook.oversee"),
        "now": here.at,
    }
    return render(request, "web/handbook/book.html", values)


def _posts(found: Book) -> str:
    return _(", ").join((english if is_english() else "") or name for name, english in found.posts)


@never_cache
@require_safe
@inside
def unread(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "handbook.read", where=_own(here))
    account_id = here.actor.id or 0
    values = {
        "readings": [shown.reading(one, now=here.at) for one in queries.readings_of(here.site.id, account_id)]
        if _may_sign(here)
        else [],
        "signatures": [shown.signature(one) for one in queries.signatures_of(here.site.id, account_id)],
        "reminded_at": queries.reminded_at((account_id,), since_at=here.at - queries.REMIND_AGAIN).get(account_id),
        "said": _SIGNED[request.GET["signed"]]() if request.GET.get("signed") in _SIGNED else "",
        "now": here.at,
    }
    return render(request, "web/handbook/unread.html", values)


@never_cache
@require_safe
@inside
def unread_count(request: HttpRequest, here: Inside) -> HttpResponse:
    n = queries.n_owed(here.site.id, here.actor.id or 0) if _may_sign(here) else 0
    return render(request, "web/handbook/count.html", {"n": n})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def reading(request: HttpRequest, here: Inside, part: str) -> HttpResponse:
    authority.require(here.actor, "handbook.sign", where=_own(here))
    if request.method != "POST":
        return _reading_page(request, here, part)
    try:
        answered = actions.answer_quiz(
            site_id=here.site.id,
            part=part,
            digest=request.POST.get("digest", ""),
            attempt=_number(request.POST.get("attempt", "")),
            answers=[_number(request.POST.get(f"answer{n}", "")) for n in range(quiz.N_QUESTIONS)],
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refused:
        if refused.status == 403 or isinstance(refused, NothingToRead):
            raise
        return _reading_page(request, here, part, trouble=errors.sentence(refused), status=refused.status)
    if answered.is_passed:
        return redirect(f"{reverse('web:handbook_unread')}?signed=1")
    return _reading_page(request, here, part, status=422)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1


def _reading_page(
    request: HttpRequest,
    here: Inside,
    part: str,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    account_id = here.actor.id or 0
    found = next(iter(queries.readings_of(here.site.id, account_id, part=part)), None)
    if found is None:
        raise NothingToRead
    failed = queries.last_try(account_id, found)
    attempt = failed.number + 1 if failed is not None else 1
    asked = quiz.questions(found, account_id=account_id, attempt=attempt)
    values = {
        "reading": shown.reading(found, now=here.at),
        "changes": shown.changes(found),
        "pages": [shown.page(one) for one in found.procedures],
        "sections": rule_sections() if not found.procedures else (),
        "questions": [shown.question(one) for one in asked],
        "digest": found.digest,
        "attempt": attempt,
        "trouble": trouble,
        "failed": failed,
        "wrong": _wrong(found, account_id, failed),
        "command": new_command(),
        "older": found.older,
        "now": here.at,
    }
    return render(request, "web/handbook/reading.html", values, status=status)


def _wrong(found: Reading, account_id: int, failed: TryRow | None) -> list[str]:
    """Return the questions that were answered wrong; what is right stands in the text above them."""
    if failed is None:
        return []
    asked = quiz.questions(found, account_id=account_id, attempt=failed.number)
    return [shown.question(one).text for one, said in zip(asked, failed.answers, strict=False) if one.right != said]


@never_cache
@require_safe
@inside
def procedure(request: HttpRequest, here: Inside, item_code: str) -> HttpResponse:
    authority.require(here.actor, "handbook.read", where=_own(here))
    found = queries.procedure_of_item(here.site.id, item_code[:32])
    return render(request, "web/handbook/procedure_page.html", {"page": shown.page(found), "now": here.at})


@never_cache
@require_safe
@inside
def book_pdf(request: HttpRequest, here: Inside) -> HttpResponseBase:
    authority.require(here.actor, "handbook.read", where=_own(here))
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    found = queries.book_of(here.site.id, here.actor.id or 0)
    language = "en" if is_english() else "zh"
    address = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    zone = ZoneInfo(here.site.timezone)
    said = booklet.pages(
        found, language=language, address=address, zone=zone, printed_on=here.at.astimezone(zone).date()
    )
    pdf = _set(json.dumps({"pages": said, "cover": booklet.cover(found, language=language)}))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="handbook-{found.version}.pdf"'
    return response


def _set(said: str) -> bytes:
    """Return a book as PDF, set in a process of its own: fonts and layout stay out of the web's memory."""
    with _setting:
        done = subprocess.run(
            [sys.executable, "-m", "yingxu.team.handbook.booklet"],
            input=said.encode(),
            capture_output=True,
            timeout=_SETTING_S,
            check=True,
        )
    return done.stdout


#: What the offline copy of the book needs besides its pages.
_STATIC = (
    "web/phone.css",
    "web/handbook.css",
    "web/handbook.js",
    "web/handbook-sign.js",
    "web/mywork-queue.js",
    "web/mywork-store.js",
    "web/clock.js",
    "web/reach.js",
    "web/logo.svg",
    "vendor/icons.svg",
)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the handbook's own service worker; it may keep what lies under /handbook and nothing else."""
    path = finders.find("web/handbook-sw.js")
    if path is None:
        raise NotFound(kind="file", name="handbook-sw.js")
    static = [staticfiles_storage.url(name) for name in _STATIC]
    with open(str(path), encoding="utf-8") as file:
        text = file.read().replace('"__STATIC__"', json.dumps(static))
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = reverse("web:handbook")
    response["Cache-Control"] = "no-cache"
    response["Content-Language"] = get_language() or ""
    return response

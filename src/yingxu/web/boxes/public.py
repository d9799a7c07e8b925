"""The box's own page: no account, no name, no hour. It reads neither session nor cookies beyond the form's guard."""

from __future__ import annotations

from math import isfinite
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import queries as ground
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice import actions as voice
from yingxu.voice.claims import CODE_LETTERS, LETTER_LIMIT, PURPOSES, new_claim_code
from yingxu.voice.queries import boxes as queries
from yingxu.voice.queries.boxes import BoxRow, LetterRow
from yingxu.voice.refusals import BoxClosed, NothingToSay
from yingxu.web import errors
from yingxu.web.addresses import address_of
from yingxu.web.boxes import abuse
from yingxu.web.boxes.codes import page_address
from yingxu.web.boxes.words import fate_name, purpose_name, verdict_name
from yingxu.web.clock import site_clock


@never_cache
@csrf_exempt  # whoever holds the code is nobody: there is no session to abuse, and no cookie is set
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HttpRequest, token: str) -> HttpResponse:
    try:
        row = queries.box_by_token(token)
    except NotFound:
        return render(request, "web/boxes/no_box.html", {"actor": None}, status=404)
    if request.method != "POST":
        return _page(request, row, {})
    site = ground.site_by_id(row.site_id)
    said = {name: request.POST.get(name, "") for name in ("text", "purpose", "signature", "code")}
    is_phone = request.headers.get("Accept", "") == "application/json"  # its script shows the card itself
    address = address_of(request)
    if not abuse.refused.allows(address):
        trouble = _("Very many letters came at once. Yours is kept below: wait a quarter of an hour, then send it.")
        return _trouble(request, row, said, trouble, 429, is_phone=is_phone)
    try:
        voice.drop_letter(
            token=token,
            text=said["text"],
            claim_code=said["code"],
            purpose=said["purpose"],
            signature=said["signature"],
            photos=[photo.read() for photo in request.FILES.getlist("photos")],
            ago_s=_seconds(request.POST.get("ago_s", "")),
            is_suspect=not abuse.apart.allows(address),
            actor=voice.BOX,
            at=site_clock(site.timezone),
        )
    except (Malformed, BoxClosed) as refused:
        return _trouble(request, row, said, errors.sentence(refused), 422, is_phone=is_phone)
    if is_phone:
        return JsonResponse({"kept": True})
    return _show(request, "web/boxes/card.html", row, code=grouped(said["code"]), address=_own_address(request, row))


def _trouble(
    request: HttpRequest, row: BoxRow, said: dict[str, str], trouble: str, status: int, *, is_phone: bool
) -> HttpResponse:
    if is_phone:
        return JsonResponse({"said": trouble}, status=status)
    return _page(request, row, said, trouble=trouble, status=status)


def _own_address(request: HttpRequest, row: BoxRow) -> str:
    return page_address(request, reverse("web:box", args=[row.token]))


def _seconds(said: str) -> float:
    try:
        found = float(said)
    except ValueError:
        return 0.0
    return found if isfinite(found) else 0.0


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer by the claim code; the code comes in the form, never in the address."""
    row = queries.box_by_token(token)
    if request.method != "POST":
        return _show(request, "web/boxes/answer.html", row, letter=None, code="", trouble="")
    code = request.POST.get("code", "")[:40]
    if not abuse.tries.allows(address_of(request)):
        trouble = _("Too many codes were tried. Wait a quarter of an hour, then try again.")
        return _show(request, "web/boxes/answer.html", row, 429, letter=None, code=code, trouble=trouble)
    return _answer(request, row, code)


@never_cache
@csrf_exempt
@require_POST
def judge(request: HttpRequest, token: str) -> HttpResponse:
    row = queries.box_by_token(token)
    code = request.POST.get("code", "")[:40]
    if not abuse.tries.allows(address_of(request)):
        trouble = _("Too many codes were tried. Wait a quarter of an hour, then try again.")
        return _show(request, "web/boxes/answer.html", row, 429, letter=None, code=code, trouble=trouble)
    try:
        voice.judge_answer(
            claim_code=code,
            word=request.POST.get("word", ""),
            text=request.POST.get("text", ""),
            actor=voice.BOX,
            at=site_clock(ground.site_by_id(row.site_id).timezone),
        )
    except NotFound:
        return _answer(request, row, code)
    except (Malformed, NothingToSay) as refused:
        return _answer(request, row, code, trouble=errors.sentence(refused))
    return _answer(request, row, code, is_judged=True)


@never_cache
@require_safe
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """What was answered in public, without names."""
    row = queries.box_by_token(token)
    told = [_said(letter) for letter in queries.answered_in_public(row.site_id)]
    return _show(request, "web/boxes/answers.html", row, told=told)


def grouped(code: str) -> str:
    """Return a claim code in groups of four, as it stands on the card."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return "-".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def _answer(
    request: HttpRequest, row: BoxRow, code: str, *, trouble: str = "", is_judged: bool = False
) -> HttpResponse:
    try:
        letter = _said(queries.letter_by_code(row.token, code))
    except NotFound:
        trouble = _("No letter of this box has this code. Look at your card again: %(n)d letters and digits.") % {
            "n": CODE_LETTERS
        }
        return _show(request, "web/boxes/answer.html", row, 404, letter=None, code=code, trouble=trouble)
    values = {"letter": letter, "code": grouped(code), "trouble": trouble, "is_judged": is_judged}
    return _show(request, "web/boxes/answer.html", row, 422 if trouble else 200, **values)


def _said(letter: LetterRow) -> dict[str, Any]:
    return {
        "row": letter,
        "n_photos": len(letter.photos),
        "verdict": verdict_name(letter.verdict),
        "fate": fate_name(letter.fate),
    }


def _page(
    request: HttpRequest, row: BoxRow, said: dict[str, str], *, trouble: str = "", status: int = 200
) -> HttpResponse:
    return _show(
        request,
        "web/boxes/box.html",
        row,
        status,
        said=said,
        code=said.get("code") or new_claim_code(),
        purposes=[(code, purpose_name(code)) for code in PURPOSES],
        limit=LETTER_LIMIT,
        address=_own_address(request, row),
        trouble=trouble,
    )


def _show(request: HttpRequest, template: str, row: BoxRow, status: int = 200, **values: Any) -> HttpResponse:
    # nobody: a page that named the signed-in one, or counted her notices, would not be believed
    site = ground.site_by_id(row.site_id)
    return render(request, template, {"box": row, "site": site, "actor": None, **values}, status=status)

"""The rating stand (评议台) on its tablet, and its figures for those who answer for it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice.actions import stands as voice
from yingxu.voice.actions.stands import NewTap
from yingxu.voice.queries import stands as queries
from yingxu.voice.queries.stands import StandRow
from yingxu.web import errors, words
from yingxu.web.addresses import address_of
from yingxu.web.ask.limits import Counter
from yingxu.web.boxes.codes import page_code
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, command_of, inside, lines_of, new_command
from yingxu.web.kiosk.worker import worker
from yingxu.web.stands.words import FACES, face_name, reason_name

#: The thanks stay so long; the reasons are asked for so long.
RESETS_IN_S, ASKED_S = 8, 8
DAYS = 28
#: Sendings by one address within ten minutes; each holds a queue.
_sendings = Counter(300)
#: What its page is drawn with: kept in the stand's own browser.
_STATIC = (
    *("web/phone.css", "web/stand.css", "web/logo.svg", "web/clock.js", "web/reach.js"),
    *("web/standing.js", "web/stand.js"),
    "vendor/icons.svg",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # whoever passes is nobody: there is no session to abuse
def stand(request: HttpRequest, token: str) -> HttpResponse:
    """The three faces. Without a script one touch of a face is the whole rating."""
    try:
        row = queries.stand_by_token(token)
    except NotFound:
        return render(request, "web/kiosk/no_kiosk.html", {"actor": None}, status=404)
    is_said = request.method == "POST"
    if is_said:
        face = request.POST.get("face", "")
        tap = NewTap(request.POST.get("tap", "")[:36], int(face) if face.isdigit() else 0, "", 0.0)
        _leave(request, row, [tap], device=f"page:{address_of(request)}")
    values = {
        "stand": row,
        "site": ground.site_by_id(row.site_id),
        "faces": [
            (face, face_name(face), icon, [(code, reason_name(code)) for code in reasons])
            for face, (icon, reasons) in FACES.items()
        ],
        "tap": uuid4(),
        "is_said": is_said,
        "duty": queries.on_duty(row, at=site_clock(ground.site_by_id(row.site_id).timezone)),
        "resets_in_s": RESETS_IN_S,
        "asked_s": ASKED_S,
        "worker": reverse("web:stand_worker"),
        "scope": _scope(),
        "actor": None,
    }
    return render(request, "web/stands/stand.html", values)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker of the stands' own pages: switched on without a network they open all the same."""
    return worker("yingxu-stand", _STATIC, _scope())


def _scope() -> str:
    """Return the address under which stands lie."""
    return reverse("web:stand_worker").rpartition("/")[0] + "/"


@never_cache
@require_safe
def duty(request: HttpRequest, token: str) -> HttpResponse:
    """Who is on duty now; a tablet that stands for weeks asks again."""
    row = queries.stand_by_token(token)
    found = queries.on_duty(row, at=site_clock(ground.site_by_id(row.site_id).timezone))
    return render(request, "web/stands/duty.html", {"duty": found, "actor": None})


@csrf_exempt
@require_POST
def taps(request: HttpRequest, token: str) -> JsonResponse:
    """A device's queue; what arrived may be forgotten there, what is malformed too."""
    try:
        row = queries.stand_by_token(token)
        said = json.loads(request.body or b"{}")
        left = [
            NewTap(str(one["id"])[:36], int(one["face"]), str(one.get("reason", "")), float(one.get("ago_s", 0)))
            for one in said["taps"]
        ]
        kept = _leave(request, row, left, device=str(said["device"])[:64])
    except NotFound:
        return JsonResponse({"problem": "closed"}, status=404)
    except (Malformed, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return JsonResponse({"problem": "malformed"}, status=422)
    return JsonResponse({"kept": kept.n, "apart": kept.n_apart})


def _leave(request: HttpRequest, row: StandRow, left: list[NewTap], *, device: str) -> voice.TapsKept:
    if not _sendings.allows(address_of(request)):
        return voice.TapsKept(0, 0)
    site = ground.site_by_id(row.site_id)
    return voice.leave_taps(token=row.token, taps=left, device=device, actor=voice.STAND, at=site_clock(site.timezone))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def stands(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here, None)


@require_POST
@inside
def change(request: HttpRequest, here: Inside, stand_id: UUID) -> HttpResponse:
    return _page(request, here, stand_id)


def _page(request: HttpRequest, here: Inside, stand_id: UUID | None) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("name", "place", "line", "most")}
    trouble = ""
    if request.method == "POST":
        try:
            voice.set_stand(
                site_id=here.site.id,
                stand_id=stand_id,
                name=typed["name"],
                place_code=typed["place"].strip(),
                line_code=typed["line"],
                most_per_hour=int(typed["most"]) if typed["most"].isdigit() else 0,
                is_on=stand_id is None or request.POST.get("is_on") == "1",
                actor=here.actor,
                at=here.at,
                command=command_of(request),
            )
        except (Malformed, NotFound) as why:
            trouble = errors.sentence(why)
        else:
            return redirect("web:stands")
    return render(
        request, "web/stands/list.html", _values(request, here, typed, trouble), status=422 if trouble else 200
    )


def _values(request: HttpRequest, here: Inside, typed: dict[str, str], trouble: str) -> dict[str, Any]:
    scores = queries.stand_scores(
        here.actor, here.site.id, since=here.at - timedelta(days=DAYS), until=here.at + timedelta(seconds=1)
    )
    return {
        "rows": [
            {
                "score": score,
                "line": words.line_name(score.stand.line_code) if score.stand.line_code else "",
                "percent": None if score.good.share is None else round(100 * score.good.share),
                "low": None if score.good.low is None else round(100 * score.good.low),
                "high": None if score.good.high is None else round(100 * score.good.high),
                "reasons": [(reason_name(code), n) for code, n in score.reasons],
                "teams": [(team, round(100 * (team.good.share or 0.0))) for team in score.teams],
                "code": page_code(request, reverse("web:stand", args=[score.stand.token])),
            }
            for score in scores
        ],
        "days": DAYS,
        "lines": lines_of(here.site.id),
        "may_manage": authority.may(here.actor, "stand.manage", where=Where(here.site.id)),
        "may_see_apart": authority.may(here.actor, "apart.read", where=Where(here.site.id)),
        "typed": typed,
        "is_new": request.method == "POST" and request.path == reverse("web:stands"),
        "trouble": trouble,
        "command": new_command(),
    }

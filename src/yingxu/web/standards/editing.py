"""The editor of a draft: cards of steps, promises, basis. Saved in whole or not at all; nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.core.procedure import BASIS_KINDS, MILESTONES, STEP_TYPES, Finding
from yingxu.core.procedure.conditions import answers_of
from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.standards import actions, library, queries
from yingxu.standards.queries import EditionRow, ItemStandard
from yingxu.standards.refusals import EditedMeanwhile, TextRefused, WrongStage
from yingxu.web import saying
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.sentences import sentence
from yingxu.web.standards import shown, typed, wording
from yingxu.web.standards.views import calendars_of
from yingxu.web.templatetags.yingxu import priority_word


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def edit(request: HttpRequest, here: Inside, item_code: str, number: int) -> HttpResponse:
    """Write on a draft. ``act`` is ``save``, ``submit`` (save, then hand in), or one that rearranges what is typed."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    row = found.edition(number)
    if not found.may_draft:
        raise NotAllowed(action="standard.draft")
    if request.method == "POST":
        return _posted(request, here, found, row)
    if row.state != "draft":
        raise WrongStage(state=row.state, needed="draft")
    said = typed.Typed(queries.edition_text(row.key), row.why, row.length_reason, row.revision)
    return _page(request, here, found, row, said)


def _posted(request: HttpRequest, here: Inside, found: ItemStandard, row: EditionRow) -> HttpResponse:
    said, act = typed.read(request.POST), request.POST.get("act", "save")
    if act not in {"save", "submit"}:
        anchor = typed.rearrange(said.text, act, post=request.POST)
        return _page(request, here, found, row, said, is_unsaved=True, anchor=anchor)
    try:
        saved = actions.edit_draft(
            edition_id=row.id,
            revision=said.revision,
            text=said.text,
            why=said.why,
            length_reason=said.length_reason,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (TextRefused, EditedMeanwhile) as refusal:
        return _page(request, here, found, row, said, is_unsaved=True, refusal=refusal)
    if act == "submit":
        return HttpResponseRedirect(reverse("web:standard_review", args=[found.code, row.number]))
    address = reverse("web:standard_edit", args=[found.code, row.number])
    return HttpResponseRedirect(f"{address}?saved={saved.revision}")


def _page(
    request: HttpRequest,
    here: Inside,
    found: ItemStandard,
    row: EditionRow,
    said: typed.Typed,
    *,
    is_unsaved: bool = False,
    anchor: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    calendars = calendars_of(here.site.id)
    findings = refusal.findings if isinstance(refusal, TextRefused) else ()
    values = {
        "item": found,
        "edition": row,
        "said": said,
        "text": said.text,
        "steps": _cards(said.text["steps"], findings),
        "terms": _term_groups(said.text["terms"], findings, anchor),
        "basis": list(enumerate(said.text["basis"])),
        "step_types": [(code, wording.step_word(code), wording.STEP_ICONS[code]) for code in STEP_TYPES],
        "certificates": [(code, wording.certificate_word(code)) for code in library.by_code("certificates")],
        "milestones": [(code, wording.milestone_word(code)) for code in MILESTONES],
        "priorities": [(level, priority_word(level)) for level in (1, 2, 3, 4)],
        "calendars": [(code, shown.calendar_name(code, calendars)) for code in calendars],
        "place_classes": [(code, shown.place_class_name(code)) for code in library.by_code("place_classes")],
        "basis_kinds": [(code, wording.basis_word(code)) for code in BASIS_KINDS],
        "length": shown.length_of(said.text, found.kind),
        "findings": [(f"#{_anchor_of(one)}", wording.finding_said(one)) for one in findings],
        "sentence": sentence(refusal) if refusal is not None and not findings else "",
        "is_meanwhile": isinstance(refusal, EditedMeanwhile),
        "newest_revision": row.revision,
        "is_unsaved": is_unsaved,
        "is_saved": not is_unsaved and bool(request.GET.get("saved")),
        "anchor": anchor,
        "command": new_command(),
        # what the browser keeps of an unsaved draft belongs to one person and one draft
        "keep_under": f"yingxu-draft:{here.actor.account_id}:{row.id}",
        "now": here.at,
    }
    status = refusal.status if refusal is not None else 200
    return render(request, "web/standards/edit.html", values, status=status)


def _anchor_of(found: Finding) -> str:
    if found.at and found.part in {"steps", "terms", "basis"}:
        return f"{found.part.removesuffix('s') if found.part != 'basis' else 'basis'}-{found.at - 1}"
    return found.part


def _cards(steps: list[dict[str, Any]], findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Return the steps as the editor's cards: kind in words, options with room for more, conditions to choose from."""
    wrong = {found.at - 1 for found in findings if found.part == "steps"}
    cards = []
    for at, step in enumerate(steps):
        chosen = step.get("only_if") or {}
        cards.append(
            {
                "at": at,
                "step": step,
                "kind": wording.step_word(step["type"]),
                "icon": wording.STEP_ICONS.get(step["type"], "check"),
                "is_reading": step["type"] in {"number", "meter"},
                "options": typed.options_shown(step) if step["type"] == "choice" else [],
                "conditions": [
                    {
                        "value": f"{before['code']}={answer}",
                        "words": f"{n}. {wording.said_of_step(before)[:20]} → {wording.answer_word(before, answer)}",
                        "is_chosen": chosen.get("step") == before["code"] and answer in (chosen.get("is") or ()),
                    }
                    for n, before in enumerate(steps[:at], 1)
                    for answer in answers_of(before)
                ],
                "is_conditional": bool(chosen),
                "certificate": wording.certificate_word(str(step.get("certificate") or "")),
                "is_other_certificate": step.get("certificate") not in library.by_code("certificates"),
                "is_wrong": at in wrong,
                "is_first": at == 0,
                "is_last": at == len(steps) - 1,
            }
        )
    return cards


def _term_groups(terms: list[dict[str, Any]], findings: tuple[Finding, ...], anchor: str) -> list[dict[str, Any]]:
    """Return the promises as rows, those of one urgency that stand together under one heading that folds."""
    wrong = {found.at - 1 for found in findings if found.part == "terms"}
    groups: list[dict[str, Any]] = []
    for at, term in enumerate(terms):
        level = term.get("priority")
        if not groups or groups[-1]["level"] != level:
            word = priority_word(level) if level in (1, 2, 3, 4) else str(level or "—")
            groups.append({"level": level, "word": word, "rows": []})
        groups[-1]["rows"].append({**_term_row(at, term), "is_wrong": at in wrong or anchor == f"term-{at}"})
    for group in groups:
        group["said"] = _promised_in_short(group["rows"])
    return groups


def _promised_in_short(rows: list[dict[str, Any]]) -> str:
    """Return what a folded group promises everywhere, in a line: on the spot 5 min, done 2 h."""
    said = [
        f"{wording.milestone_word(row['term']['milestone'])} {saying.duration(row['term']['limit_s'])}"
        for row in rows
        if not row["term"].get("place_class") and isinstance(row["term"].get("limit_s"), int)
    ]
    return _(", ").join(said)


def _term_row(at: int, term: dict[str, Any]) -> dict[str, Any]:
    figure, unit = typed.time_shown(term.get("limit_s"))
    return {"at": at, "term": term, "limit": figure, "unit": unit, "percent": typed.percent_shown(term["percentile"])}

"""What forms of the stores' pages carry out: each name is one verb; what is refused leaves the words in the form."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside
from yingxu.web.stores import views
from yingxu.web.stores.reading import day_of, fen_of, in_hours, needed_uid, quantity_of
from yingxu.work.actions import parts, shelves, shortages, stocktakes, stores
from yingxu.work.queries import parts as questions

PartAct = Callable[[Inside, UUID, QueryDict, CommandKey | None], object]


def _receive(here: Inside, part_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return shelves.receive_stock(
        store_id=needed_uid(post, "store", "to_store"),
        part_id=part_id,
        quantity=quantity_of(post),
        price_fen=fen_of(post, "price"),
        received_on=day_of(post, "received_on"),
        expires_on=day_of(post, "expires_on"),
        batch=post.get("batch", ""),
        supplier=post.get("supplier", ""),
        document=post.get("document", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _minimum(here: Inside, part_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return shelves.set_minimum(
        store_id=needed_uid(post, "store", "to_store"),
        part_id=part_id,
        minimum=quantity_of(post, "minimum"),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _send(here: Inside, part_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return shelves.transfer_stock(
        site_id=here.site.id,
        level_id=needed_uid(post, "level", "part"),
        to_store_id=needed_uid(post, "to", "to_store"),
        quantity=quantity_of(post),
        note=post.get("note", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _at_job(verb: Callable[..., object]) -> PartAct:
    def act(here: Inside, part_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
        return verb(
            job_id=questions.job_numbered(here.actor, here.site.id, post.get("job", "")),
            level_id=needed_uid(post, "level", "part"),
            quantity=quantity_of(post),
            actor=here.actor,
            at=here.at,
            command=command,
        )

    return act


PART_ACTS: dict[str, PartAct] = {
    "receive": _receive,
    "minimum": _minimum,
    "send": _send,
    "issue": _at_job(parts.issue_part),
    "return": _at_job(parts.return_part),
    "keep": _at_job(parts.reserve_part),
}


@require_POST
@inside
def part_act(request: HttpRequest, here: Inside, part_id: UUID, name: str) -> HttpResponse:
    carried_out = PART_ACTS.get(name)
    if carried_out is None:
        raise Http404
    try:
        carried_out(here, part_id, request.POST, command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return views.part_page(request, here, part_id, trouble=errors.sentence(why), act=name, status=why.status)
    return redirect(f"{reverse('web:stock_part', args=[part_id])}?{urlencode({'done': name})}")


def _set_part(here: Inside, post: QueryDict, command: CommandKey | None, part_id: UUID | None) -> stores.Kept:
    return stores.set_part(
        site_id=here.site.id,
        part_id=part_id,
        code=post.get("code", ""),
        name=post.get("name", ""),
        name_en=post.get("name_en", ""),
        spec=post.get("spec", ""),
        unit_name=post.get("unit", ""),
        unit_name_en=post.get("unit_en", ""),
        is_whole=post.get("is_whole") == "1",
        item_codes=post.get("items", "").replace("，", ",").replace(",", " ").split(),
        is_active=part_id is None or post.get("is_active") == "1",
        actor=here.actor,
        at=here.at,
        command=command,
    )


@require_POST
@inside
def make_part(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        kept = _set_part(here, request.POST, command_of(request), None)
    except NotAllowed:
        raise
    except Refusal as why:
        return views.part_form(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:stock_part", part_id=kept.uid)


@require_POST
@inside
def change_part(request: HttpRequest, here: Inside, part_id: UUID) -> HttpResponse:
    try:
        _set_part(here, request.POST, command_of(request), part_id)
    except NotAllowed:
        raise
    except Refusal as why:
        return views.part_page(request, here, part_id, trouble=errors.sentence(why), act="change", status=why.status)
    return redirect("web:stock_part", part_id=part_id)


@require_POST
@inside
def set_store(request: HttpRequest, here: Inside, store_id: UUID | None = None) -> HttpResponse:
    post = request.POST
    try:
        stores.set_store(
            site_id=here.site.id,
            store_id=store_id,
            code=post.get("code", ""),
            name=post.get("name", ""),
            name_en=post.get("name_en", ""),
            place_code=post.get("place", "").strip(),
            party_id=int(post["party"]) if post.get("party", "").isdigit() else None,
            keeper_id=int(post["keeper"]) if post.get("keeper", "").isdigit() else None,
            is_open=store_id is None or post.get("is_open") == "1",
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except NotAllowed:
        raise
    except Refusal as why:
        return views.set_up_page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:store_setup")


@require_POST
@inside
def settle_lacking(request: HttpRequest, here: Inside, shortage_id: UUID, name: str) -> HttpResponse:
    try:
        if name == "order":
            shortages.order_shortage(
                shortage_id=shortage_id,
                supplier=request.POST.get("supplier", ""),
                expected_at=in_hours(request.POST, here),
                actor=here.actor,
                at=here.at,
                command=command_of(request),
            )
        elif name == "drop":
            shortages.drop_shortage(shortage_id=shortage_id, actor=here.actor, at=here.at, command=command_of(request))
        else:
            raise Http404
    except NotAllowed:
        raise
    except Refusal as why:
        return views.lacking_page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:lacking")


@require_POST
@inside
def begin_take(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        store_id = needed_uid(request.POST, "store", "to_store")
        kept = stocktakes.begin_stock_take(store_id=store_id, actor=here.actor, at=here.at, command=command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return views.takes_page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:stock_take", take_id=kept.take_id)


@require_POST
@inside
def take_act(request: HttpRequest, here: Inside, take_id: UUID, name: str) -> HttpResponse:
    post, command = request.POST, command_of(request)
    try:
        if name == "count":
            level_id = needed_uid(post, "level", "part")
            stocktakes.count_part(
                take_id=take_id,
                level_id=level_id,
                counted=quantity_of(post, "counted"),
                reason=post.get("reason", ""),
                note=post.get("note", ""),
                actor=here.actor,
                at=here.at,
                command=command,
            )
        elif name in {"settle", "drop"}:
            verb = stocktakes.settle_stock_take if name == "settle" else stocktakes.drop_stock_take
            verb(take_id=take_id, actor=here.actor, at=here.at, command=command)
        else:
            raise Http404
    except NotAllowed:
        raise
    except Refusal as why:
        return views.take_page(request, here, take_id, trouble=errors.sentence(why), status=why.status)
    back = reverse("web:stock_take", args=[take_id])
    if name == "count":
        kept = {key: request.GET[key] for key in ("q", "after") if request.GET.get(key)}
        return redirect(f"{back}{'?' + urlencode(kept) if kept else ''}#line-{post.get('level', '')}")
    return redirect(back)

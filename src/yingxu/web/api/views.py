"""The API's endpoints: parse, read the clock, one call, shape."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Any, cast
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.params import QueryEx
from ninja.parser import Parser

from yingxu.demand import actions as demand
from yingxu.demand import queries as demand_queries
from yingxu.ground.refusals import NotFound, Refusal
from yingxu.web import errors
from yingxu.web.addresses import addressed_to
from yingxu.web.api import dispatch, own_work, shapes, transport
from yingxu.web.api.calling import KEY_DESCRIBED, REFUSALS, actor_of, command_of, site_key
from yingxu.web.api.schemas import Created, NewRequest, RequestDetail, RequestList
from yingxu.web.api.tokens import Bearer, TooMany
from yingxu.web.links import follow_url
from yingxu.web.whole import request_in_whole

router = Router(tags=["requests"])


@router.post(
    "/requests",
    response={201: Created, **REFUSALS},
    summary="Ask for something",
    openapi_extra=dict(KEY_DESCRIBED),
)
def create_request(request: HttpRequest, body: NewRequest) -> HttpResponse:
    """Take in a request: its number, what is promised, and a private link to follow it.

    A repeated ``Idempotency-Key`` answers the first status and body again with ``Idempotency-Replayed: true``; the same
    key with another body is refused (422).
    """
    command = command_of(request)
    who = body.requester
    raised = demand.raise_request(
        site_id=site_key(body.site),
        channel="api",
        text=body.text,
        item_code=body.item,
        place_code=body.place,
        requester_name=who.name if who else "",
        requester_phone=who.phone if who else "",
        wanted=_wanted(body),
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    link = follow_url(raised.id, host=addressed_to(request))
    response = HttpResponse(shapes.created(raised, follow_url=link), content_type="application/json", status=201)
    if command is not None and command.is_replayed:
        response["Idempotency-Replayed"] = "true"
    return response


@router.get("/requests", response={200: RequestList, **REFUSALS}, summary="List requests, newest first")
def list_requests(
    request: HttpRequest,
    site: Annotated[str, QueryEx(max_length=32)],
    state: Annotated[str | None, QueryEx(max_length=12, description="public state code")] = None,
    cursor: Annotated[str | None, QueryEx(max_length=200)] = None,
    limit: Annotated[int, QueryEx(ge=1, le=100)] = 25,
) -> dict[str, Any]:
    """Return a page of the site's requests that the caller may see, newest first."""
    page = demand_queries.request_page(
        actor_of(request), site_key(site), state=state, cursor=cursor, limit=limit, order="newest"
    )
    return {"items": [shapes.listed(row) for row in page.rows], "next": page.next}


@router.get("/requests/{uuid:request_id}", response={200: RequestDetail, **REFUSALS}, summary="One request in whole")
def read_request(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """Return one request with its promises, jobs and words."""
    return shapes.detailed(request_in_whole(actor_of(request), request_id))


def _wanted(body: NewRequest) -> demand.Wanted:
    """Return the form and the appointment that a body carries; nothing for most."""
    if body.form is None and body.wanted_from is None and body.wanted_to is None:
        return demand.NOTHING
    form = None if body.form is None else {code: "" if said is None else said for code, said in body.form.items()}
    begins, ends = (
        moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
        for moment in (body.wanted_from, body.wanted_to)
    )
    return demand.Wanted(form=form, wanted_from=begins, wanted_to=ends)


def _described(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    return errors.problem(status, code, detail)


class _Reader(Parser):
    """Reads bodies with the faster of two parsers; what is no JSON (NaN, half a surrogate) is unreadable."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return cast("dict[str, Any]", orjson.loads(request.body))


class _Api(NinjaAPI):
    """An API whose calls that write make their whole answer themselves."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        return cast(HttpResponse, None) if request.method == "POST" else super().create_temporal_response(request)


def make_api() -> NinjaAPI:
    """Return the API with its errors as problem documents."""
    api = _Api(
        title="Yingxu 应需",
        version="1",
        urls_namespace="api",
        auth=Bearer(),
        parser=_Reader(),
        docs_url=None,
        openapi_url="/openapi.json",
        description="Requests for hospital support services: raise, list, read, follow; who goes, and why; transport. "
        "Errors are RFC 9457 problems.",
    )
    for part in (router, dispatch.router, own_work.router, transport.router):
        api.add_router("", part)

    @api.exception_handler(Refusal)
    def refuse(request: HttpRequest, refusal: Any) -> HttpResponse:
        # what a body names and nobody knows is a fault of the body; what the address names is just not there
        is_lost = isinstance(refusal, NotFound) and request.method == "POST"
        is_here = is_lost and refusal.kind == "job" and refusal.name in request.path_info
        status = 422 if is_lost and not is_here else refusal.status
        return errors.problem(status, refusal.code, errors.sentence(refusal), facts=refusal.facts())

    @api.exception_handler(AuthenticationError)
    def unknown_caller(request: HttpRequest, error: Any) -> HttpResponse:
        response = _described(request, 401, "unauthenticated", _("Send a valid token: Authorization: Bearer yx_…"))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(ValidationError)
    def wrong_form(request: HttpRequest, error: Any) -> HttpResponse:
        first = error.errors[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "header"))
        return _described(request, 422, "malformed", f"{where}: {first['msg']}")

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
        return _described(request, error.status_code, "unreadable", str(error))

    @api.exception_handler(TooMany)
    def too_many(request: HttpRequest, error: Any) -> HttpResponse:
        response = _described(request, 429, "too_many", _("Too many calls; try again in %(seconds)s s.") % vars(error))
        response["Retry-After"] = str(error.seconds)
        return response

    return api

"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field


class Requester(BaseModel):
    """Who asks, when it is not the caller."""

    name: str = Field("", max_length=64)
    phone: str = Field("", max_length=32)


class NewRequest(BaseModel):
    """A need: where, what, in whose words."""

    site: str = Field(max_length=32, description="code of the site")
    place: str | None = Field(None, max_length=64, description="code of the place; null when it is not known")
    item: str | None = Field(None, max_length=32, description="code of the catalogue item; null lets the desk decide")
    text: str = Field(description="what is needed, in the asker's words (1 to 2000 characters)")
    requester: Requester | None = None
    form: dict[str, str | int | float | bool | None] | None = Field(
        None, description="the item's fields by code; null asks for none, an object is checked whole"
    )
    wanted_from: datetime | None = Field(None, description="appointment: wanted from then on")
    wanted_to: datetime | None = Field(None, description="appointment: wanted until then")


class PromiseOut(Schema):
    """A promised milestone."""

    milestone: str
    limit_s: int
    due_at: datetime


class Created(Schema):
    """A request as taken in."""

    id: UUID
    number: str
    state: str
    priority: int
    created_at: datetime
    promises: list[PromiseOut]
    follow_url: str


class RequestOut(Schema):
    """A request in a list."""

    id: UUID
    number: str
    state: str
    is_open: bool
    priority: int
    text: str
    item: str | None
    line: str | None
    place: str
    next_due_at: datetime | None
    created_at: datetime


class RequestList(Schema):
    """A page of requests, newest first; ``next`` is the cursor of the following page."""

    items: list[RequestOut]
    next: str | None


class ClockOut(Schema):
    """A promised milestone as it stands."""

    milestone: str
    state: str
    limit_s: int
    started_at: datetime
    due_at: datetime | None
    reached_at: datetime | None


class JobOut(Schema):
    """A job under a request."""

    id: UUID
    number: str
    state: str
    item: str
    worker: str | None


class WordOut(Schema):
    """Something that was said."""

    kind: str
    text: str
    said_by: str
    said_at: datetime
    is_from_asker: bool


class RequestDetail(RequestOut):
    """A request in whole."""

    closed_at: datetime | None
    final_answer: str | None
    answer_text: str
    promises: list[ClockOut]
    jobs: list[JobOut]
    words: list[WordOut]


class Problem(Schema):
    """RFC 9457 problem document with a stable code."""

    type: str
    status: int
    code: str
    detail: str

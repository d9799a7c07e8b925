"""Service hours: who reads, who changes."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests.web.permission_rows.kit import EVERYBODY, Row, Scene, request_path, some

#: The hospital's officer; ``away`` is one at another hospital.
OFFICER = some("officer away")


def _change(scene: Scene) -> dict[str, str]:
    soon = timezone.now() + timedelta(days=40)
    return {"weekday": "09:00-12:00", "weekend": "", "from_on": f"{soon:%Y-%m-%d}", "command": str(uuid4())}


def _day(scene: Scene) -> dict[str, str]:
    return {"on": f"{timezone.now() + timedelta(days=50):%Y-%m-%d}", "name": "院庆", "command": str(uuid4())}


ROWS: dict[str, tuple[Row, ...]] = {
    "calendars": (Row(request_path("calendars"), EVERYBODY),),
    "calendar": (Row(request_path("calendars/office"), EVERYBODY - {"away"}),),
    "new_calendar": (
        Row(request_path("calendars/new"), allowed=OFFICER),
        Row(
            request_path("calendars/new"),
            allowed=OFFICER,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"code": f"c{uuid4().hex[:8]}", "name": "新时间", "weekday": "09:00-12:00"},
        ),
    ),
    "edit_calendar": (
        Row(
            request_path("calendars/office/edit"),
            allowed=some("officer"),
            method="post",
            ok=(302, 409),
            stranger=(403,),
            data=_change,
        ),
    ),
    "withdraw_calendar_edit": (
        Row(
            lambda scene: f"/calendars/office/withdraw/{uuid4()}",
            allowed=frozenset(),
            method="post",
            stranger=(403,),
        ),
    ),
    "take_over_holidays": (
        Row(
            request_path("calendars/holidays"),
            allowed=OFFICER,
            method="post",
            ok=(302, 422),
            stranger=(403,),
            data=lambda scene: {"set": "cn", "year": "2026", "command": str(uuid4())},
        ),
    ),
    "add_holiday": (
        Row(
            request_path("calendars/holidays/add"),
            allowed=OFFICER,
            method="post",
            ok=(302, 409),
            stranger=(403,),
            data=_day,
        ),
    ),
    "withdraw_holiday": (
        Row(
            lambda scene: f"/calendars/holidays/{uuid4()}/withdraw",
            allowed=frozenset(),
            method="post",
            stranger=(403,),
        ),
    ),
}

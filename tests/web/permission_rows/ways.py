"""Walking times: read by who sends people, said by the hospital's officer."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.ground.models import Place


def _said(scene: Scene) -> dict[str, str]:
    building = Place.objects.filter(site__code="demo", kind="building").order_by("id").first()
    assert building is not None
    spot = f"{building.pk}:"
    return {"begin": spot, "end": spot, "minutes": "2", "reason": "量过", "command": str(uuid4())}


ROWS: dict[str, tuple[Row, ...]] = {
    "ways": (
        Row(request_path("ways"), allowed=some("clerk company_clerk manager lift_manager officer director away")),
    ),
    "say_way": (
        Row(
            request_path("ways/say"),
            method="post",
            allowed=some("officer"),
            ok=(302,),
            stranger=(403,),
            data=_said,
        ),
    ),
}

"""What a call asks besides the words."""

from __future__ import annotations

from tests.web.permission_rows.kit import Row, request_path
from tests.web.permission_rows.loop import TAKES_CALLS

ROWS = {"desk_fields": (Row(request_path("desk/fields?item=esc.exam"), TAKES_CALLS),)}

"""The addresses of notices and of the warning ladder: who gets in, who does not."""

from __future__ import annotations

from uuid import UUID

from tests.web.permission_rows.kit import EVERYBODY, Row, request_path, some

READS_LADDER = some(
    "clerk company_clerk leader line_manager manager lift_manager officer director auditor administrator away"
)
_LADDER = {"line": "", "priority": "3", "amount1": "50", "when1": "share", "who1": "TL"}

ROWS: dict[str, tuple[Row, ...]] = {
    "notices": (Row(request_path("notices")),),
    "notices_count": (Row(request_path("notices/count")),),
    "notices_read": (Row(request_path("notices/read"), method="post", ok=(302,), stranger=(403,)),),
    "notice_open": (
        # a notice is its receiver's alone: somebody else's key opens nothing
        Row(
            request_path(f"notices/{UUID(int=7)}/open"),
            method="post",
            allowed=frozenset(),
            refused=(404,),
            stranger=(403,),
        ),
    ),
    "notices_settings": (
        Row(request_path("notices/settings")),
        Row(request_path("notices/settings"), method="post", allowed=EVERYBODY, ok=(302,), stranger=(403,)),
    ),
    "notices_channels": (
        Row(request_path("notices/channels"), allowed=some("administrator")),
        Row(request_path("notices/channels"), method="post", allowed=some("administrator"), ok=(302,), stranger=(403,)),
    ),
    "notices_retry": (
        Row(
            request_path("notices/channels/retry"),
            method="post",
            allowed=some("administrator"),
            ok=(302,),
            stranger=(403,),
        ),
    ),
    "ladder": (
        Row(request_path("ladder"), allowed=READS_LADDER),
        Row(
            request_path("ladder"),
            method="post",
            allowed=some("officer away"),
            ok=(302,),
            stranger=(403,),
            data=lambda scene: _LADDER,
        ),
    ),
}

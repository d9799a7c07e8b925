"""The API of who goes and of transport: a page's session opens none of it; only a token does."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import Row, request_path

_READS = {
    "list_jobs": "jobs?site=demo",
    "read_job": "jobs/{job}",
    "explain_job": "jobs/{job}/plan",
    "list_candidates": "jobs/{job}/candidates",
    "list_plan": "plan?site=demo",
    "list_workers": "workers?site=demo",
    "read_day": f"workers/{uuid4()}/day?site=demo",
    "list_modes": "modes?site=demo",
    "list_pool": "pool?site=demo",
    "list_transports": "transports?site=demo",
    "read_transport": "transports/{job}",
}
_WRITES = {
    "change_mode": "modes/change",
    "assign_job": "jobs/{job}/assign",
    "reassign_job": "jobs/{job}/reassign",
    "pull_back_job": "jobs/{job}/pull-back",
    "call_mate": "jobs/{job}/call-mate",
    "hand_over_job": "jobs/{job}/hand-over",
    "send_round": "rounds",
    "claim_job": "jobs/{job}/claim",
    "accept_job": "jobs/{job}/accept",
    "refuse_job": "jobs/{job}/refuse",
    "set_out": "jobs/{job}/set-out",
    "arrive_at_job": "jobs/{job}/arrive",
    "accept_hand_over": "jobs/{job}/accept-hand-over",
    "decline_hand_over": "jobs/{job}/decline-hand-over",
    "come_along": "jobs/{job}/come",
    "stay_away": "jobs/{job}/stay",
    "change_presence": "presence",
    "take_load": "transports/{job}/take",
    "give_load": "transports/{job}/give",
    "note_delay": "transports/{job}/delay",
    "go_on": "transports/{job}/go-on",
    "sign_in_zone": "zones/sign-in",
}


def _row(tail: str, method: str) -> Row:
    path = request_path(f"api/v1/{tail}")
    return Row(path, frozenset(), method=method, refused=(401,), stranger=(401,))


ROWS: dict[str, tuple[Row, ...]] = {
    **{name: (_row(tail, "get"),) for name, tail in _READS.items()},
    **{name: (_row(tail, "post"),) for name, tail in _WRITES.items()},
}

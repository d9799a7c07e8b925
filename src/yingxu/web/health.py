"""For whoever watches the installation: the process, the database behind it, figures for Prometheus."""

from __future__ import annotations

import resource

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from yingxu.ground import queries


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        queries.database_answers()
    except DatabaseError as error:
        return JsonResponse({"status": "unavailable", "why": str(error).splitlines()[0]}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format."""
    state = queries.seal_state()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    lines = [
        "# HELP yingxu_ledger_entries Entries in the ledger.",
        "# TYPE yingxu_ledger_entries counter",
        f"yingxu_ledger_entries {state.n_entries}",
        "# HELP yingxu_ledger_unsealed Entries that wait for a seal.",
        "# TYPE yingxu_ledger_unsealed gauge",
        f"yingxu_ledger_unsealed {state.n_unsealed}",
        "# HELP yingxu_process_peak_bytes Peak memory of the answering web process.",
        "# TYPE yingxu_process_peak_bytes gauge",
        f"yingxu_process_peak_bytes {memory}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")

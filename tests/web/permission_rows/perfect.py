"""Perfect service: who reads reports."""

from __future__ import annotations

from tests.web.permission_rows.kit import Row, request_path, some
from tests.web.permission_rows.studies import FIGURES

ROWS: dict[str, tuple[Row, ...]] = {
    "backlog": (Row(request_path("backlog"), FIGURES),),
    "backlog_jobs": (Row(request_path("backlog/jobs?age=0"), FIGURES),),
    "perfect": (Row(request_path("perfect"), FIGURES),),
    "ratings": (
        Row(
            request_path("ratings"),
            some("supervisor plumber porter leader line_manager manager lift_manager officer director auditor away"),
        ),
    ),
    "perfect_jobs": (Row(request_path("perfect/jobs"), FIGURES),),
}

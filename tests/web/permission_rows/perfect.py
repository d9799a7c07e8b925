"""Perfect service: who reads reports."""

from __future__ import annotations

from tests.web.permission_rows.kit import Row, request_path
from tests.web.permission_rows.studies import FIGURES

ROWS: dict[str, tuple[Row, ...]] = {
    "backlog": (Row(request_path("backlog"), FIGURES),),
    "backlog_jobs": (Row(request_path("backlog/jobs?age=0"), FIGURES),),
    "perfect": (Row(request_path("perfect"), FIGURES),),
    "perfect_jobs": (Row(request_path("perfect/jobs"), FIGURES),),
}

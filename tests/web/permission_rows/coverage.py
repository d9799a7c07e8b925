"""Blind spots: who reads figures of the whole site."""

from __future__ import annotations

from tests.web.permission_rows.kit import Row, request_path
from tests.web.permission_rows.studies import FIGURES

ROWS: dict[str, tuple[Row, ...]] = {"coverage": (Row(request_path("coverage"), FIGURES),)}

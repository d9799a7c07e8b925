"""Going along: only who was asked answers."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import Row, Scene, request_path, some


def _job(tail: str) -> object:
    def path(scene: Scene) -> str:
        return f"/along/{uuid4()}/{tail}"

    return path


ROWS: dict[str, tuple[Row, ...]] = {
    "along": (Row(request_path("along"), allowed=some("plumber porter away leader")),),
    "along_come": (
        Row(
            _job("come"),  # type: ignore[arg-type]
            allowed=frozenset(),
            method="post",
            refused=(403, 404, 409),
            stranger=(403, 404),
        ),
    ),
    "along_stay": (
        Row(
            _job("stay"),  # type: ignore[arg-type]
            allowed=frozenset(),
            method="post",
            refused=(403, 404, 409),
            stranger=(403, 404),
        ),
    ),
}

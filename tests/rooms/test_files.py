"""Photos: kept once, by what they contain, on the disk before anybody is told; anything else is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.people import MONDAY_NINE, House
from yingxu.ground import actions, files, queries
from yingxu.ground.models import File
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.ground.unit import CommandKey

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: LazySettings) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def test_the_same_content_is_kept_once(root: Path) -> None:
    first, again = files.store_photo(PNG), files.store_photo(PNG)
    assert first == again
    assert first.media_type == "image/png"
    assert files.open_content(first.sha256).read_bytes() == PNG
    assert len([path for path in root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "missing"), (b"<svg onload=x>", "wrong_type"), (b"\xff\xd8\xff" + b"0" * files.LIMIT_BYTES, "too_large")],
)
def test_what_is_not_a_photo_is_refused(content: bytes, problem: str, root: Path) -> None:
    with pytest.raises(Malformed) as refused:
        files.store_photo(content)
    assert refused.value.problem == problem
    assert not root.exists()


def test_an_unknown_content_is_not_found() -> None:
    with pytest.raises(NotFound):
        files.open_content("0" * 64)


@pytest.mark.django_db
def test_kept_photos_belong_to_their_sender_and_to_nothing_yet(house: House) -> None:
    content = files.store_photo(PNG)
    nurse = house.actor("nurse")
    for _ in range(2):  # the phone sent it twice
        kept = actions.keep_photos(
            site_id=house.site_id, contents=[content], actor=nurse, at=MONDAY_NINE, command=CommandKey("c", "d")
        )
    row = File.objects.get(sha256=content.sha256)
    assert (kept.keys, row.sender, row.subject_id) == ((row.pk,), nurse.key, 0)
    assert queries.file_by_uid(row.uid).media_type == "image/png"


@pytest.mark.django_db
def test_photos_of_nobody_in_particular_are_refused(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.keep_photos(
            site_id=house.site_id,
            contents=[files.store_photo(PNG)],
            actor=house.actor("auditor"),
            at=MONDAY_NINE + timedelta(hours=1),
        )

"""What the pages of the house ask the database: pinned, whatever they list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.web.test_shell import signed_in
from yingxu.web import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


@pytest.mark.parametrize(
    ("who", "address", "n"),
    [
        ("administrator", "/setup", 15),
        ("officer", "/house/places", 3),
        ("administrator", "/house/people", 4),
        ("officer", "/house/catalogue", 2),
        ("officer", "/house/catalogue/esc.exam", 5),
        ("officer", "/recurring", 2),
        ("officer", "/lists", 1),
    ],
)
def test_a_page_of_the_house_asks_the_database_little(house: House, who: str, address: str, n: int) -> None:
    client = signed_in(house, who)
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == n

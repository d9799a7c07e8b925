"""``yingxu handbook`` as it is called from a shell: everybody's, one person's, and what is refused in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import House
from yingxu.connect import handbook_command, house
from yingxu.connect.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inside_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command stands in the test's own database and prints in this process."""
    from contextlib import nullcontext

    monkeypatch.setattr(house, "entered", nullcontext)
    yield
    for press in handbook_command._press:
        press.close()
    handbook_command._press.clear()


def test_everybodys_handbook_is_printed(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handbook", "--site", "demo", "--out", str(tmp_path / "books"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    # three of the repair team share one set; the porter and the lift fitter have their own
    assert (said["n_handbooks"], said["n_post_sets"]) == (5, 3)
    files = sorted(path.name for path in (tmp_path / "books").iterdir())
    assert files == sorted(
        f"{name}.pdf" for name in ("维修班-王水工", "维修班-陈电工", "维修班-刘班长", "运送班-周运送", "电梯班-吴梯工")
    )
    assert all(path.read_bytes().startswith(b"%PDF-") for path in (tmp_path / "books").iterdir())


def test_one_persons_handbook_by_account(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "wang.pdf"
    assert main(["handbook", "plumber", "--out", str(out), "--locale", "en", "--address", "https://x.example/"]) == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert "1 handbooks (1 sets of posts)" in capsys.readouterr().out
    assert main(["handbook", "--site", "demo", "--person", "clerk", "--out", str(tmp_path / "b")]) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "x"], "say one account"),
        (["plumber", "--site", "demo", "--out", "x.pdf"], "say one account"),
        (["nobody-here", "--out", "x.pdf"], "nobody works here"),
        (["plumber", "--out", "x.txt"], "the name of a PDF"),
        (["--site", "nowhere", "--out", "x"], "no site"),
        (["--site", "demo", "--out", "x", "--workers", "99"], "--workers"),
        (["--site", "demo", "--out", "/dev/null/x"], "--out"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["handbook", *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert len(error.splitlines()) == 1


def test_many_are_printed_by_several_processes(tmp_path: Path) -> None:
    from tests.rooms.test_handbook_pages import book, printed
    from yingxu.team.handbook.booklet import cover

    one = book("plb.faucet")
    text = json.dumps(printed(one))
    pieces = [
        (text, [(str(tmp_path / f"{turn}-{n}.pdf"), cover(one, language="zh")) for n in range(20)]) for turn in (1, 2)
    ]
    n_bytes = handbook_command._print(pieces, 2)
    made = list(tmp_path.iterdir())
    assert len(made) == 40
    assert n_bytes == sum(path.stat().st_size for path in made)

"""Every icon that a template names is in the sprite, and the sprite says whose it is."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "src" / "yingxu" / "web"
SPRITE = WEB / "static" / "vendor" / "icons.svg"
_NAMED = re.compile(r"\{%\s*icon\s+\"([\w-]+)\"|icon_name=\"([\w-]+)\"")


def named(text: str) -> set[str]:
    return {first or second for first, second in _NAMED.findall(text)}


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    used = set().union(*(named(path.read_text()) for path in (WEB / "templates").rglob("*.html")))
    assert used - known == set(), "add them to frontend/icons.txt and run frontend/vendor.sh"
    assert "clock" in used


def test_a_planted_unknown_icon_is_found() -> None:
    assert named('{% icon "no-such-icon" %} {% include "x" with icon_name="nor-this" only %}') == {
        "no-such-icon",
        "nor-this",
    }


def test_vendored_files_carry_no_source_map_and_a_notice() -> None:
    for path in SPRITE.parent.glob("*.min.*"):
        assert "sourceMappingURL" not in path.read_text()
    assert "MIT" in (SPRITE.parent / "NOTICE.txt").read_text()

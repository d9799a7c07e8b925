"""Scripts that several pages share: written once, loaded before who needs them, kept where a page opens alone."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from django.test import Client

import yingxu.web

WEB = Path(yingxu.web.__file__).parent
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in (WEB / "static" / "web").glob("*.js")}
_MADE = re.compile(r"(?:window|root)\.(Yingxu\w+) = ")
_LOADED = re.compile(r"static 'web/([\w-]+\.js)'")
#: The makings of an outbox and of a small photo, and where each may stand.
_ONCE = {
    "indexedDB.open(": {"outbox.js", "mywork-store.js"},
    "drawImage(": {"photos.js", "mywork-scan.js", "figures.js"},
    '"23456789ABCDEFGHJKMNPQRSTUVWXYZ"': {"claim-code.js"},
    "workers.register(": {"standing.js"},
}


def _template(name: str) -> str:
    return (WEB / "templates" / "web" / name).read_text(encoding="utf-8")


def test_a_script_is_loaded_after_every_script_it_leans_on() -> None:
    made = {word: name for name, text in SCRIPTS.items() for word in _MADE.findall(text)}
    assert {made[word] for word in ("YingxuPhotos", "YingxuOutbox", "YingxuCode")} == {
        "photos.js",
        "outbox.js",
        "claim-code.js",
    }
    lacking = defaultdict(set)
    for path in (WEB / "templates").rglob("*.html"):
        loaded = _LOADED.findall(path.read_text(encoding="utf-8"))
        for at, name in enumerate(loaded):
            for word in set(re.findall(r"\bYingxu[A-Z]\w+", SCRIPTS[name])):
                if made[word] not in (*loaded[:at], name) and f"window.{word}" not in SCRIPTS[name]:
                    lacking[path.name].add((name, word))
    assert not lacking


def test_photos_outboxes_and_codes_are_written_once() -> None:
    for words, where in _ONCE.items():
        assert {name for name, text in SCRIPTS.items() if words in text} == where, words


def test_a_page_that_opens_without_a_network_keeps_every_script_it_loads(client: Client) -> None:
    for worker, template in (("/k/sw.js", "kiosk/kiosk.html"), ("/t/sw.js", "stands/stand.html")):
        kept = client.get(worker).content.decode()
        for name in ("reach.js", "clock.js", *_LOADED.findall(_template(template))):
            assert f"web/{name}" in kept, (template, name)

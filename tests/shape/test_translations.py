"""Every word to people has its Chinese; nothing is unsure, stale, or with other placeholders."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

from tests.shape.catalogue import CATALOGUE, Message, compiled, faults, in_python, in_template, read, said_by


def test_the_chinese_catalogue_is_complete() -> None:
    wrong = faults(said_by(), read())
    assert not wrong, "python -m tests.shape.catalogue fill FILE mends this:\n" + "\n".join(wrong)


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled(read())


def test_planted_faults_are_found() -> None:
    said = {key: Message(key) for key in ("Send", "Sent %(n)s", "Unsure", "Missing")}
    known = {
        "Send": Message("Send", chinese="发送"),
        "Sent %(n)s": Message("Sent %(n)s", chinese="已发 %(m)s"),
        "Unsure": Message("Unsure", chinese="？", is_fuzzy=True),
        "Old": Message("Old", chinese="旧"),
    }
    assert [fault.split(":")[0] for fault in faults(said, known)] == ["other placeholders", "fuzzy", "missing", "stale"]


def test_messages_are_found_in_modules_and_templates() -> None:
    module = "_('One')\nngettext('%(n)d day', '%(n)d days', n)\npgettext('verb', 'Open')\nother('no')\n"
    assert [(m.text, m.plural, m.context) for m in in_python(module)] == [
        ("One", "", ""),
        ("%(n)d day", "%(n)d days", ""),
        ("Open", "", "verb"),
    ]
    page = (
        "{% load i18n %}{% translate 'One' %}{% translate \"Two 'words'\" %}"
        "{% blocktranslate with n=row.n trimmed %}\n {{ n }} rows\n left{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} job{% plural %}{{ n }} jobs{% endblocktranslate %}"
    )
    assert [(m.text, m.plural) for m in in_template(page)] == [
        ("One", ""),
        ("Two 'words'", ""),
        ("%(n)s rows left", ""),
        ("%(n)s job", "%(n)s jobs"),
    ]


def test_a_compiled_catalogue_is_read_by_python(tmp_path: Path) -> None:
    content = compiled(
        {"Send": Message("Send", chinese="发送"), "%(n)d day": Message("%(n)d day", "%(n)d days", chinese="%(n)d 天")}
    )
    known = gettext.GNUTranslations(io.BytesIO(content))
    assert (known.gettext("Send"), known.ngettext("%(n)d day", "%(n)d days", 2)) == ("发送", "%(n)d 天")

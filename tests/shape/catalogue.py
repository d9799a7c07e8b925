"""The Chinese catalogue, kept without any system tool: what the sources say in English, and what is missing.

``python -m tests.shape.catalogue``            says what is missing or stale
``python -m tests.shape.catalogue fill FILE``  takes {"English": "中文"} from a JSON file into the catalogue, drops what
no source says any more, and compiles it. Several people may do so at the same time.
"""

from __future__ import annotations

import ast
import fcntl
import json
import os
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "yingxu"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
_STRING = r"""u?(?P<quote>'''|\"\"\"|'|\")(?:\\.|(?!(?P=quote)).)*(?P=quote)"""
_IN_TEMPLATE = re.compile(
    r"\b(?P<call>gettext|ngettext|pgettext|_)\(\s*(?P<args>" + _STRING.replace("(?P<quote>", "(?P<quote>") + ")", re.S
)
_HEAD = (
    "Project-Id-Version: yingxu\\nLanguage: zh_Hans\\nMIME-Version: 1.0\\n"
    "Content-Type: text/plain; charset=UTF-8\\nContent-Transfer-Encoding: 8bit\\nPlural-Forms: nplurals=1; plural=0;\\n"
)


@dataclass
class Message:
    """One English message: its plural and context where it has them, its Chinese, the files that say it."""

    text: str
    plural: str = ""
    context: str = ""
    chinese: str = ""
    is_fuzzy: bool = False
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """The message's identity in a compiled catalogue."""
        return f"{self.context}\x04{self.text}" if self.context else self.text


def said_by(source: Path = SOURCE) -> dict[str, Message]:
    """Return what the sources say to people, by key."""
    found: dict[str, Message] = {}
    for path in sorted(source.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            messages = in_python(path.read_text(encoding="utf-8"))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            messages = in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for message in messages:
            known = found.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            known.files.add(str(path.relative_to(source)))
    return found


def in_python(text: str) -> Iterator[Message]:
    """Yield the messages of a module."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in _CALLS and words:
            yield _message(name, words)


def in_template(text: str) -> Iterator[Message]:
    """Yield the messages of a template, by Django's own reader of its tags."""
    from django.utils.translation.template import templatize

    code = templatize(text)
    for found in _IN_TEMPLATE.finditer(code):
        words = [ast.literal_eval(found["args"])]
        rest = code[found.end() :]
        while len(words) < 2 and (more := re.match(r"\s*,\s*(?P<args>" + _STRING + ")", rest, re.S)):
            words.append(ast.literal_eval(more["args"]))
            rest = rest[more.end() :]
        yield _message(found["call"], words)


def _message(call: str, words: list[str]) -> Message:
    if call.startswith("n") and len(words) > 1:
        return Message(words[0], plural=words[1])
    if call.startswith("p") and len(words) > 1:
        return Message(words[1], context=words[0])
    return Message(words[0])


def read(path: Path = CATALOGUE) -> dict[str, Message]:
    """Return the catalogue's messages, by key."""
    found: dict[str, Message] = {}
    if not path.exists():
        return found
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        values: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            head, quoted = re.match(r"(\w+(?:\[0\])?)?\s*(\".*\")$", line).groups()  # type: ignore[union-attr]
            name = head or name
            values[name] = values.get(name, "") + json.loads(quoted)
        if values.get("msgid"):
            message = Message(
                values["msgid"],
                values.get("msgid_plural", ""),
                values.get("msgctxt", ""),
                values.get("msgstr", values.get("msgstr[0]", "")),
                "#, fuzzy" in block,
            )
            found[message.key] = message
    return found


def faults(said: dict[str, Message], known: dict[str, Message]) -> list[str]:
    """Return what is wrong with a catalogue: missing, unsure, stale, or with other placeholders than the English."""
    wrong = []
    for key, message in said.items():
        kept = known.get(key)
        if kept is None or not kept.chinese:
            wrong.append(f"missing: {message.text!r} ({', '.join(sorted(message.files))})")
        elif kept.is_fuzzy:
            wrong.append(f"fuzzy: {message.text!r}")
        elif _holes(kept.chinese) - _holes(message.text) - _holes(message.plural) or (
            _holes(message.plural or message.text) - _holes(kept.chinese)
        ):
            wrong.append(f"other placeholders: {message.text!r} -> {kept.chinese!r}")
    wrong += [f"stale: {key!r}" for key in known if key not in said]
    return wrong


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def fill(chinese: dict[str, str], path: Path = CATALOGUE) -> list[str]:
    """Take Chinese into the catalogue, drop what is stale, compile; return what is still wrong."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / ".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        said, known = said_by(), read(path)
        for key, message in said.items():
            message.chinese = chinese.get(key) or (known[key].chinese if key in known else "")
        _write(path, said)
        _compile(path.with_suffix(".mo"), said)
    (path.parent / ".turn").unlink(missing_ok=True)
    return faults(said, read(path))


def _write(path: Path, messages: dict[str, Message]) -> None:
    blocks = [f'msgid ""\nmsgstr "{_HEAD}"']
    for key in sorted(messages):
        message = messages[key]
        lines = [f"#: {' '.join(sorted(message.files))}"]
        if message.context:
            lines.append(f"msgctxt {_quoted(message.context)}")
        lines.append(f"msgid {_quoted(message.text)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
        lines.append(f"msgstr{'[0]' if message.plural else ''} {_quoted(message.chinese)}")
        blocks.append("\n".join(lines))
    draft = path.with_suffix(".draft")
    draft.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    os.replace(draft, path)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def compiled(messages: dict[str, Message]) -> bytes:
    """Return a compiled catalogue (the GNU .mo layout: header, two tables of lengths and offsets, the texts)."""
    pairs = {"": _HEAD.replace("\\n", "\n")}
    for message in messages.values():
        if message.chinese and not message.is_fuzzy:
            pairs[f"{message.key}\0{message.plural}" if message.plural else message.key] = message.chinese
    keys = sorted(pairs, key=lambda key: key.encode())
    texts = [key.encode() for key in keys] + [pairs[key].encode() for key in keys]
    start, tables, body = 28 + 16 * len(keys), b"", b""
    for text in texts:
        tables += struct.pack("<II", len(text), start + len(body))
        body += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start) + tables + body


def _compile(path: Path, messages: dict[str, Message]) -> None:
    draft = path.with_suffix(".draft-mo")
    draft.write_bytes(compiled(messages))
    os.replace(draft, path)


def main(arguments: list[str]) -> int:
    """Check, or fill from a file."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if arguments[:1] == ["fill"]:
        wrong = fill(json.loads(Path(arguments[1]).read_text(encoding="utf-8")))
    else:
        wrong = faults(said_by(), read())
    print("\n".join(wrong) or "complete")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

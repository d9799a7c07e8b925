"""The public triage format: order, flushing, malformed lines."""

from __future__ import annotations

import io
import json

import pytest

from yingxu.connect import cli
from yingxu.connect.triage_command import answer, answer_stream

KEYS = {
    "id",
    "service_line",
    "service_item",
    "priority",
    "danger",
    "places",
    "problems",
    "reasons",
    "confidence",
    "alternatives",
}


def asked(*rows: object) -> io.BytesIO:
    return io.BytesIO(
        "".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    )


def answers(stream: io.BytesIO) -> list[dict[str, object]]:
    out = io.StringIO()
    answer_stream(stream, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_keep_the_order_and_the_format() -> None:
    given = answers(asked({"id": "b", "text": "灯坏了"}, "\n", {"id": "a", "text": "马桶堵了"}))
    assert [row["id"] for row in given] == ["b", "a"]
    assert all(set(row) == KEYS for row in given)
    assert type(given[0]["danger"]) is bool
    assert type(given[0]["problems"]) is int


@pytest.mark.parametrize(
    "line",
    [
        b"{bad\n",
        b"[]\n",
        b"3\n",
        b'{"id": 3, "text": "x"}\n',
        b'{"id": "a"}\n',
        b'{"id": "a", "text": null}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_malformed_line_is_told_and_the_stream_goes_on(line: bytes) -> None:
    first, second = answers(io.BytesIO(line + '{"id": "z", "text": "没电"}\n'.encode()))
    assert first["id"] is None
    assert isinstance(first["error"], str)
    assert second["id"] == "z"


def test_deeply_nested_json_is_malformed_too() -> None:
    assert answer(b"[" * 100_000)["id"] is None


def test_a_lone_surrogate_does_not_stop_the_stream() -> None:
    first, second = answers(
        io.BytesIO(b'{"id": "s", "text": "\\ud800 \\u706f\\u574f\\u4e86"}\n{"id": "z", "text": "x"}\n')
    )
    assert first["id"] == "s"
    assert second["id"] == "z"


def test_each_answer_is_flushed_before_the_next_line_is_read() -> None:
    flushed: list[int] = []

    class Out(io.StringIO):
        def flush(self) -> None:
            flushed.append(len(self.getvalue().splitlines()))

    class In(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            line = super().readline(-1)
            if line:
                seen.append(len(flushed))
            return line

    seen: list[int] = []
    answer_stream(In(b'{"id": "1", "text": "a"}\n{"id": "2", "text": "b"}\n'), Out())
    assert seen == [0, 1]
    assert flushed == [1, 2]


def test_without_jsonl_the_command_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["triage"]) == 2
    assert "--jsonl" in capsys.readouterr().err

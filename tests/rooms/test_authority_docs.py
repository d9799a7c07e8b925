"""``docs/authority.md`` tells the data as it is; ``python -m tests.rooms.test_authority_docs`` writes its lists."""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "authority.md"


def data(name: str) -> list[dict[str, str]]:
    text = (resources.files("yingxu.ground") / "roles" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def roles() -> str:
    lines = ["| code | role | 中文 | side | does |", "|---|---|---|---|---|"]
    lines += [
        f"| `{r['code']}` | {r['name_en']} | {r['name_zh']} | {r['side'].replace('_', ' ')} | {r['what_en']} |"
        for r in data("roles.csv")
    ]
    return "\n".join(lines)


def added() -> str:
    acts: dict[str, dict[str, list[str]]] = {}
    notes: dict[str, str] = {}
    for row in data("permissions.csv"):
        if row["added"] != "1" and row["matrix_row"]:
            continue
        mark = "!" if row["needs_reason"] == "1" else ""
        words = f"{row['role']}{mark}" + (f" ({row['condition']})" if row["condition"] else "")
        acts.setdefault(row["action"], {}).setdefault(row["scope"], []).append(words)
        notes.setdefault(row["action"], row["note"])
    lines = ["| act | who, how far | note |", "|---|---|---|"]
    for action, scopes in sorted(acts.items()):
        who = "; ".join(f"{scope}: {', '.join(roles)}" for scope, roles in scopes.items())
        lines.append(f"| `{action}` | {who} | {notes[action]} |")
    return "\n".join(lines)


def told(page: str) -> str:
    for name, words in (("roles", roles()), ("added", added())):
        start = f"<!-- {name} -->\n"
        page = re.sub(
            re.escape(start) + ".*?<!-- end -->", lambda _, s=start, w=words: f"{s}{w}\n<!-- end -->", page, flags=re.S
        )
    return page


def test_the_page_tells_the_data_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert told(page) == page, "python -m tests.rooms.test_authority_docs writes it anew"


if __name__ == "__main__":
    PAGE.write_text(told(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

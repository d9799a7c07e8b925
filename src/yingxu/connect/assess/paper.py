"""The report as PDF, set by Typst with the font that is installed with the product."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from importlib.resources import files
from pathlib import Path

from yingxu.connect.assess.document import Document


def paper(document: Document) -> bytes:
    """Return the report as PDF."""
    import typst  # a compiler of several megabytes, wanted by this alone
    from pylopdf_fonts_zh_cn import sans_path

    told = {
        "locale": document.locale,
        "title": document.title,
        "subtitle": document.subtitle,
        "colophon": document.colophon,
        "page_words": document.page_words,
        "blocks": [{"kind": type(block).__name__.lower(), **dataclasses.asdict(block)} for block in document.blocks],
    }
    template = files("yingxu.connect.assess").joinpath("report.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="yingxu-") as folder:
        root = Path(folder)
        (root / "report.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        (root / "report.typ").write_text(template, encoding="utf-8")
        # The folder holds the serif too; only fonts that the template names are embedded.
        set_pages: bytes = typst.compile(
            root / "report.typ", root=root, font_paths=[sans_path().parent], ignore_system_fonts=True
        )
    return set_pages

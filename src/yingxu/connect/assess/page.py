"""The report as one HTML file: no scripts, nothing loaded from elsewhere, legible on a phone and in print."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from yingxu.connect.assess.chart import Picture
from yingxu.connect.assess.document import Block, Bullets, Document, Figures, Heading, Paragraph, Pictures, Table

_LANGUAGE = {"zh": "zh-Hans", "en": "en"}


def page(document: Document) -> str:
    """Return the report as HTML."""
    style = files("yingxu.connect.assess").joinpath("report.css").read_text(encoding="utf-8")
    body: list[str] = []
    is_open = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 2:
            body.append(("</section>" if is_open else "") + "<section>")
            is_open = True
        body.append(_html(block))
    body.append("</section>" if is_open else "")
    return (
        f'<!doctype html>\n<html lang="{_LANGUAGE[document.locale]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(document.title)} · {escape(document.subtitle)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n<header><h1>{escape(document.title)}</h1><p>{escape(document.subtitle)}</p></header>\n"
        + "\n".join(body)
        + f"\n</main>\n<footer>{escape(document.colophon)}</footer>\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(words, level):
            return f"<h{level}>{escape(words)}</h{level}>"
        case Paragraph(words):
            return f"<p>{escape(words)}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Figures(cards):
            return (
                '<dl class="figures">'
                + "".join(
                    f"<div><dt>{escape(label)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"
                    for label, value, note in cards
                )
                + "</dl>"
            )
        case Pictures(charts):
            return f'<div class="charts">{"".join(_figure(one) for one in charts)}</div>'
        case Table():
            return _table(block)


def _figure(picture: Picture) -> str:
    return f"<figure><figcaption>{escape(picture.title)}</figcaption>{picture.svg}</figure>"


def _table(table: Table) -> str:
    def row(cells: tuple[str, ...], tag: str) -> str:
        written = []
        for at, cell in enumerate(cells):
            kind = "" if at < table.n_words else ' class="n"'
            if tag == "th":
                written.append(f'<th scope="col"{kind}>{escape(cell)}</th>')
            elif at == 0:
                written.append(f'<th scope="row">{escape(cell)}</th>')
            else:
                written.append(f"<td{kind}>{escape(cell)}</td>")
        return f"<tr>{''.join(written)}</tr>"

    rows = "".join(row(cells, "td") for cells in table.rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.header[0])}"><table><thead>'
        f"{row(table.header, 'th')}</thead><tbody>{rows}</tbody></table></div>"
    )

"""The cells of a notebook as parts of a text, each output in the best form that can be printed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from taawun.export import foreign
from taawun.export.pictures import KINDS, Attachments, picture
from taawun.mime import DOCUMENT, FIGURE, LEDGER, TABLE
from taawun.report.translation import translate

#: The forms of an output that are understood, best first.
FORMS = {
    DOCUMENT: "document",
    LEDGER: "ledger",
    FIGURE: "figure",
    TABLE: "table",
    "text/markdown": "markdown",
    "text/html": "html",
    **dict.fromkeys(KINDS, "picture"),
    "text/latex": "text",
    "application/json": "json",
    "text/plain": "text",
}
#: What must be in a form of our own.
WHOLE = {
    DOCUMENT: {"title"},
    LEDGER: {"entries"},
    FIGURE: {"id", "title", "alt", "svg"},
    TABLE: {"caption", "columns", "numbers", "rows"},
}
#: A raw cell is addressed to a printer; these are ours.
RAW_CELLS = {"": "text", "text/plain": "text", "text/markdown": "markdown", "text/html": "html"}
#: Cells with these tags become a panel: tinted, marked, a strip of large numbers, or a part of the
#: annex; neighbours with the same tag share one, until a heading begins the next.
PANELS = ("box", "key", "numbers", "annex")
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]"
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass
class Part:
    """One thing in the text: its kind (markdown, code, figure, table, html, text, warning, or a
    panel's tag) and what it holds; code knows which cell of code it is, from 1, and Markdown what
    is attached to its cell.
    """

    kind: str
    content: Any
    tag: str | None = None
    place: int = 0
    attachments: Attachments = field(default_factory=dict)


def cleaned(value: Any) -> Any:
    """Text as a terminal leaves it, without what cannot be printed; in lists and mappings, too."""
    if isinstance(value, str):
        text = re.sub(r"\r\n?", "\n", _ESCAPES.sub("", value))
        return _UNPRINTABLE.sub("", text)
    if isinstance(value, Mapping):
        if value.get("output_type") == "stream":
            lines = "".join(value["text"]).replace("\r\n", "\n").split("\n")
            value = {**value, "text": "\n".join(map(_last_written, lines))}
        return {key: cleaned(item) for key, item in value.items()}
    return [cleaned(item) for item in value] if isinstance(value, list) else value


def _last_written(line: str) -> str:
    """A line as a terminal shows it, where it was written over, as the bar of a download."""
    return next((part for part in reversed(line.split("\r")) if part), "")


def parts(cell: NotebookNode, language: str) -> list[Part]:
    """The parts of a cell with its panel tag: its text (translated) or code, then its outputs."""
    found: list[Part | None] = []
    if cell.cell_type == "markdown":
        text = translate(cell.source, language)
        found = [Part("markdown", text, attachments=cell.get("attachments", {}))]
    elif cell.cell_type == "code":
        found = [Part("code", cell.source) if cell.source.strip() else None]
        found += map(_output, cell.outputs)
    elif kind := RAW_CELLS.get(
        cell.metadata.get("raw_mimetype") or cell.metadata.get("format") or ""
    ):
        found = [_form(kind, "", cell.source, {})]
    tags = cell.metadata.get("tags", [])
    tag = next((tag for tag in PANELS if tag in tags), None)
    kept = [part for part in found if part]
    for part in kept:
        part.tag = tag if part.kind not in ("code", "document", "ledger") else None
    return kept


def _output(output: NotebookNode) -> Part | None:
    """One output in the best form that can be printed; None if it is empty."""
    if output.output_type == "stream":
        if not output.text.strip():
            return None
        return Part("text" if output.name == "stdout" else "warning", output.text)
    if output.output_type == "error":
        return Part("text", "\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    for mime, kind in FORMS.items():
        if mime in output.data:
            about = output.get("metadata", {}).get(mime, {})
            if part := _form(kind, mime, output.data[mime], about):
                return part
    unknown = next(iter(output.data), None)
    return Part("html", foreign.lost(unknown)) if unknown else None


def _is_whole(mime: str, content: Any) -> bool:
    """Whether a form of our own is as it should be."""
    if not (isinstance(content, Mapping) and content.keys() >= WHOLE[mime]):
        return False
    table = content if mime == TABLE else content.get("table") if mime == FIGURE else None
    if not table:
        return True
    width = len(table["columns"])
    return width > 0 and all(len(row) == width for row in [table["numbers"], *table["rows"]])


def _form(kind: str, mime: str, content: Any, about: Mapping[str, Any]) -> Part | None:
    """One form of an output, or None if there is nothing in it that can be printed."""
    if mime in WHOLE:
        return Part(kind, content) if _is_whole(mime, content) else None
    if kind == "json":
        return Part("text", json.dumps(content, indent=1, ensure_ascii=False))
    if kind == "html":
        tokens = foreign.tokens(content)
        return Part(kind, tokens) if tokens else None
    if kind == "picture":
        name, shown = str(about.get("alt", "")), picture(mime, content)
        if not shown:
            return Part("html", foreign.lost(name or mime))
        return Part("html", foreign.paragraph_of(foreign.picture_token("", name, picture=shown)))
    return Part(kind, content)

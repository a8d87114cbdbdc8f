"""What a notebook says, freed of cells: one document model for both exporters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import Any

from nbformat import NotebookNode

from taawun.locales import SOURCE, direction
from taawun.mime import DOCUMENT, FIGURE, LEDGER, TABLE, shown
from taawun.report.translation import interface, translate

#: The kinds of output that are understood, best first.
MIMES = {
    DOCUMENT: "document",
    LEDGER: "ledger",
    FIGURE: "figure",
    TABLE: "table",
    "text/markdown": "markdown",
    "text/html": "html",
    "image/svg+xml": "image",
    "image/png": "image",
    "text/plain": "text",
}
#: Cells with these tags become a tinted panel; neighbours with the same tag share one, until a
#: heading begins the next.
PANELS = ("box", "key")
#: What a tag before a hyphen and a name asks of that number: to have been published, or not.
CONDITIONS = {"needs": True, "unless": False}
#: What the small print of a document may say, and how it is called.
IMPRINT = {
    "edition": "Edition",
    "version": "Version",
    "licence": "Licence",
    "cite": "How to cite",
    "repository": "Source code and data",
}
_FENCED = re.compile(r"(?ms)(^(?:```|~~~).*?^(?:```|~~~)\s*$)")
_HEADING = re.compile(r"(?m)^(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_TITLE = re.compile(r"\s*#[ \t]+(.*?)[ \t]*#*\s*(?:\n|$)")


@dataclass
class Part:
    """One thing in the text: its kind (markdown, code, figure, table, html, image, text, or a
    panel's tag) and what it holds; code knows which cell of code it is, from 1.
    """

    kind: str
    content: Any
    mime: str = ""
    tag: str | None = None
    place: int = 0


@dataclass
class Document:
    """A whole notebook: `meta` says title, language and edition, `pages` the names of the pages
    that belong together; a notebook without a document output is a page of the appendix.
    """

    meta: dict[str, Any]
    brief: bool
    parts: list[Part]
    ledger: dict[str, Any] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language of the text as a BCP 47 code."""
        return self.meta.get("language") or SOURCE

    @property
    def direction(self) -> str:
        """The direction of the text: ltr or rtl."""
        return direction(self.language)

    @property
    def authors(self) -> list[str]:
        """Who wrote it; none if nobody is named."""
        authors = self.meta.get("authors") or []
        return [authors] if isinstance(authors, str) else list(authors)

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """The entries of the ledger by id; the code that is printed is the id, if none is given."""
        entries = self.ledger.get("entries", ())
        return {entry["id"]: {"code": entry["id"], **entry} for entry in entries}

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The figures in order, those in panels included."""
        return [part.content for part in flat(self.parts) if part.kind == "figure"]

    def entry(self, number: str) -> dict[str, Any] | None:
        """The entry of the ledger that a text links to; None if the document has no ledger.

        KeyError if it has one, but without this entry.
        """
        if self.ledger and number not in self.entries:
            raise KeyError(
                f"a number links to «{number}», which is no entry of the ledger. Use the id of an "
                "entry, or add the entry to the ledger's list."
            )
        return self.entries.get(number)

    def word(self, text: str) -> str:
        """A word that the exporters add, in the language of the text."""
        return interface(text, self.language)

    def numbered_figure(self, place: int) -> str:
        """How the figure at a place is called, such as «Figure 1»."""
        return " ".join([self.word("Figure"), str(place)])


def read(notebook: NotebookNode, name: str) -> Document:
    """The document that an executed notebook holds; `name` is its title if it has no heading."""
    stated, ledger = (_first(notebook, mime) for mime in (DOCUMENT, LEDGER))
    language, published = stated.get("language", SOURCE), ledger.get("published", {})
    cells = [cell for cell in notebook.cells if _stands(cell, published)]
    parts = [part for cell in cells for part in _parts(cell, language)]
    for place, part in enumerate((part for part in parts if part.kind == "code"), 1):
        part.place = place
    about: dict[str, Any] = dict(notebook.metadata.get("taawun", {}))
    pages = about.pop("pages", [])
    titled = next((place for place, part in enumerate(parts) if part.kind == "document"), None)
    if titled is not None:
        # What stands before its title tells how the notebook works, not what the brief says.
        about, parts = parts[titled].content, parts[titled:]
    brief = bool(about.get("title"))
    hidden = ("document", "ledger", "code") if brief else ("document", "ledger")
    text = [part for part in parts if part.kind not in hidden]
    title = _take_title(text)
    _close_gaps(text)
    document = Document({"title": title or name} | about, brief, [], ledger, list(pages))
    document.parts = _panels(text) if brief else _answer_first(text, document.word("In short"))
    return document


def _first(notebook: NotebookNode, mime: str) -> dict[str, Any]:
    """What the notebook shows first of a MIME type; empty if nothing."""
    return next((content for _, content in shown(notebook.cells, mime)), {})


def _stands(cell: NotebookNode, published: Mapping[str, bool]) -> bool:
    """Whether a cell belongs to the text: one tagged `needs-<name>` if that number had been
    published, one tagged `unless-<name>` if it had not, any other always.

    KeyError for a name that the notebook's ledger does not hold; without a ledger all stand.
    """
    tags = [tag.partition("-") for tag in cell.metadata.get("tags", ()) if published]
    for word, name in ((word, name) for word, _, name in tags if name and word in CONDITIONS):
        if name not in published:
            near = ", ".join(get_close_matches(name, published))
            raise KeyError(
                f"the tag «{word}-{name}» names no entry of the ledger; the nearest are {near}"
            )
        if published[name] is not CONDITIONS[word]:
            return False
    return True


def _parts(cell: NotebookNode, language: str) -> list[Part]:
    """The parts of a cell: its text (translated) or code, then its outputs in their best form; each
    carries the cell's panel tag.
    """
    if cell.cell_type == "markdown":
        parts = [Part("markdown", translate(cell.source, language))]
    elif cell.cell_type == "code":
        source = [Part("code", cell.source)] if cell.source.strip() else []
        parts = source + [part for output in cell.outputs if (part := _output(output))]
    else:
        parts = []
    tags = cell.metadata.get("tags", [])
    tag = next((tag for tag in PANELS if tag in tags), None)
    for part in parts:
        part.tag = tag if part.kind not in ("code", "document", "ledger") else None
    return parts


def _output(output: NotebookNode) -> Part | None:
    """One output in the best form that is understood, or None."""
    if output.output_type == "stream":
        return Part("text", output.text) if output.name == "stdout" else None
    if output.output_type == "error":
        return Part("text", f"{output.ename}: {output.evalue}")
    for mime, kind in MIMES.items():
        if mime in output.data:
            content = output.data[mime]
            return Part(kind, dict(content) if mime.endswith("json") else content, mime)
    return None


def _take_title(parts: list[Part]) -> str | None:
    """Take the first heading of level 1 that begins a text out of it; None if there is none."""
    for part in parts:
        if part.kind == "markdown" and (title := _TITLE.match(part.content)):
            part.content = part.content[title.end() :]
            return title[1]
    return None


def _close_gaps(parts: list[Part]) -> None:
    """Rewrite the headings so that the first is of level 2 and none is more than one level below
    the one before.
    """
    last = 1

    def closed(heading: re.Match[str]) -> str:
        nonlocal last
        last = max(2, min(len(heading[1]), last + 1))
        return f"{'#' * last} {heading[2]}"

    for part in parts:
        if part.kind == "markdown":
            chunks = _FENCED.split(part.content)
            chunks[::2] = [_HEADING.sub(closed, chunk) for chunk in chunks[::2]]
            part.content = "".join(chunks)


def _answer_first(parts: list[Part], heading: str) -> list[Part]:
    """The parts in panels, before all others the section with this heading, a panel itself."""
    starts = [
        place
        for place, part in enumerate(parts)
        if part.kind == "markdown" and part.content.lstrip().startswith("## ")
    ]
    for start, end in pairwise([*starts, len(parts)]):
        if parts[start].content.split("\n")[0].strip() == f"## {heading}":
            # The code of the answer stands below it.
            answer = Part("box", sorted(parts[start:end], key=lambda part: part.kind == "code"))
            return [answer, *_panels(parts[:start] + parts[end:])]
    return _panels(parts)


def _panels(parts: list[Part]) -> list[Part]:
    """The parts with runs of the same panel tag folded into one part of that kind; a heading begins
    a new panel.
    """
    folded: list[Part] = []
    for part in parts:
        begins = part.kind == "markdown" and part.content.lstrip().startswith("#")
        if part.kind == "markdown" and not part.content.strip():
            continue
        if not part.tag:
            folded.append(part)
        elif folded and folded[-1].kind == part.tag and not begins:
            folded[-1].content.append(part)
        else:
            folded.append(Part(part.tag, [part]))
    return folded


def flat(parts: Iterable[Part]) -> Iterator[Part]:
    """All parts, those in panels included."""
    for part in parts:
        if part.kind in PANELS:
            yield from flat(part.content)
        else:
            yield part


def drawn(figure: dict[str, Any]) -> list[str]:
    """The ledger ids that the labels of a figure link to, each once, in order."""
    return list(dict.fromkeys(re.findall(r'xlink:href="#n-([^"]+)"', figure["svg"])))

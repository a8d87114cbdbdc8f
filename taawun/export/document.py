"""What a notebook says, freed of cells: one document model for both exporters."""

import re
from dataclasses import dataclass, field
from itertools import chain

from taawun.locales import direction
from taawun.mime import DOCUMENT, FIGURE, LEDGER, TABLE
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
#: What the small print of a document may say, and how it is called.
IMPRINT = {
    "edition": "Edition",
    "version": "Version",
    "licence": "Licence",
    "cite": "How to cite",
    "repository": "Source code and data",
}
#: A link to a ledger entry in Markdown.
NUMBER = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(#n-([^()\s]+)\)")
_FENCED = re.compile(r"(?ms)(^(?:```|~~~).*?^(?:```|~~~)\s*$)")
_HEADING = re.compile(r"(?m)^(#{1,6})[ \t]+(.*?)[ \t]*#*$")


@dataclass
class Part:
    """One thing in the text: its kind (markdown, code, figure, html, image, text, or a panel's tag)
    and what it holds.
    """

    kind: str
    content: object
    mime: str = ""
    tag: str | None = None


@dataclass
class Document:
    """A whole notebook: `meta` says title, language and edition; a notebook without any is a page
    of the appendix.
    """

    meta: dict
    brief: bool
    parts: list = field(default_factory=list)
    ledger: dict = field(default_factory=dict)

    @property
    def language(self):
        """The language of the text as a BCP 47 code."""
        return self.meta.get("language") or "en"

    @property
    def direction(self):
        """The direction of the text: ltr or rtl."""
        return direction(self.language)

    def word(self, text):
        """A word that the exporters add, in the language of the text."""
        return interface(text, self.language)

    @property
    def entries(self):
        """The entries of the ledger by id."""
        return {entry["id"]: entry for entry in self.ledger.get("entries", ())}

    @property
    def figures(self):
        """The figures in order, those in panels included."""
        return [part.content for part in flat(self.parts) if part.kind == "figure"]


def read(notebook, name):
    """The document that an executed notebook holds; `name` is its title if it has no heading."""
    parts = [part for cell in notebook.cells for part in _cell(cell, _language(notebook))]
    titled = next((place for place, part in enumerate(parts) if part.kind == "document"), 0)
    parts = parts[
        titled:
    ]  # what stands before its title tells how the notebook works, not what the brief says
    meta = next(
        (part.content for part in parts if part.kind == "document"),
        dict(notebook.metadata.get("taawun", {})),
    )
    ledger = next((part.content for part in parts if part.kind == "ledger"), {})
    document = Document(meta, brief=bool(meta.get("title")), ledger=ledger)
    kept = [
        part
        for part in parts
        if part.kind not in ("document", "ledger") and (part.kind != "code" or not document.brief)
    ]
    heading = _level(kept)
    meta.setdefault("title", heading or name)
    document.parts = _panels(kept)
    return document


def _language(notebook):
    """The language that the notebook's title states; its Markdown cells are in English and are
    translated into it.
    """
    titles = (
        output.data[DOCUMENT]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if DOCUMENT in output.get("data", {})
    )
    return next(titles, {}).get("language", "en")


def _cell(cell, language):
    """The parts of a cell: its text (translated) or code, then its outputs in their best form; each
    carries the cell's panel tag.
    """
    tags = cell.metadata.get("tags", [])
    tag = next((tag for tag in PANELS if tag in tags), None)
    if cell.cell_type == "markdown":
        parts = [Part("markdown", translate(cell.source, language))]
    elif cell.cell_type == "code":
        source = [Part("code", cell.source)] if cell.source.strip() else []
        parts = source + [part for output in cell.outputs if (part := _output(output))]
    else:
        parts = []
    for part in parts:
        part.tag = tag if part.kind not in ("code", "document", "ledger") else None
    return parts


def _output(output):
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


def _level(parts):
    """Take the first title out of the text, close gaps in the levels of the headings, and give the
    title.
    """
    title, closed = None, _Levels()
    for part in parts:
        if part.kind != "markdown":
            continue
        if title is None and (
            match := re.match(r"\s*#[ \t]+(.*?)[ \t]*#*\s*(?:\n|$)", part.content)
        ):
            title, part.content = match[1], part.content[match.end() :]
        chunks = _FENCED.split(part.content)
        part.content = "".join(
            _HEADING.sub(closed, chunk) if place % 2 == 0 else chunk
            for place, chunk in enumerate(chunks)
        )
    return title


class _Levels:
    """Rewrites headings so that the first is of level 2 and none is more than one level below the
    one before.
    """

    def __init__(self):
        self.last = 1

    def __call__(self, match):
        self.last = max(2, min(len(match[1]), self.last + 1))
        return f"{'#' * self.last} {match[2]}"


def _panels(parts):
    """The parts with runs of the same panel tag folded into one part of that kind; a heading begins
    a new panel.
    """
    folded = []
    for part in parts:
        if part.kind == "markdown" and not part.content.strip():
            continue
        if not part.tag:
            folded.append(part)
        elif (
            folded
            and folded[-1].kind == part.tag
            and not (part.kind == "markdown" and part.content.lstrip().startswith("#"))
        ):
            folded[-1].content.append(part)
        else:
            folded.append(Part(part.tag, [part]))
    return folded


def flat(parts):
    """All parts, those in panels included."""
    for part in parts:
        if part.kind in PANELS:
            yield from flat(part.content)
        else:
            yield part


def markdown_of(table):
    """All pieces of Markdown in a table, or none if there is no table."""
    return [table["caption"], *table["columns"], *chain(*table["rows"])] if table else []


def drawn(figure):
    """The ledger ids that the labels of a figure link to, each once, in order."""
    return list(dict.fromkeys(re.findall(r'xlink:href="#n-([^"]+)"', figure["svg"])))


def check_numbers(document, texts):
    """Raise KeyError if a text links a number to an entry that the ledger does not have; a document
    without ledger is not checked.
    """
    wrong = [
        f"[{match[1]}](#n-{match[2]})"
        for text in texts
        for match in NUMBER.finditer(text)
        if match[2] not in document.entries
    ]
    if document.ledger and wrong:
        raise KeyError(
            f"numbers that link to no entry of the ledger: {', '.join(wrong[:5])}. "
            "Use the id of an entry, or add the entry to the ledger's list."
        )

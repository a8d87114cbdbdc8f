"""An executed notebook as a tagged PDF (PDF/UA-1): Markdown through pandoc to Typst, compiled in
memory.
"""

import base64
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pypandoc
import typst
from nbconvert.exporters import Exporter
from traitlets import default

from taawun.export import document as model
from taawun.export.fonts import folder
from taawun.export.markdown import plain
from taawun.mime import pipe_table

TEMPLATE = Path(__file__).with_name("templates") / "brief.typ"
READER = "commonmark+pipe_tables+raw_attribute+strikeout"
#: The pandoc of the package, not another one that the machine may have.
PANDOC = Path(pypandoc.__file__).with_name("files") / (
    "pandoc.exe" if sys.platform == "win32" else "pandoc"
)


class TaawunPDFExporter(Exporter):
    """The brief as a PDF with tags, bookmarks and an annex to which every number links; code is
    left out.
    """

    export_from_notebook = "Taawun PDF"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kw):
        """The PDF as bytes, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        resources["output_extension"] = ".pdf"
        name = resources.get("metadata", {}).get("name") or "notebook"
        return Print(model.read(notebook, name)).pdf(), resources


class Print:
    """One PDF in the making: a Markdown text in which everything that is not Markdown is raw Typst."""

    def __init__(self, document):
        self.document, self.word, self.known = document, document.word, document.entries
        self.files, self.count = {}, 0

    def pdf(self):
        """The finished document."""
        annex = [*self._data(), *self._ledger()]
        annex = [_raw("#annex["), *annex, _raw("]")] if annex else []
        text = "\n\n".join(
            [*self._head(), *map(self._part, self.document.parts), self._imprint(), *annex]
        )
        self.files["main"] = (
            TEMPLATE.read_text(encoding="utf-8") + "\n" + _pandoc(self._linked(text))
        ).encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return typst.compile(
                self.files, font_paths=[folder()], ignore_system_fonts=True, pdf_standards=["ua-1"]
            )

    def _linked(self, text):
        """The text with numbers that have no ledger entry as plain words; with a ledger, such a
        number is an error.
        """
        model.check_numbers(self.document, [text])
        return model.NUMBER.sub(
            lambda match: match[0] if match[2] in self.known else match[1], text
        )

    def _head(self):
        """The settings of the document: title, language, page furniture."""
        meta = self.document.meta
        authors = (
            [meta["authors"]]
            if isinstance(meta.get("authors"), str)
            else list(meta.get("authors") or ())
        )
        edition = " ".join([self.word("Edition"), meta["edition"]]) if meta.get("edition") else ""
        values = {
            "plain-title": plain(meta["title"]),
            "running": plain(meta["title"]),
            "edition": edition,
            "authors": authors,
            "byline": " · ".join([*authors, *([edition] if edition else [])]),
            "words": {"page": self.word("Page {page} of {pages}")},
            "lang": self.document.language,
        }
        yield _raw(
            f"#show link: number-link\n#show: "
            f"brief.with({', '.join(f'{key}: {_typst(value)}' for key, value in values.items())}, "
            f"dir: {self.document.direction}, title: ["
        )
        yield meta["title"]
        yield _raw("], subtitle: [")
        yield meta.get("subtitle") or ""
        yield _raw("])")

    def _imprint(self):
        """The fine print at the end of the text."""
        meta = self.document.meta
        lines = [
            (self.word(name), str(meta[key]))
            for key, name in model.IMPRINT.items()
            if key != "edition" and meta.get(key)
        ]
        return _raw(f"#imprint({_typst(lines)})") if lines else ""

    def _part(self, part):
        """One part of the text as Markdown with raw Typst around it."""
        if part.kind in model.PANELS:
            inside = "\n\n".join(map(self._part, part.content))
            return f"{_raw(f'#panel({_typst(part.kind)})[')}\n\n{inside}\n\n{_raw(']')}"
        if part.kind == "markdown":
            return part.content
        if part.kind == "table":
            return _table(part.content)
        if part.kind == "figure":
            return self._figure(part.content)
        if part.kind == "image":
            return self._image(part)
        return f"```\n{part.content}\n```" if part.kind == "text" else ""

    def _figure(self, figure):
        """A figure with its number, finding, subtitle, drawing and source."""
        self.count += 1
        self.files[f"figure-{self.count}.svg"] = figure["svg"].encode()
        drawn = [number for number in model.drawn(figure) if number in self.known]
        return _call(
            "chart",
            *(figure.get(key) or "" for key in ("title", "subtitle", "caption")),
            first=(self._numbered(self.count), f"figure-{self.count}.svg", figure["alt"], drawn),
        )

    def _numbered(self, place):
        """How the figure at a place is called."""
        return " ".join([self.word("Figure"), str(place)])

    def _image(self, part):
        """A foreign picture, which says nothing of itself, as it is."""
        name = f"image-{len(self.files)}.{'svg' if 'svg' in part.mime else 'png'}"
        self.files[name] = (
            part.content.encode() if "svg" in part.mime else base64.b64decode(part.content)
        )
        alternative = self.word("Figure")
        return _raw(f"#image({_typst(name)}, alt: {_typst(alternative)})")

    def _data(self):
        """The annex with the data behind each figure."""
        tables = [
            (place, figure)
            for place, figure in enumerate(self.document.figures, 1)
            if figure.get("table")
        ]
        if not tables:
            return
        heading = self.word("The data behind the figures")
        yield _raw(f"#heading(level: 1, {_typst(heading)})")
        for place, figure in tables:
            yield _call(
                "data-of",
                f"{self._numbered(place)}. {plain(figure['title'])}",
                _table(figure["table"]),
            )

    def _ledger(self):
        """The annex with one entry a number."""
        if not self.document.ledger:
            return
        heading = self.document.ledger.get("heading") or self.word("Where every number comes from")
        words = _typst({"used": self.word("Used on page")})
        yield _raw(f"#heading(level: 1, {_typst(heading)})")
        for entry in self.document.ledger["entries"]:
            first = [_typst(str(entry.get(key) or "")) for key in ("id", "label", "value", "date")]
            rest = [
                _typst(str(entry.get(key) or ""))
                for key in (
                    "words",
                    "words_language",
                    "publisher",
                    "title",
                    "published",
                    "url",
                    "note",
                )
            ]
            rest[1] = _typst(entry.get("words_language") or self.document.language)
            opening, closing = ("[", "]") if entry.get("formula") else ("none", "")
            yield _raw(f"#entry({', '.join(first)}, {opening}")
            yield entry.get("formula") or ""
            yield _raw(f"{closing}, {', '.join(rest)}, words: {words})")


def _table(table):
    """A table under its caption, if it has one."""
    caption, rows = table["caption"], pipe_table(table)
    return _call("captioned", caption, rows) if caption else rows


def _raw(text):
    """Raw Typst inside Markdown."""
    return f"```{{=typst}}\n{text}\n```"


def _call(function, *contents, first=()):
    """A call of a Typst function whose last arguments are Markdown."""
    pieces = [_raw(f"#{function}({''.join(_typst(value) + ', ' for value in first)}[")]
    for content in contents:
        pieces += [content, _raw("], [")]
    return "\n\n".join([*pieces[:-1], _raw("])")])


def _typst(value):
    """A Python value as a Typst literal."""
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key}: {_typst(item)}" for key, item in value.items()) + ")"
    if isinstance(value, (list, tuple)):
        return "(" + "".join(f"{_typst(item)}, " for item in value) + ")"
    escaped = re.sub(r'[\\"]', r"\\\g<0>", str(value)).replace("\n", " ")
    return f'"{escaped}"'


def _pandoc(text):
    """Markdown to Typst; headings one level up, since the title stands apart; tables as wide as the
    text.
    """
    command = [
        PANDOC,
        "--from",
        READER,
        "--to",
        "typst",
        "--shift-heading-level-by=-1",
        "--wrap=none",
        "--columns=9999",
    ]
    made = subprocess.run(
        command, input=text, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    return made.replace("align(center)[#table(", "block(width: 100%)[#wide-table(")

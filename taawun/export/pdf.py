"""An executed notebook as a tagged PDF (PDF/UA-1), typeset by Typst in memory."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst

from taawun.export.document import IMPRINT, PANELS, Document, Part, drawn
from taawun.export.fonts import folder
from taawun.export.markdown import plain
from taawun.export.typeset import Markup, Typeset, call

TEMPLATE = Path(__file__).with_name("templates") / "brief.typ"
#: What is printed of an entry of the ledger, and of where it was read.
ENTRY = ("id", "code", "label", "value", "date", "words")
SOURCE = ("publisher", "title", "published", "url", "note")


class Print:
    """One PDF in the making."""

    def __init__(self, document: Document) -> None:
        self.document, self.typeset = document, Typeset(document)
        self.files: dict[str, bytes] = {}
        self.figures = 0

    def pdf(self) -> bytes:
        """The finished document."""
        text = [self._head(), *map(self._part, self.document.parts), self._imprint()]
        if annex := [*self._data(), *self._ledger()]:
            text.append(call("annex", Markup("\n".join(annex))))
        source = "\n".join([TEMPLATE.read_text(encoding="utf-8"), *text])
        self.files["main"] = source.encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return typst.compile(  # type: ignore[call-overload]
                self.files, font_paths=[folder()], ignore_system_fonts=True, pdf_standards="ua-1"
            )

    def _head(self) -> str:
        """The settings of the document: title, language, page furniture."""
        meta, document = self.document.meta, self.document
        edition = [document.word("Edition"), str(meta.get("edition") or "")]
        settings = call(
            "show: brief.with",
            title=self.typeset.blocks(meta["title"]),
            subtitle=self.typeset.blocks(meta.get("subtitle")) or None,
            plain_title=plain(meta["title"]),
            edition=" ".join(edition) if edition[1] else "",
            authors=document.authors,
            page_of=document.word("Page {page} of {pages}"),
            lang=document.language,
            dir=document.direction,
        )
        return f"#show link: number-link\n{settings}"

    def _imprint(self) -> str:
        """The fine print at the end of the text."""
        lines = [
            (self.document.word(name), str(self.document.meta[key]))
            for key, name in IMPRINT.items()
            if key != "edition" and self.document.meta.get(key)
        ]
        return call("imprint", lines) if lines else ""

    def _part(self, part: Part) -> str:
        """One part of the text."""
        if part.kind in PANELS:
            return call("panel", part.kind, Markup("\n".join(map(self._part, part.content))))
        if part.kind == "markdown":
            return self.typeset.blocks(part.content)
        if part.kind == "table":
            return self.typeset.cells(part.content)
        if part.kind == "figure":
            return self._figure(part.content)
        if part.kind == "image":
            return self._image(part)
        return call("raw", part.content, block=True) if part.kind == "text" else ""

    def _figure(self, figure: dict[str, Any]) -> str:
        """A figure with its number, finding, subtitle, drawing and source."""
        self.figures += 1
        name = f"figure-{self.figures}.svg"
        self.files[name] = figure["svg"].encode()
        where = self.document.numbered_figure(self.figures)
        numbers = [number for number in drawn(figure) if number in self.document.entries]
        lines = [self.typeset.blocks(figure.get(key)) for key in ("title", "subtitle", "caption")]
        return call("chart", where, name, figure["alt"], numbers, *lines)

    def _image(self, part: Part) -> str:
        """A foreign picture, which says nothing of itself, as it is."""
        drawing = "svg" in part.mime
        name = f"image-{len(self.files)}.{'svg' if drawing else 'png'}"
        self.files[name] = part.content.encode() if drawing else base64.b64decode(part.content)
        return call("image", name, alt=self.document.word("Figure"))

    def _data(self) -> Iterator[str]:
        """The annex with the data behind each figure."""
        figures = enumerate(self.document.figures, 1)
        tables = [(place, figure) for place, figure in figures if figure.get("table")]
        if tables:
            yield call("heading", self.document.word("The data behind the figures"), level=1)
        for place, figure in tables:
            title = f"{self.document.numbered_figure(place)}. {plain(figure['title'])}"
            yield call("data-of", title, self.typeset.cells(figure["table"]))

    def _ledger(self) -> Iterator[str]:
        """The annex with one entry a number."""
        if not self.document.ledger:
            return
        heading = self.document.ledger.get("heading")
        yield call(
            "heading", heading or self.document.word("Where every number comes from"), level=1
        )
        used = self.document.word("Used on page")
        for entry in self.document.entries.values():
            texts = {key: str(entry.get(key) or "") for key in ENTRY + SOURCE}
            texts["language"] = entry.get("words_language") or self.document.language
            formula = self.typeset.blocks(entry.get("formula")) or None
            yield call("entry", texts, formula, used)

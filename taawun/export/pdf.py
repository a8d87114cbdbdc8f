"""An executed notebook as a tagged PDF (PDF/UA-1), typeset by Typst in memory.

A text that is dated is fit for archives, too (PDF/A-3a), with the tables that it rests on attached.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from taawun.export.cells import PANELS, Part
from taawun.export.document import Document, drawn
from taawun.export.finish import finished
from taawun.export.fonts import fallbacks, folder, is_enough
from taawun.export.foreign import lost, paragraph
from taawun.export.pictures import Picture
from taawun.export.printer import plain
from taawun.export.sources import NOWHERE, on_paper, printed_address, publication, source_of
from taawun.export.typeset import Code, Markup, Typeset, call, raw_block
from taawun.locales import direction, isolated

TEMPLATE = Path(__file__).with_name("templates") / "brief.typ"
#: How much of what a cell printed is shown.
LETTERS, LINES = 20_000, 300


class Print:
    """One PDF in the making."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def pdf(self) -> bytes:
        """The finished document."""
        archives = ["a-3a"] if self.document.meta.get("date") else []
        with TemporaryDirectory(prefix="taawun-") as place:
            self.place = Path(place)
            try:
                made = self._compiled(self._text_of_all(trusting=True), *archives)
            except typst.TypstError:
                # A drawing of a figure may be none: only now it is worth the time to try each.
                made = self._compiled(self._text_of_all(trusting=False), *archives)
        entries = self.document.entries.values()
        titles = {
            link: entry["title"] for entry in entries for link in (entry["opens"], entry["url"])
        }
        return finished(made, titles, self.document.word("A{page}").format(page=""))

    def _text_of_all(self, trusting: bool) -> str:
        """All that the document says, the drawings of figures taken as such or tried."""
        self.typeset = Typeset(self.document, self._drawn)
        self.figures, self.trusting = 0, trusting
        text = [*self._attached(), self._head()]
        text += [*map(self._part, self.document.parts), self._imprint()]
        self.typeset.section = self.document.word("Annex")
        if annex := [*map(self._part, self.document.annex)]:
            annex.insert(0, call("heading", self.typeset.section, level=2))
        if ledger := [*self._ledger()]:
            annex.append(call("narrow", Markup("\n".join(ledger))))
        if annex:
            text.append(call("annex", self._page_words(), Markup("\n".join(annex))))
        return "\n".join(text)

    def _compiled(self, text: str, *archives: str) -> bytes:
        """A text in the brief's looks as a PDF that keeps to PDF/UA-1 and the standards named;
        Typst sees these pictures and two fonts only.
        """
        seen: dict[str, Any] = {"root": str(self.place), "pdf_standards": ["ua-1", *archives]}
        fonts: list[Any] = [folder()]
        if not is_enough(text):
            fonts.append(str(self.place))
            for path in fallbacks():
                shutil.copyfile(path, self.place / path.name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = typst.compile(
                f"{TEMPLATE.read_text(encoding='utf-8')}\n{text}".encode(),
                font_paths=fonts,
                ignore_system_fonts=True,
                **seen,
            )
        return bytes(made)

    def _drawn(self, picture: Picture, name: str) -> Markup | None:
        """A picture with its alternative text, or None if Typst cannot draw it."""
        file = f"picture-{len(list(self.place.iterdir()))}.{picture.suffix}"
        (self.place / file).write_bytes(picture.data)
        if not self._can_draw(file):
            return None
        return call("picture", file, name or self.document.word("Figure"))

    def _can_draw(self, file: str) -> bool:
        """Whether Typst can draw a picture."""
        try:
            self._compiled(f'#set document(title: "-")\n{call("picture", file, "-")}')
        except typst.TypstError:
            return False
        return True

    def _attached(self) -> Iterator[str]:
        """The tables of a dated text as files in the PDF; an archive asks for their day."""
        dated = self.document.tables if self.document.meta.get("date") else {}
        for name, table in ((name, table) for name, table in dated.items() if table):
            (self.place / name).write_text(table, encoding="utf-8", newline="")
            yield call("attached", name, self.document.word("A table that this text rests on"))

    def _head(self) -> str:
        """The settings of the document: title, language, page furniture."""
        meta, document = self.document.meta, self.document
        title = meta["title"] if plain(meta["title"]) else document.name
        settings = call(
            "show: brief.with",
            title=Markup(
                self.typeset.line(meta["title"] if plain(meta["title"]) else document.name)
            ),
            subtitle=self.typeset.blocks(meta.get("subtitle")) or None,
            plain_title=plain(title),
            edition=document.edition,
            authors=document.authors,
            date=meta.get("date"),
            page_of=document.word("Page {page} of {pages}"),
            annex_of=f"{document.word('Annex')} {document.word('A{page}')}",
            lang=document.language,
            dir=document.direction,
        )
        return f"#show link: number-link\n{settings}"

    def _page_words(self) -> dict[str, str]:
        """How the annex names the pages on which a number stands, such as «p. 1, 3»."""
        word = self.document.word
        return {
            "page": word("p."),
            "place": word("A{page}"),
            "comma": word(","),
            "colon": word(":"),
        }

    def _imprint(self) -> str:
        """The fine print at the end of the text."""
        word = self.document.word
        lines = [line for line in self.document.imprint.items() if line[0] != word("Edition")]
        return call("imprint", word(":"), lines) if lines else ""

    def _part(self, part: Part) -> str:
        """One part of the text."""
        if part.kind in PANELS:
            self.typeset.is_strip = part.kind == "numbers"
            parts = self._beside(part.content) if part.kind == "annex" else part.content
            inside = Markup("\n".join(map(self._part, parts)))
            self.typeset.is_strip = False
            return call("panel", part.kind, inside)
        printers: dict[str, Callable[[Part], str]] = {
            "markdown": lambda part: self.typeset.blocks(part.content, part.attachments),
            "table": lambda part: self.typeset.cells(part.content),
            "html": lambda part: self.typeset.tokens(part.content),
            "beside": self._side_by_side,
            "figure": lambda part: self._figure(part.content),
            "text": self._text,
            "warning": self._text,
            "code": lambda part: "",
        }
        return printers[part.kind](part)

    def _beside(self, parts: list[Part]) -> Iterator[Part]:
        """The parts of an annex, in which two small tables that follow one another stand side by
        side.
        """
        waiting = list(parts)
        while waiting:
            pair = [part for part in waiting[:2] if part.kind == "table"]
            widths = [len(part.content["columns"]) for part in pair]
            small = all(len(part.content["rows"]) < 8 for part in pair) and sum(widths) < 8
            if len(pair) == 2 and small and not any(part.content["caption"] for part in pair):
                yield Part("beside", (widths, pair))
                waiting = waiting[2:]
            else:
                yield waiting.pop(0)

    def _side_by_side(self, part: Part) -> str:
        """Tables beside one another."""
        widths, tables = part.content
        return call("beside", widths, *(self.typeset.cells(table.content) for table in tables))

    def _text(self, part: Part) -> str:
        """What a cell printed; where much is left out, that is said."""
        kept = "\n".join(part.content[:LETTERS].split("\n")[:LINES])
        left_out = len(part.content.rstrip()) - len(kept)
        if left_out <= 0:
            return raw_block(kept)
        said = self.document.word("{} more characters are left out here")
        return raw_block(kept) + self.typeset.tokens(paragraph(f"[{said.format(f'{left_out:,}')}]"))

    def _figure(self, figure: dict[str, Any]) -> str:
        """A figure with its number, finding, subtitle, drawing and source."""
        self.figures += 1
        name = f"figure-{self.figures}.svg"
        (self.place / name).write_bytes(figure["svg"].encode())
        is_drawn = self.trusting or self._can_draw(name)
        where = self.document.numbered_figure(self.figures)
        for number in drawn(figure):
            self.typeset.use(number)
        if figure.get("table"):
            # Paper shows the drawing alone; that its data has entries is looked at all the same.
            said = dict(self.typeset.sections)
            self.typeset.cells(figure["table"])
            self.typeset.sections = said
        numbers = [number for number in drawn(figure) if number in self.document.entries]
        lines = [self.typeset.blocks(figure.get(key)) for key in ("title", "subtitle", "caption")]
        drawing = name if is_drawn else self.typeset.tokens(lost(figure["alt"]))
        return call("chart", where, drawing, figure["alt"], numbers, *lines)

    def _ledger(self) -> Iterator[str]:
        """The annex with one entry a number that is printed, by the section in which it stands
        first; then the results that these rest on, and the publications.
        """
        if not self.document.ledger:
            return
        word, sections = self.document.word, dict(self.typeset.sections)
        heading = self.document.ledger.get("heading") or word("Where every number comes from")
        yield call("heading", heading, level=2)
        first = next(filter(None, sections.values()), heading)
        resting = word("What these numbers rest on")
        shown, cited = on_paper(self.document.entries, sections)
        quoted = dict.fromkeys(publication(entry) for entry in [*shown.values(), *cited.values()])
        quoted.pop(NOWHERE, None)
        self.numbers = {one: number for number, one in enumerate(quoted, 1)}
        self.typeset.cited = {name: self.numbers[publication(cited[name])] for name in cited}
        found: dict[str, list[Code]] = {section or first: [] for section in sections.values()}
        for number, entry in shown.items():
            section = sections.get(number, resting) or first
            found.setdefault(section, []).append(self._entry(entry))
        yield from (call("section", title, *given) for title, given in found.items() if given)
        yield from self._publications()

    def _entry(self, entry: dict[str, Any]) -> Code:
        """One row of the annex: the number, and what is known of it."""
        source = source_of(entry, self.document.entries)
        language, words = source["words_language"] or self.document.language, source["words"]
        if words and direction(language) != self.document.direction:
            words = isolated(words, direction(language))
        words = self.document.word("“{}”").replace("{}", words) if words else ""
        formula = self.typeset.formula(entry["formula"]) if source is entry else None
        number = self.numbers.get(publication(source))
        told = {key: self.typeset.unvowelled(entry[key]) for key in ("label", "value", "date")}
        told["unit"] = self.typeset.unvowelled(entry["unit"])
        told["number"] = told["value"].removesuffix(told["unit"]).strip()
        others = ", ".join(other["publisher"] for other in source["also"])
        also = f"{self.document.word('Also printed by')} {others}" if others else ""
        return Code(call("entry", entry["id"], told, formula, words, language, number, also)[1:])

    def _publications(self) -> Iterator[str]:
        """The publications that the entries quote, by their numbers."""
        rows = []
        for (publisher, title, published, url), number in self.numbers.items():
            quoted = (publisher, title, published, url)
            language = next(
                entry["words_language"]
                for entry in self.document.entries.values()
                if publication(entry) == quoted
            )
            by = ", ".join(filter(None, [publisher, published]))
            told = (number, by, title, language or self.document.language)
            rows.append(Code(call("publication", *told, url, printed_address(url))[1:]))
        if rows:
            yield call("publications", self.document.word("Publications"), *rows)

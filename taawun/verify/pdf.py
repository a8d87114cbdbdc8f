"""The brief as a PDF against the same brief as a page: no numeral more, none less.

Text is read run by run, so that it does not matter in which direction the runs stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bs4 import Tag
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from taawun.export.sources import inputs, on_paper, printed_address, source_of
from taawun.locales import direction
from taawun.report.translation import interface
from taawun.verify.allowlist import numerals
from taawun.verify.html import NUMBER, Findings, Page, attribute, blocks, masked, one, spaced

#: As far as the text around a numeral is quoted on either side, in runs.
CONTEXT = 12
#: Where a link to an archived copy has the address of the publication.
ORIGINAL = "data-originalurl"


class Paper:
    """A brief as a PDF, read once: its name and language, the pieces of its text as they are set,
    what its pages are called, the links on each, and the figures (see `figures`).
    """

    def __init__(self, path: Path):
        self.name, self.language = path.name, path.suffixes[-2].lstrip(".")
        reader = PdfReader(path)
        self.runs, self.labels, self.marks = runs(reader), [*reader.page_labels], marks(reader)
        self.figures = [*figures(reader)]


def compare(paper: Paper, page: Page) -> Findings:
    """What the PDF says that the page does not, and the reverse: numerals, links, entries of the
    annex, alternative texts. Drawings hold outlines, no text.
    """
    found = _Compared(paper, page)
    found.page_numbers()
    found.surplus_numerals()
    found.missing_numerals()
    found.entries()
    found.alternative_texts()
    return found.findings


def texts(papers: Iterable[Paper]) -> Iterator[tuple[str, str, str]]:
    """The name, the language and the words of each PDF, but for languages that are written from the
    right: their words stand in the order of the sheet, some with ligatures.
    """
    for paper in papers:
        if direction(paper.language) == "ltr":
            yield paper.name, paper.language, " ".join("".join(paper.runs).split())


class _Compared:
    """A PDF beside the page that it was made with: the runs of its text, the numerals that it has
    and those that it has to have, and what was found.
    """

    def __init__(self, paper: Paper, page: Page):
        self.paper, self.page, self.findings = paper, page, Findings(paper.name)
        self.annex = Annex(page)
        texts = expected(page, self.annex, paper.labels)
        self.have = Counter(number for run in paper.runs for number in numerals(run))
        self.want = Counter(number for text in texts for number in numerals(text))
        surplus = self.have - self.want
        last = len(paper.labels)
        self.pages = {n: surplus[n] for n in surplus if n.isdigit() and int(n) <= last}
        self.surplus = [number for number in surplus if number not in self.pages]

    def page_numbers(self) -> None:
        """As many small numbers beyond the page's as links lead from the annex to a page."""
        inner, broken = links(self.paper.marks)
        back = inner - len(self.annex.linked) - len(self.annex.quoted)
        count = sum(self.pages.values())
        behind = {label for label in self.paper.labels if not label.isdigit()}
        to_annex = sum(name.rpartition(" ")[2] in behind for name in named(self.paper.marks))
        if not 0 <= back - broken - to_annex <= count <= back:
            said = f"{count} small numbers stand there beyond those of {self.page.findings.name}"
            words = f"{said}, but {back} links lead from the annex back to a page"
            self.findings.orphan("page numbers", " ".join(self.pages), words)

    def surplus_numerals(self) -> None:
        """No numeral that the page does not have."""
        for number in self.surplus:
            place = next(i for i, run in enumerate(self.paper.runs) if number in numerals(run))
            around = self.paper.runs[max(place - CONTEXT, 0) : place + CONTEXT]
            self.findings.orphan(f"{self._count(number)}", number, spaced("".join(around)))

    def missing_numerals(self) -> None:
        """Every numeral of the page as often as there."""
        self.findings.problems += [
            f"{self.findings.name}: «{number}» stands there {self._count(number)}"
            for number in self.want - self.have
        ]

    def entries(self) -> None:
        """Every entry that paper has and to which a link leads, which is named after it."""
        told = set(map(_unvowelled, named(self.paper.marks)))
        self.findings.problems += [
            f"{self.findings.name}: the annex has no entry «{name}»"
            for name, article in zip(self.page.entries, self.page.articles, strict=True)
            if (name in self.annex.linked or name not in self.page.found)
            and _named(article) not in told
        ]

    def alternative_texts(self) -> None:
        """The alternative texts of the page's figures, and no other."""
        drawings = self.page.soup.select("figure .wide")
        drawn = Counter(spaced(attribute(drawing, "aria-label")) for drawing in drawings)
        if Counter(told for told, _ in self.paper.figures) != drawn:
            self.findings.problems.append(
                f"{self.findings.name}: the alternative texts of the figures are not those of "
                f"{self.page.findings.name}"
            )

    def _count(self, number: str) -> str:
        return f"{self.have[number]} times, not {self.want[number]} as in {self.page.findings.name}"


def runs(reader: PdfReader) -> list[str]:
    """The pieces of text as they are set, page by page."""
    found: list[str] = []
    for sheet in reader.pages:
        sheet.extract_text(visitor_text=lambda run, *_: found.append(run))
    return found


def marks(reader: PdfReader) -> list[list[Any]]:
    """The links on each page."""
    return [[mark.get_object() for mark in sheet.get("/Annots", [])] for sheet in reader.pages]


def links(marks: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """How many links lead to a place in the document, and how many of them may go on on the next
    page, and so be two: the last of a page that is called like the first of the next.
    """
    inner = [[mark.get("/Contents") for mark in sheet if "/Dest" in mark] for sheet in marks]
    broken = sum(above[-1:] == below[:1] != [] for above, below in pairwise(inner))
    return sum(map(len, inner)), broken


class Annex:
    """What the annex on paper has of a page's entries: those of the numbers that the text says, and
    of the results below them; other figures stand in formulas alone, their publication behind them.

    `linked` is what the links to entries lead to, and `quoted` the entries whose publication is
    named, one by one; `told` is the parts of entries that are printed.
    """

    def __init__(self, page: Page):
        self.articles = dict(zip(page.entries, page.articles, strict=True))
        self.entries = {name: _entry(name, article) for name, article in self.articles.items()}
        outside = [link for link in page.soup.select(NUMBER) if _is_on_paper(link)]
        self.shown, self.cited = on_paper(self.entries, map(_target, outside))
        self.linked = [_target(link) for link in outside if not link.find_parent("svg")]
        self.quoted: list[str] = []
        self.told: list[Tag] = []
        for entry in self.shown.values():
            self._add(entry)

    def _add(self, entry: dict[str, Any]) -> None:
        """Note what an entry prints."""
        source = source_of(entry, self.entries)
        self.told += self.articles[entry["id"]].select("h3, .value")
        self.told += self.articles[source["id"]].select(".formula, blockquote, .also a")
        self.quoted += [source["id"]] if self.articles[source["id"]].select(".from") else []
        below = inputs(source)
        self.linked += [name for name in below if name not in self.cited]
        self.quoted += [name for name in below if name in self.cited]

    def publications(self) -> dict[str, int]:
        """What the annex says of each publication, its address included, and its number."""
        names = [*self.shown, *self.cited]
        told = (self.publication(name) for name in names if self.articles[name].select(".from"))
        return {publication: number for number, publication in enumerate(dict.fromkeys(told), 1)}

    def publication(self, name: str) -> str:
        """What the annex says of the publication that an entry quotes."""
        source = one(self.articles[name], ".from")
        link = source.select_one("a")
        opens, given = (attribute(link, name) if link else "" for name in ("href", ORIGINAL))
        address = given or re.sub(r"#?:~:text=.*", "", opens)
        return f"{source.get_text()} {printed_address(address)}"


def _entry(name: str, article: Tag) -> dict[str, Any]:
    """An entry with the links of its formula as Markdown has them."""
    formula = article.select_one(".formula")
    links = [f"[]({attribute(link, 'href')})" for link in formula.select(NUMBER)] if formula else []
    text = spaced(formula.get_text()).removeprefix("= ") if formula else ""
    is_one = len(links) == 1 and formula and text == spaced(one(formula, NUMBER).get_text())
    return {"id": name, "formula": links[0] if is_one else " ; ".join([*links, text])}


def _is_on_paper(link: Tag) -> bool:
    """Whether a link stands in the text or in a drawing that is printed."""
    parents = list(link.parents)
    hidden = any(parent.name == "details" or parent.get("id") == "ledger" for parent in parents)
    is_drawn = any(parent.name == "svg" for parent in parents)
    return not hidden and (not is_drawn or link.find_parent(class_="wide") is not None)


def _target(link: Tag) -> str:
    return attribute(link, "href").removeprefix("#n-")


def expected(page: Page, annex: Annex, labels: Sequence[str]) -> Iterator[str]:
    """What a PDF of the page has to print: its text without the data behind its figures, the annex
    with each publication once with its address, page n of m or of the annex, and the running title.

    The edition stands in the running title, and only in the page at the foot.
    """
    edition = interface("Edition", page.language)
    running = " ".join(part.get_text() for part in page.soup.select("h1, .byline"))
    without = page.soup.select("#ledger, nav, .skip, svg, details")
    for block in blocks(one(page.soup, "body"), without):
        if not (block.find_parent("footer") and block.get_text().startswith(edition)):
            yield masked(block)[1]
    for part in [*page.soup.select("#ledger h2"), *annex.told]:
        yield part.get_text()
    numbered = annex.publications()
    for name in annex.quoted:
        yield f"[{numbered[annex.publication(name)]}]"
    for publication, number in numbered.items():
        yield f"[{number}] {publication}"
    body = sum(label.isdigit() for label in labels)
    for place, label in enumerate(labels):
        yield (f"{label} / {body}" if label.isdigit() else label) + (f" {running}" if place else "")


def named(marks: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The names of the links that lead to a place in the document."""
    for link in (link for sheet in marks for link in sheet):
        if "/Dest" in link:
            yield str(link.get("/Contents", ""))


def _named(article: Tag) -> str:
    """How links to an entry are named: its number and its label."""
    parts = (article.select_one(part) for part in (".value bdi", "h3"))
    return _unvowelled(": ".join(part.get_text() if part else "" for part in parts))


def _unvowelled(text: str) -> str:
    """The text without signs above Arabic letters, which the PDF leaves out, and spaced plainly."""
    return spaced(re.sub("[\u064b-\u0652]", "", text))


def figures(reader: PdfReader) -> Iterator[tuple[str, str]]:
    """The alternative text of each figure of the structure tree that has one, and what its page is
    called; empty for none.
    """
    pages: Any = zip(reader.pages, reader.page_labels, strict=True)
    called = {sheet.indirect_reference.idnum: label for sheet, label in pages}
    root: Any = reader.trailer["/Root"].get_object()
    nodes: list[Any] = [root.get("/StructTreeRoot")]
    while nodes:
        node = nodes.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            nodes += reversed(node)
        elif isinstance(node, DictionaryObject):
            nodes.append(node.get("/K"))
            if "/Alt" in node and node.get("/S") == "/Figure":
                sheet: Any = node.raw_get("/Pg") if "/Pg" in node else None
                yield spaced(str(node["/Alt"])), called[sheet.idnum] if sheet else ""

"""What the brief prints: its numbers with their ids, and the numerals that have none.

HTML page and PDF are read as anybody could read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag

from taawun.formula import numbers
from taawun.numbers.formatting import BETWEEN, HEDGES, plain_number, written
from taawun.quantity import Quantity
from taawun.report.translation import translate
from taawun.verify.allowlist import IN_WORDS, NUMERAL, TAKEN, sentence, take_out

NUMBER = "a[href^='#n-']"
BLOCKS = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "td",
    "th",
    "caption",
    "figcaption",
    "summary",
    "blockquote",
    "text",
    "desc",
    "title",
    "div",
    "section",
    "article",
    "body",
]


@dataclass
class Findings:
    """What was read in one brief: `numbers` (id, words, place, reckoned again), `orphans` (numeral,
    sentence), `in_words`, `accepted` (kind to count), and `problems` as sentences.
    """

    name: str
    numbers: list[dict] = field(default_factory=list)
    orphans: list[dict] = field(default_factory=list)
    in_words: list[str] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def orphan(self, where: str, numeral: str, words: str) -> None:
        """Note a numeral that belongs to nothing."""
        self.orphans.append({"where": where, "numeral": numeral, "sentence": words})
        self.problems.append(
            f"{self.name}, {where}: «{numeral}» belongs to no entry of the ledger: {words}"
        )


class Page:
    """One brief as HTML, read against the quantities that were reckoned again; `raw` is the rows of
    step 01 by figure_id, `labels` the ledger's labels by id.
    """

    def __init__(
        self, path: Path, found: Mapping[str, Quantity], raw: Mapping[str, Mapping[str, str]]
    ):
        self.soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        self.language, self.found, self.raw = self.soup.html["lang"], found, raw
        self.findings = Findings(path.name)
        self.ledger = self.soup.find(id="ledger")
        self.entries = (
            [article["id"].removeprefix("n-") for article in self.ledger.select("article")]
            if self.ledger
            else []
        )

    def read(self) -> Findings:
        """Everything that the page prints."""
        for link in self.soup.select(NUMBER):
            self._number(link)
        for drawing in self.soup.select("figure [aria-label]:not(a)"):
            self._alternative(drawing)
        for text in (
            self.soup.title.get_text(),
            *(
                meta["content"]
                for meta in self.soup.select("meta[name=description], meta[property^='og:']")
            ),
        ):
            self._words("head", text, text)
        for block in blocks(self.soup.body, without=[self.ledger]):
            self._words(_place(block), *masked(block))
        for article in self.ledger.select("article") if self.ledger else []:
            self._entry(article)
        return self.findings

    def written(self, id: str) -> str:
        """How the number is to be written in the language of the page."""
        return spaced(
            written(
                self.found[id],
                self.language,
                translate(BETWEEN, self.language),
                {name: translate(words, self.language) for name, words in HEDGES.items()},
            )
        )

    def _number(self, link: Tag) -> None:
        """A number that links to the ledger: in the text or in a drawing."""
        id, drawn = link["href"].removeprefix("#n-"), link.find_parent("svg") is not None
        where = "drawing" if drawn else "annex" if link.find_parent(id="ledger") else _place(link)
        shown = spaced(link.get("aria-label", "") if drawn else link.get_text())
        if self._known(id, shown):
            right = self.written(id)
            label = spaced(translate(self.found[id].label, self.language))
            if shown not in ((f"{right}: {label}", label) if drawn else (right,)):
                self.findings.problems.append(
                    f"{self.findings.name}, {where}: «{shown}» is printed for «{id}», which "
                    f"reckoned again is «{right}»"
                )
            self._note(id, shown, where)

    def _known(self, id: str, shown: str) -> bool:
        """Whether the id can be resolved, both in the annex of the page and in the ledger reckoned
        again.
        """
        known = id in self.entries and id in self.found and self.found[id].known
        if not known:
            self.findings.problems.append(
                f"{self.findings.name}: «{shown}» links to «{id}», which "
                f"{'has no entry in the annex' if id in self.found else 'is not in the ledger'}"
            )
        return known

    def _note(self, id: str, shown: str, where: str) -> None:
        quantity = self.found[id]
        self.findings.numbers.append(
            {
                "id": id,
                "printed": shown,
                "where": where,
                "value": quantity.value,
                "low": quantity.low,
                "high": quantity.high,
                "unit": quantity.unit,
            }
        )

    def _alternative(self, drawing: Tag) -> None:
        """The alternative text of a figure: its numbers are those of the figure's drawing or table."""
        text = spaced(drawing["aria-label"])
        ids = dict.fromkeys(
            link["href"].removeprefix("#n-")
            for link in drawing.find_parent("figure").select(NUMBER)
        )
        for id in sorted(
            (id for id in ids if id in self.found), key=lambda id: -len(self.written(id))
        ):
            place = re.search(rf"(?<![\d.,]){re.escape(self.written(id))}(?![\d%]|[.,]\d)", text)
            if place:
                self._note(id, place[0], "alternative text")
                text = text.replace(place[0], TAKEN * len(place[0]))
        self._words("alternative text", text, spaced(drawing["aria-label"]))

    def _words(self, where: str, text: str, whole: str) -> None:
        """Words without their linked numbers: what is left has to be accepted."""
        text, counts = take_out(text, self.language)
        for kind, count in counts.items():
            self.findings.accepted[kind] = self.findings.accepted.get(kind, 0) + count
        for stray in NUMERAL.finditer(text):
            self.findings.orphan(where, stray[0], sentence(whole, *stray.span()))
        if where not in ("alternative text", "annex", "head"):
            self.findings.in_words += [
                line
                for spelt in IN_WORDS.finditer(text)
                if (line := f"{spelt[0]}: {sentence(whole, *spelt.span())}")
                not in self.findings.in_words
            ]

    def _entry(self, article: Tag) -> None:
        """An entry of the annex: value and arithmetic as reckoned again, words and source as in the
        raw tables, nothing else.
        """
        id = article["id"].removeprefix("n-")
        if id not in self.found:
            return self.findings.problems.append(
                f"{self.findings.name}, annex: «{id}» is not in the ledger"
            )
        quantity, row = self.found[id], self.raw.get(id, {})
        expected = {
            "h3": translate(quantity.label, self.language),
            "blockquote": row.get("as_printed", ""),
            ".from > bdi:first-child": row.get("publisher", ""),
            "cite": row.get("title", ""),
            ".from > bdi:last-child": row.get("published", ""),
            ".remark": row.get("note", ""),
            ".when": quantity.date,
            ".value bdi": self.written(id),
        }
        for part, right in expected.items():
            shown = spaced(article.select_one(part).get_text()) if article.select_one(part) else ""
            same = (
                self._unit(quantity, shown.removeprefix(right))
                if part == ".value bdi" and shown.startswith(right)
                else shown == spaced(right)
            )
            if not same:
                self.findings.problems.append(
                    f"{self.findings.name}, annex, {id}: «{shown}» stands where «{right}» is "
                    f"expected"
                )
        address = article.select_one("cite a")
        if (address["href"] if address else "") != row.get("url", ""):
            self.findings.problems.append(
                f"{self.findings.name}, annex, {id}: the address is not that of "
                f"data/raw/sources.csv"
            )
        self._words("annex", expected["h3"], expected["h3"])
        if formula := article.select_one(".formula"):
            text, whole = masked(formula)
            for stray in NUMERAL.finditer(text):
                if stray[0] not in constants(quantity, self.language):
                    self.findings.orphan("annex", stray[0], sentence(whole, *stray.span()))

    def _unit(self, quantity: Quantity, shown: str) -> bool:
        """Whether the words behind a value can be its unit; a translation has them in plural forms."""
        unit = "" if quantity.unit in ("percent", "1", "count") else quantity.unit
        return (
            shown.strip() == unit
            if self.language == "en"
            else not NUMERAL.search(shown) and bool(shown.strip()) == bool(unit)
        )


def constants(quantity: Quantity, language: str) -> set[str]:
    """How the plain numbers of a formula are written."""
    return {plain_number(number, language) for number in numbers(quantity.formula)}


def blocks(top: Tag, without: list) -> Iterator[Tag]:
    """The smallest blocks of text below `top`, in order."""
    seen = set()
    for text in top.find_all(string=True):
        block = next(parent for parent in text.parents if parent.name in BLOCKS)
        outside = any(parent is other for parent in text.parents for other in without)
        if text.strip() and type(text) is NavigableString and not outside and id(block) not in seen:
            seen.add(id(block))
            yield block


def masked(block: Tag) -> tuple[str, str]:
    """The text of a block with its linked numbers blanked, and the whole text; inner blocks are
    left to themselves.
    """
    text = whole = ""
    for piece in block.find_all(string=True):
        own = next(parent for parent in piece.parents if parent.name in BLOCKS)
        if own is block and type(piece) is NavigableString:
            linked = any(
                parent.name == "a" and parent.get("href", "").startswith("#n-")
                for parent in piece.parents
            )
            gap = ": " if piece.parent.name == "dt" else ""
            text, whole = (
                text + (TAKEN * len(piece) if linked else piece) + gap,
                whole + piece + gap,
            )
    return text, whole


def spaced(text: str) -> str:
    """The text with plain single spaces: whether a space is narrow or unbreakable is a matter of
    setting.
    """
    return " ".join(text.split())


def _place(element: Tag) -> str:
    """The heading under which something stands."""
    if figure := element.find_parent("figure"):
        return figure.select_one(".kicker").get_text()
    heading = element.find_previous("h2")
    return heading.get_text() if heading else "title"

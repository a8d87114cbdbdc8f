"""What the brief prints: its numbers with their ids, and the numerals that have none.

HTML page and PDF are read as anybody could read them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from taawun.export.document import at_words
from taawun.export.sources import in_words, when
from taawun.formula import numbers
from taawun.locales import SOURCE
from taawun.numbers.formatting import (
    BETWEEN,
    FORMS,
    HEDGES,
    PER_CENT,
    in_prose,
    plain_number,
    says_number,
    with_days,
)
from taawun.quantity import Quantity
from taawun.readings import Readings
from taawun.report.annex import says
from taawun.report.holding import SPREAD, spread
from taawun.report.template import filled
from taawun.report.translation import interface, is_translated, translate, typeset
from taawun.report.worth import labelled
from taawun.tables import Row
from taawun.units import in_words as in_english
from taawun.verify.allowlist import IN_WORDS, NUMERAL, TAKEN, sentence, take_out

NUMBER = "a[href^='#n-']"
BLOCKS = re.compile(
    "p|li|h[1-4]|td|th|caption|figcaption|summary|blockquote|text|desc|title|div|section|article"
    "|body"
)
#: Units that are not printed behind a value.
SILENT = ("percent", "1", "count")


@dataclass
class Findings:
    """What was read in one brief: `numbers` (id, words, place, computed again), `orphans` (numeral,
    sentence), `in_words`, `accepted` (kind to count), and `problems` as sentences.
    """

    name: str
    numbers: list[dict[str, Any]] = field(default_factory=list)
    orphans: list[dict[str, str]] = field(default_factory=list)
    in_words: list[str] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def problem(self, where: str, words: str) -> None:
        """Note what is wrong at a place of the brief."""
        self.problems.append(f"{self.name}, {where}: {words}")

    def orphan(self, where: str, numeral: str, words: str) -> None:
        """Note a numeral that belongs to nothing."""
        self.orphans.append({"where": where, "numeral": numeral, "sentence": words})
        self.problem(where, f"«{numeral}» belongs to no entry of the ledger: {words}")

    def number(self, quantity: Quantity, shown: str, where: str) -> None:
        """Note a number that belongs to an entry of the ledger."""
        told = {"id": quantity.id, "printed": shown, "where": where}
        self.numbers.append(told | measured(quantity))


class Page:
    """One brief as HTML, read against the quantities found again; `raw` is the figures by name."""

    def __init__(self, path: Path, found: Mapping[str, Quantity], raw: Mapping[str, Row]):
        self.soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        self.language = attribute(one(self.soup, "html"), "lang")
        self.found, self.raw, self.readings = found, raw, Readings(found)
        self.findings = Findings(path.name)
        self.ledger = self.soup.select_one("#ledger")
        self.articles = self.soup.select("#ledger article")
        self.entries = [_entry(article) for article in self.articles]
        self._ways: dict[str, list[str]] = {}

    def read(self) -> Findings:
        """Everything that the page prints."""
        for link in self.soup.select(NUMBER):
            self._number(link)
        for drawing in self.soup.select("figure [aria-label]:not(a)"):
            self._alternative(drawing)
        said = "meta[property^='og:']:not([property='og:image'])"
        described = self.soup.select(f"meta[name=description], {said}")
        title = one(self.soup, "title").get_text()
        for text in (title, *(attribute(meta, "content") for meta in described)):
            self._words("head", text, text)
        for block in blocks(one(self.soup, "body"), without=[self.ledger] if self.ledger else []):
            self._words(_place(block), *masked(block))
        for article in self.articles:
            self._entry(article)
        return self.findings

    def written(self, name: str, form: str = "") -> str:
        """How the number is to be written in the language of the page, in the form of its field."""
        between = translate(BETWEEN, self.language)
        hedges = {hedge: translate(words, self.language) for hedge, words in HEDGES.items()}
        return spaced(FORMS[form](self.found[name], self.language, between, hedges))

    def _number(self, link: Tag) -> None:
        """A number that links to the ledger: in the text or in a drawing."""
        name, drawn = _target(link), link.find_parent("svg") is not None
        where = "drawing" if drawn else "annex" if link.find_parent(id="ledger") else _place(link)
        shown = spaced(attribute(link, "aria-label") if drawn else link.get_text())
        if not self._resolves(name, shown):
            return
        right = self.written(name)
        label = spaced(self._label(self.found[name]))
        forms = self._forms(name, label)
        beside = shown.removesuffix(f": {label}")
        is_label = shown == label or any(_is_all(form, beside) for form in forms)
        if not (is_label if drawn else shown in forms):
            said = f"«{shown}» is printed for «{name}», which reckoned again is «{right}»"
            self.findings.problem(where, said)
        self.findings.number(self.found[name], shown, where)

    def _forms(self, name: str, label: str) -> list[str]:
        """In which ways the number may be written."""
        if name not in self._ways:
            forms = [self.written(name, form) for form in FORMS]
            forms += [in_prose(form, interface(PER_CENT, self.language)) for form in forms]
            forms.append(labelled(label, self.found[name].date, self.language))
            self._ways[name] = forms
        return self._ways[name]

    def _resolves(self, name: str, shown: str) -> bool:
        """Whether the id is in the annex of the page and in the ledger computed again."""
        if name in self.entries and name in self.found and self.found[name].known:
            return True
        why = "has no entry in the annex" if name in self.found else "is not in the ledger"
        self.findings.problems.append(
            f"{self.findings.name}: «{shown}» links to «{name}», which {why}"
        )
        return False

    def _alternative(self, drawing: Tag) -> None:
        """The alternative text of a figure: its numbers are those of its drawing or table."""
        text = whole = spaced(attribute(drawing, "aria-label"))
        figure = drawing.find_parent("figure")
        names = dict.fromkeys(_target(link) for link in figure.select(NUMBER)) if figure else {}
        right = {name: self.written(name) for name in names if name in self.found}
        for name in sorted(right, key=lambda name: -len(right[name])):
            place = re.search(rf"(?<![\d.,]){re.escape(right[name])}(?![\d%]|[.,]\d)", text)
            if place:
                self.findings.number(self.found[name], place[0], "alternative text")
                text = text.replace(place[0], TAKEN * len(place[0]))
        self._words("alternative text", text, whole)

    def _words(self, where: str, text: str, whole: str) -> None:
        """Words without their linked numbers: what is left has to be accepted."""
        text, counts = take_out(text, self.language)
        for kind, count in counts.items():
            self.findings.accepted[kind] = self.findings.accepted.get(kind, 0) + count
        for stray in NUMERAL.finditer(text):
            self.findings.orphan(where, stray[0], sentence(whole, *stray.span()))
        if where in ("alternative text", "annex", "head"):
            return
        for spelt in IN_WORDS.finditer(text):
            line = f"{spelt[0]}: {sentence(whole, *spelt.span())}"
            if line not in self.findings.in_words:
                self.findings.in_words.append(line)

    def _entry(self, article: Tag) -> None:
        """An entry of the annex: value and arithmetic as computed again, words and source as in the
        raw tables, nothing else.
        """
        name = _entry(article)
        if name not in self.found:
            return self.findings.problem("annex", f"«{name}» is not in the ledger")
        where, quantity, row = f"annex, {name}", self.found[name], self.raw.get(name, {})
        for selector, right in self._expected(quantity, row).items():
            part = article.select_one(selector)
            shown = spaced(part.get_text()) if part else ""
            value = selector == ".value bdi"
            same = self._has_unit(quantity, shown, right) if value else shown == spaced(right)
            if not same:
                self.findings.problem(where, f"«{shown}» stands where «{right}» is expected")
        link = article.select_one("cite a")
        opened = attribute(link, "href") if link else ""
        if opened != at_words(row.get("archived") or row.get("url", ""), row.get("as_printed", "")):
            self.findings.problem(where, "the address is not that of data/raw/sources.csv")
        label = self._label(quantity)
        known = constants(quantity, self.language)
        self._words("annex", without(known, label), label)
        for formula in article.select(".formula")[:1]:
            text, whole = masked(formula)
            for stray in NUMERAL.finditer(without(known, text)):
                self.findings.orphan("annex", stray[0], sentence(whole, *stray.span()))

    def _label(self, quantity: Quantity) -> str:
        """What the number is, in the language of the page."""
        label = typeset(translate(quantity.label, self.language))
        return with_days(quantity, label, self.language)

    def _expected(self, quantity: Quantity, row: Row) -> dict[str, str]:
        """What the parts of an entry have to say, by selector; the value without its unit."""
        return {
            "h3": self._label(quantity),
            "blockquote": row.get("as_printed", ""),
            ".from > bdi:first-child": self._name(row.get("publisher", "")),
            "cite": row.get("title", ""),
            ".from > bdi:last-child": in_words(row.get("published", ""), self.language),
            ".remark": self._name(row.get("note", "")),
            ".when": when(quantity.date, self._label(quantity), self.language),
            ".value bdi": self.written(quantity.id),
            ".readings": self._spread(quantity),
        }

    def _spread(self, quantity: Quantity) -> str:
        """Between which values the number is in its readings, counted again."""

        def write(exact: Quantity) -> str:
            return FORMS[""](exact, self.language, between, {})

        between = translate(BETWEEN, self.language)
        found = spread(quantity.id, self.readings, write) if quantity.known else None
        if not found:
            return ""
        return translate(SPREAD, self.language).format(found[0], between.format(*found[1:]))

    def _name(self, words: str) -> str:
        """A name or a remark as the page has it: translated if a catalogue has it."""
        known = is_translated(words, self.language)
        return interface(words, self.language) if known else typeset(words)

    def _has_unit(self, quantity: Quantity, shown: str, right: str) -> bool:
        """Whether the words behind a value are its unit, in the plural form that it takes."""
        noun = self._counted(quantity)
        silent = quantity.unit in SILENT or says(quantity.label, noun)
        forms = in_english(noun) if self.language == SOURCE else translate(noun, self.language)
        forms = "" if silent else forms.replace("{:", f"{{{quantity.id}:")
        unit = filled(forms, lambda field: field.printed(quantity, self.language, str))
        said = unit and says_number(right, self.language)
        return shown == (unit if said else f"{right} {unit}".strip())

    def _counted(self, quantity: Quantity) -> str:
        """What the number counts: the noun of its figure, or of all its parts in its unit."""
        parts = {self._counted(part) for part in quantity.inputs if part.unit == quantity.unit}
        noun = self.raw.get(quantity.id, {}).get("noun")
        return noun or (parts.pop() if len(parts) == 1 else quantity.unit)


def measured(quantity: Quantity) -> dict[str, object]:
    """What a quantity comes to."""
    return {name: getattr(quantity, name) for name in ("value", "low", "high", "unit")}


def constants(quantity: Quantity, language: str) -> set[str]:
    """How the plain numbers of a formula are written."""
    stated = numbers(quantity.formula) if quantity.formula else ()
    return {plain_number(number, language) for number in stated}


def without(numbers: Collection[str], text: str) -> str:
    """The text with some numbers, as they are written, blanked in their places."""
    for number in sorted(numbers, key=len, reverse=True):
        text = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", TAKEN * len(number), text)
    return text


def blocks(top: Tag, without: Collection[Tag]) -> Iterator[Tag]:
    """The smallest blocks of text below `top`, in order, but for what is inside of `without`."""
    seen, left_out = set(), {id(tag) for tag in without}
    for text in top.find_all(string=True):
        block = _block(text)
        if not text.strip() or type(text) is not NavigableString or id(block) in seen:
            continue
        if left_out.isdisjoint(id(parent) for parent in text.parents):
            seen.add(id(block))
            yield block


def masked(block: Tag) -> tuple[str, str]:
    """The text of a block, without inner blocks: its linked numbers blanked, and whole."""
    text = whole = ""
    for piece in block.find_all(string=True):
        if _block(piece) is not block or type(piece) is not NavigableString:
            continue
        linked = any(
            parent.name == "a" and attribute(parent, "href").startswith("#n-")
            for parent in piece.parents
        )
        gap = ": " if piece.parent and piece.parent.name == "dt" else ""
        text += (TAKEN * len(piece) if linked else piece) + gap
        whole += piece + gap
    return text, whole


def one(tag: Tag, selector: str) -> Tag:
    """The first part of a page that a selector finds; ValueError if there is none."""
    found = tag.select_one(selector)
    if not found:
        raise ValueError(f"a page has no «{selector}»: it is not one of make report")
    return found


def attribute(tag: Tag, name: str) -> str:
    """An attribute of a tag as text; empty if it has none."""
    value = tag.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def spaced(text: str) -> str:
    """The text with plain single spaces: which space it is is a matter of setting."""
    return " ".join(text.split())


def _is_all(number: str, words: str) -> bool:
    """Whether a number stands in words that have no other."""
    return number in words and not NUMERAL.search(words.replace(number, "", 1))


def _entry(article: Tag) -> str:
    """The id in the ledger of an entry of the annex."""
    return attribute(article, "id").removeprefix("n-")


def _target(link: Tag) -> str:
    """The id in the ledger that a number links to."""
    return attribute(link, "href").removeprefix("#n-")


def _block(text: PageElement) -> Tag:
    """The smallest block around a text."""
    return next(parent for parent in text.parents if BLOCKS.fullmatch(parent.name))


def _place(element: Tag) -> str:
    """The heading under which something stands."""
    if figure := element.find_parent("figure"):
        return one(figure, ".kicker").get_text()
    heading = element.find_previous("h2")
    return heading.get_text() if heading else "title"

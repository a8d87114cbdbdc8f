"""The words of the notebooks: each claim with its conditions, held against the numbers that were
computed again, and the words that state something without one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from taawun.build import graph, sources
from taawun.locales import SOURCE, TRANSLATED
from taawun.quantity import Quantity
from taawun.readings import Readings
from taawun.report.claims import excused, refuse, slug, stating
from taawun.report.holding import holding
from taawun.report.template import fields, stray_braces, worded
from taawun.report.translation import translate
from taawun.schemas import read_typed
from taawun.verify.allowlist import accepted
from taawun.verify.html import Page, spaced

#: The columns of typed tables whose cells stand in headings, charts and tables of the report.
LABELS = {"label", "name", "measure", "question"}
#: What says that a sentence asks, or what would be and not what is.
SUPPOSING = re.compile(r"(?i)\b(?:if|unless|whether|would|could|can|may|might)\b|\?")
#: Words of direction that also name what is computed, as in *members gained / years*.
NAMING = {"rise", "gain", "gains", "gained", "lost"}
WORD = re.compile(r"\w+")
#: The part of a sentence's pairs of words that has to stand in a text.
SAME = 0.8


@dataclass(frozen=True)
class Claim:
    """A sentence with a condition or a word that is chosen; `holds` is empty where one of its
    numbers had not been published.
    """

    id: str
    step: str
    template: str
    conditions: tuple[str, ...]
    choices: tuple[str, ...]
    names: tuple[str, ...]
    holds: bool | None


def claims(notebook: Path, quantities: Mapping[str, Quantity]) -> Iterator[Claim]:
    """The claims of a notebook, in order."""
    for template in _templates(notebook):
        found = fields(template)
        conditions = tuple(field.name for field in found if field.is_condition)
        choices = tuple(f"{field.name}:{field.form}" for field in found if field.is_choice)
        if conditions or choices:
            names = tuple(dict.fromkeys(name for field in found for name in field.names))
            known = all(name in quantities and quantities[name].known for name in names)
            holds = all(field.holds(quantities) for field in found) if known else None
            name = f"{notebook.stem}-{slug(template)}"
            yield Claim(name, notebook.stem, template, conditions, choices, names, holds)


def faults(notebook: Path) -> Iterator[str]:
    """The sentences of a notebook that state a direction, a degree or a rank without a condition,
    in the languages that it is printed in.
    """
    spoken = graph.language_of(notebook) is not None
    languages = (SOURCE, *TRANSLATED) if spoken else (SOURCE,)
    for template in (*_templates(notebook), *_joined(notebook), *_written(notebook, spoken)):
        for language in languages:
            try:
                refuse(template, translate(worded(template), language), language)
            except ValueError as error:
                yield f"notebooks/{notebook.name}: {error}"
    for sentence in () if spoken else _method(notebook):
        if words := _directions(sentence):
            yield (
                f"notebooks/{notebook.name}: «{sentence}»: «{min(words)}» states a direction; "
                f"accepted: words without one, a sentence that asks or supposes (if, may), a "
                f"computed sentence, or a row of data/hand/excused_words.csv"
            )


def table(quantities: Mapping[str, Quantity]) -> tuple[list[dict[str, Any]], list[str]]:
    """One row a claim of the project's notebooks, and what is wrong, one sentence each."""
    notebooks = graph.notebooks()
    rows = [asdict(claim) for path in notebooks for claim in claims(path, quantities)]
    found = [fault for path in notebooks for fault in faults(path)]
    return rows, [*found, *table_faults()]


def table_faults() -> Iterator[str]:
    """The labels in tables of `data/hand`, and what they ask or call things, that state a direction
    without asking.
    """
    paths, tables, _ = read_typed()
    for name, rows in tables.items():
        for row in rows if paths[name].parent.name == "hand" else ():
            for column in LABELS.intersection(row):
                if words := _directions(row[column]):
                    yield (
                        f"data/hand/{name}.csv, column {column}: «{row[column]}»: «{min(words)}» "
                        f"states a direction; accepted: words without one, or a question"
                    )


class Text(NamedTuple):
    """The words of a published file and their language."""

    name: str
    language: str
    words: str

    @classmethod
    def of(cls, page: Page) -> Text:
        """The words of a page."""
        return cls(page.findings.name, page.language, page.soup.get_text(" "))

    def says(self, template: str) -> bool:
        """Whether the longest piece of a template stands there: most of its pairs of neighbouring
        words do, whatever breaks and joins its lines.
        """
        piece = WORD.findall(_longest(translate(worded(template), self.language)))
        pairs = list(pairwise(piece))
        return bool(pairs) and sum(pair in self._pairs for pair in pairs) >= SAME * len(pairs)

    @property
    def _pairs(self) -> set[tuple[str, str]]:
        return _pairs(self.words)


def strays(rows: list[dict[str, Any]], texts: Iterable[Text]) -> list[str]:
    """The claims that do not hold and yet stand in a text, one sentence each."""
    return [
        f"{text.name}: «{_longest(translate(worded(row['template']), text.language))}» stands "
        f"there, and not all holds of {', '.join(row['conditions'])}"
        for text in texts
        for row in rows
        if row["holds"] is False and row["conditions"] and text.says(row["template"])
    ]


def notes(
    rows: list[dict[str, Any]], pages: list[Page], quantities: Mapping[str, Quantity]
) -> list[str]:
    """The key messages that say another number of readings than is counted again here."""
    readings, found = Readings(quantities), []
    for page in pages:
        pattern = next(kind for kind in accepted(page.language) if kind.name == "readings").pattern
        for item in page.soup.select("li"):
            words = spaced(item.get_text(" "))
            told = pattern.search(words)
            text = Text(page.findings.name, page.language, words)
            claimed = [row for row in rows if row["holds"] and text.says(row["template"])]
            if told and not any(_note(row, readings, page.language) in words for row in claimed):
                found.append(f"{text.name}: «{told[0]}» is not what is counted again: {words[:90]}")
    return found


def _note(row: dict[str, Any], readings: Readings, language: str) -> str:
    """In how many readings a claim holds, as it is said behind it."""
    words, counts = holding(row["template"], readings).note
    return spaced(translate(words, language).format(*counts)) if words else ""


@cache
def _pairs(words: str) -> set[tuple[str, str]]:
    """The pairs of neighbouring words of a text."""
    return set(pairwise(WORD.findall(words)))


def _templates(notebook: Path) -> list[str]:
    """What is said in a notebook; not the formats of axes."""
    return [text for text in sources.said(notebook) if not stray_braces(text)]


def _longest(template: str) -> str:
    """The longest piece of a template without fields and marks."""
    return max((spaced(piece) for piece in re.split(r"\{[^{}]*\}|[*#]+", template)), key=len)


def _written(notebook: Path, spoken: bool) -> Iterator[str]:
    """The Markdown of a notebook that speaks a language; of others the headings that do not ask."""
    for cell in sources.cells(notebook)[1:]:
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"(?m)^#+ .*[^?\n]$", cell["source"])
            yield from [cell["source"]] if spoken else headings


def _method(notebook: Path) -> Iterator[str]:
    """The sentences of the paragraphs that say how something is computed."""
    for cell in sources.cells(notebook)[1:]:
        if cell["cell_type"] == "markdown":
            text = re.sub(r"(?m)^#.*$", "", cell["source"])
            yield from (spaced(found) for found in re.split(r"\n\s*\n|(?<=[.?!])\s+", text))


def _joined(notebook: Path) -> Iterator[str]:
    """The words of texts that code puts together around values."""
    for node in ast.walk(ast.parse(sources.code(notebook))):
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            yield " … ".join(str(part.value) for part in parts)


def _directions(sentence: str) -> set[str]:
    """The words of a sentence that state a direction, if it neither asks nor supposes anything."""
    if SUPPOSING.search(sentence):
        return set()
    return stating(sentence, SOURCE, "direction") - NAMING - excused(sentence, SOURCE)

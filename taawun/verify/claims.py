"""The words of the notebooks: each claim with its conditions, held against the numbers that were
computed again, and the words that state something without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from taawun.build import graph, sources
from taawun.locales import SOURCE, TRANSLATED
from taawun.quantity import Quantity
from taawun.report.claims import refuse, slug
from taawun.report.template import fields, stray_braces, worded
from taawun.report.translation import translate
from taawun.verify.html import Page, spaced


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
    for template in (*_templates(notebook), *_written(notebook, spoken)):
        for language in languages:
            try:
                refuse(template, translate(worded(template), language), language)
            except ValueError as error:
                yield f"notebooks/{notebook.name}: {error}"


def table(quantities: Mapping[str, Quantity]) -> tuple[list[dict[str, Any]], list[str]]:
    """One row a claim of the project's notebooks, and what is wrong, one sentence each."""
    notebooks = graph.notebooks()
    rows = [asdict(claim) for path in notebooks for claim in claims(path, quantities)]
    return rows, [fault for path in notebooks for fault in faults(path)]


def strays(rows: list[dict[str, Any]], pages: list[Page]) -> list[str]:
    """The claims that do not hold and yet stand on a page, one sentence each."""
    found = []
    for page in pages:
        text = spaced(page.soup.get_text(" "))
        for row in rows:
            words = _longest(translate(worded(row["template"]), page.language))
            if row["holds"] is False and row["conditions"] and words in text:
                failed = ", ".join(row["conditions"])
                found.append(
                    f"{page.findings.name}: «{words}» stands there, and not all holds of {failed}"
                )
    return found


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

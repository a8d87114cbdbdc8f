"""The numbers in the text of the briefs, each with its place, as replication packages list them
(template README of the social science data editors: table, figure or page, program, line).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from taawun.paths import ROOT
from taawun.verify.html import NUMBER, Page, attribute, spaced
from taawun.verify.pdf import Paper

COLUMNS = ["brief", "place", "printed", "name", "pages", "cells", "notebook"]
#: What is no text: numbers of the annex and of alternative texts stand for those of the text.
ELSEWHERE = ("annex", "alternative text")


def numbers(
    briefs: Iterable[Page],
    papers: Iterable[Paper],
    rows: Mapping[str, Mapping[str, str]],
    executed: Path = ROOT / "build" / "published" / "notebooks",
) -> pd.DataFrame:
    """One row a number in the text of a brief, in order: the brief, the section or figure, what is
    printed, the name in the ledger, the pages of the PDF and the cells of the brief's notebook that
    have it, and the notebook that computed it.
    """
    found: list[dict[str, Any]] = []
    printed = {paper.name: paper for paper in papers}
    for page in briefs:
        path = Path(page.findings.name)
        on_paper = _pages(printed.get(path.with_suffix(".pdf").name), page)
        cells = _cells(executed / path.with_suffix(".ipynb").name)
        found += [
            {
                "brief": path.stem,
                "place": number["where"],
                "printed": number["printed"],
                "name": number["id"],
                "pages": " ".join(on_paper[number["id"]]),
                "cells": " ".join(cells[number["id"]]),
                "notebook": rows[number["id"]]["file"].partition("-")[0],
            }
            for number in page.findings.numbers
            if number["where"] not in ELSEWHERE
        ]
    return pd.DataFrame(found, columns=COLUMNS)


def _pages(paper: Paper | None, page: Page) -> dict[str, list[str]]:
    """The pages of a PDF, as it calls them, on which a link leads to each number, named after its
    value and its label, or a drawing has it.
    """
    if not paper:
        return defaultdict(list)
    named: dict[str, list[str]] = defaultdict(list)
    for article, name in zip(page.articles, page.entries, strict=True):
        said = [part.get_text() for part in article.select(".value bdi, h3")]
        named[_letters(": ".join(reversed(said)))].append(name)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for place, marks in zip(paper.labels, paper.marks, strict=True):
        for mark in marks:
            for name in named[_letters(str(mark.get("/Contents", "")))]:
                found[name][place] = None
    for name, place in _drawn(paper, page):
        found[name][place] = None
    return defaultdict(list, {name: list(pages) for name, pages in found.items()})


def _drawn(paper: Paper, page: Page) -> Iterator[tuple[str, str]]:
    """Each number of a drawing with the page of the PDF on which a figure has its alternative
    text.
    """
    drawings = [
        (spaced(attribute(drawing, "aria-label")), drawing.select(NUMBER))
        for drawing in page.soup.select("figure .wide")
    ]
    for (alternative, place), (label, links) in product(paper.figures, drawings):
        if place and alternative == label:
            for link in links:
                yield attribute(link, "href")[3:], place


def _letters(text: str) -> str:
    """A text without its blanks and without the signs that turn its direction."""
    return re.sub(r"[\s\u200e\u200f\u2066-\u2069]", "", text)


def _cells(path: Path) -> dict[str, list[str]]:
    """The cells of an executed notebook whose outputs link to each number, but for the annex."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []
    for cell in cells[:-1]:
        for output in cell.get("outputs", ()):
            for name in re.findall(r"#n-(\w+)", str(output.get("data", ""))):
                found[name][cell["id"]] = None
    return defaultdict(list, {name: list(ids) for name, ids in found.items()})

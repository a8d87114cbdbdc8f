"""The brief as a PDF against the same brief as a page: no numeral more, none less."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader

from ..export.wording import words
from .numerals import NUMERAL, numerals, sentence
from .printed import Findings, Page, blocks, masked


def compare(path: Path, page: Page) -> Findings:
    """What the PDF says that the page does not, and the reverse: numerals, entries of the annex, alternative texts. Drawings hold outlines, no text."""
    findings, reader = Findings(path.name), PdfReader(path)
    ours = text(reader, page)
    have, want = Counter(numerals(ours)), Counter(numerals("\n".join(expected(page))))
    for numeral, surplus in (have - want).items():
        places = [sentence(ours, *found.span()) for found in NUMERAL.finditer(ours) if found[0] == numeral]
        findings.orphan(f"{have[numeral]} times, not {have[numeral] - surplus} as in {page.findings.name}", numeral, " / ".join(dict.fromkeys(places)))
    findings.problems += [f"{path.name}: «{numeral}» stands there {have[numeral]} times, not {want[numeral]} as in {page.findings.name}" for numeral in want - have]
    named = set(re.findall(r"(?m)^(\w+)(?= ·|$)", ours))
    findings.problems += [f"{path.name}: the annex has no entry «{id}»" for id in page.entries if id not in named]
    drawn = Counter(drawing["aria-label"] for drawing in page.soup.select("figure .wide"))
    if Counter(alternatives(reader.trailer["/Root"].get("/StructTreeRoot"))) != drawn:
        findings.problems.append(f"{path.name}: the alternative texts of the figures are not those of {page.findings.name}")
    return findings


def text(reader: PdfReader, page: Page) -> str:
    """The text of all pages without running title, page number, and the annex's lists of pages."""
    said, title = words(page.language), re.escape(page.soup.title.get_text())
    sheets = [sheet.extract_text() for sheet in reader.pages]
    whole = "\n".join([sheets[0], *(re.sub(rf"\A\W*{title}.*\n", "", sheet) for sheet in sheets[1:])])
    whole = re.sub(rf"(?m)^\W*{said['page']}\s\d+\s{said['of']}\s\d+\W*$", "", whole)
    used = r"\s".join(said["used_pages"].split())
    return re.sub(rf"·\s{used}[\s\d,،]+", "·\n", whole)


def expected(page: Page) -> Iterator[str]:
    """What a PDF of the page has to print: its text, the titles of figures once more above their data, and the annex without its lists of uses. The edition stands at the head of both, and only in the page at the foot."""
    edition = words(page.language)["edition"]
    for block in blocks(page.soup.body, without=[page.ledger, *page.soup.select("nav, .skip, svg")]):
        if not (block.find_parent("footer") and block.get_text().startswith(edition)):
            yield masked(block)[1]
    for figure in page.soup.select("figure:has(details)"):
        yield f"{figure.select_one('.kicker').get_text()} {figure.select_one('.finding').get_text()}"
    for part in page.soup.select("#ledger h2, #ledger h3, #ledger article > :not(.uses):not(h3)"):
        yield part.get_text()


def alternatives(node) -> Iterator[str]:
    """The alternative texts of the figures below a node of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from alternatives(child)
    elif isinstance(node, dict):
        if "/Alt" in node and node.get("/S") == "/Figure":
            yield str(node["/Alt"])
        yield from alternatives(node.get("/K"))

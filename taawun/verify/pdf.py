"""The brief as a PDF against the same brief as a page: no numeral more, none less.

Text is read run by run, so that it does not matter in which direction the runs stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader

from taawun.report.translation import interface
from taawun.verify.allowlist import numerals
from taawun.verify.html import NUMBER, Findings, Page, blocks, masked


def compare(path: Path, page: Page) -> Findings:
    """What the PDF says that the page does not, and the reverse: numerals, links, entries of the
    annex, alternative texts. Drawings hold outlines, no text.
    """
    findings, reader = Findings(path.name), PdfReader(path)
    said, there = (
        runs(reader),
        [link for link in page.soup.select(NUMBER) if not link.find_parent("svg")],
    )
    have, want = (
        Counter(number for run in said for number in numerals(run)),
        Counter(number for text in expected(page, len(reader.pages)) for number in numerals(text)),
    )
    surplus, back = have - want, links(reader) - len(there)
    pages = {
        number: surplus.pop(number)
        for number in list(surplus)
        if number.isdigit() and int(number) <= len(reader.pages)
    }
    if back < 0 or sum(pages.values()) != back:
        findings.orphan(
            "page numbers",
            " ".join(pages),
            f"{sum(pages.values())} small numbers stand there beyond those of "
            f"{page.findings.name}, but {back} links lead from the annex back to a page",
        )
    for number in surplus:
        place = next(i for i, run in enumerate(said) if number in numerals(run))
        findings.orphan(
            f"{have[number]} times, not {want[number]} as in {page.findings.name}",
            number,
            " ".join("".join(said[max(place - 12, 0) : place + 12]).split()),
        )
    findings.problems += [
        f"{path.name}: «{number}» stands there {have[number]} times, not {want[number]} as in "
        f"{page.findings.name}"
        for number in want - have
    ]
    findings.problems += [
        f"{path.name}: the annex has no entry «{id}»"
        for id in page.entries
        if id not in {run.strip() for run in said}
    ]
    drawn = Counter(
        " ".join(drawing["aria-label"].split()) for drawing in page.soup.select("figure .wide")
    )
    if (
        Counter(
            " ".join(text.split())
            for text in alternatives(reader.trailer["/Root"].get("/StructTreeRoot"))
        )
        != drawn
    ):
        findings.problems.append(
            f"{path.name}: the alternative texts of the figures are not those of "
            f"{page.findings.name}"
        )
    return findings


def runs(reader: PdfReader) -> list[str]:
    """The pieces of text as they are set, page by page."""
    found: list[str] = []
    for sheet in reader.pages:
        sheet.extract_text(visitor_text=lambda run, *_: found.append(run))
    return found


def links(reader: PdfReader) -> int:
    """How many links lead to a place in the document."""
    return sum(
        "/Dest" in mark.get_object() for sheet in reader.pages for mark in sheet.get("/Annots", [])
    )


def expected(page: Page, pages: int) -> Iterator[str]:
    """What a PDF of the page has to print: its text, the titles of figures once more above their
    data, the annex without its lists of uses, page n of m, and the running title.

    The edition stands in the running title, and only in the page at the foot.
    """
    edition = interface("Edition", page.language)
    running = " ".join(part.get_text() for part in page.soup.select("h1, .byline"))
    for block in blocks(
        page.soup.body, without=[page.ledger, *page.soup.select("nav, .skip, svg")]
    ):
        if not (block.find_parent("footer") and block.get_text().startswith(edition)):
            yield masked(block)[1]
    for figure in page.soup.select("figure:has(details)"):
        yield f"{figure.select_one('.kicker').get_text()} {figure.select_one('.finding').get_text()}"
    for part in page.soup.select("#ledger h2, #ledger h3, #ledger article > :not(.uses):not(h3)"):
        yield part.get_text()
    for place in range(1, pages + 1):
        yield f"{place} / {pages}" + (f" {running}" if place > 1 else "")


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

"""What the reports of an edition claim, small enough for a program to answer from: each sentence,
its numbers down to printed words, and in how many readings it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from taawun.build.graph import language_of, notebook_of, steps
from taawun.formula import lineage
from taawun.locales import SOURCE
from taawun.metadata.citation import LICENCE, citation
from taawun.metadata.nodes import Node, given
from taawun.mime import LEDGER, shown
from taawun.paths import RAW
from taawun.tables import Row, read_rows

NUMBER = ("label", "value", "low", "high", "unit", "date", "formula")
SOURCE_OF = ("publisher", "title", "published", "url")


def claims(edition: Path) -> Node:
    """The claims that stand in an edition, the numbers that they name and all that these rest on,
    and the publications of the printed ones.
    """
    cited, told = citation(), _annex(edition)
    standing = [claim for claim in told["claims"] if claim["said"]]
    paths = sorted((edition / "processed").glob("*-ledger.csv"))
    ledger = {row["id"]: row for path in paths for row in read_rows(path)}
    figures = {row["figure_id"]: row for row in read_rows(RAW / "figures.csv")}
    publications = {row["source_id"]: row for row in read_rows(RAW / "sources.csv")}
    stated = [name for claim in standing for name in claim["names"]]
    names = lineage(stated, lambda name: ledger[name]["inputs"].split())
    printed = {name: figures.get(ledger[name].get("figure_id", "")) for name in names}
    used = dict.fromkeys(row["source_id"] for row in printed.values() if row)
    return {
        "title": cited.title,
        "version": cited.version,
        "released": cited.released,
        "licence": LICENCE["path"],
        "claims": list(map(_claim, standing)),
        "numbers": {name: _number(ledger[name], row) for name, row in printed.items()},
        "sources": {
            source: given(**{name: publications[source][name] for name in SOURCE_OF})
            for source in used
        },
    }


def _annex(edition: Path) -> dict[str, Any]:
    """What the brief wrote into its annex, in the language that it is written in first."""
    for step in steps(edition):
        if language_of(notebook_of(step)) and step.endswith(f".{SOURCE}"):
            path = edition / "notebooks" / f"{step}.ipynb"
            for _, annex in shown(nbformat.read(path, nbformat.NO_CONVERT).cells, LEDGER):
                return dict(annex)
    return {"claims": []}


def _claim(claim: Mapping[str, Any]) -> Node:
    """One sentence, its conditions, its numbers and its readings: [those in which it holds, all of
    them], equivalent ones and with those that are possible.
    """
    readings = claim["readings"] or {}
    return {
        "id": claim["id"],
        "said": claim["said"].replace("*", ""),
        **given(conditions=claim["conditions"], numbers=claim["names"]),
        **given(**{name: readings.get(name) for name in ("equivalent", "possible", "moved_by")}),
    }


def _number(row: Row, figure: Row | None) -> Node:
    """One number with its bounds, and its arithmetic or its printed words and their source."""
    known = {name: row[name] for name in NUMBER}
    if row["low"] == row["high"] == row["value"]:
        known |= {"low": "", "high": ""}
    if not figure:
        return given(**known)
    return given(**known, words=figure["as_printed"], source=figure["source_id"])

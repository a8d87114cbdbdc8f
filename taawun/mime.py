"""What a cell of a notebook can show beside what Jupyter knows: MIME types of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict

DOCUMENT = "application/vnd.taawun.document+json"
FIGURE = "application/vnd.taawun.figure+json"
LEDGER = "application/vnd.taawun.ledger+json"
TABLE = "application/vnd.taawun.table+json"


class Table(TypedDict):
    """A table of Markdown cells: caption ("" for none), headings, whether each column holds numbers
    (which stand at its end), and the rows.
    """

    caption: str
    columns: list[str]
    numbers: list[bool]
    rows: list[list[str]]


def shown(cells: Iterable[Mapping[str, Any]], mime: str) -> Iterator[tuple[int, Any]]:
    """What executed cells show of one MIME type: the place of the cell, and the content."""
    for place, cell in enumerate(cells):
        for output in cell.get("outputs", ()):
            if mime in output.get("data", {}):
                yield place, output["data"][mime]


def pipe_table(table: Table) -> str:
    """The headings and rows of a table as a Markdown pipe table."""
    rule = ["---:" if number else ":---" for number in table["numbers"]]
    lines = [_cells(table["columns"]), rule, *map(_cells, table["rows"])]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row: list[str]) -> list[str]:
    """The cells of one line: a bar in a cell would end it, and so would a line break."""
    one_line = [" ".join(cell.splitlines()) for cell in row]
    return [re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", cell) for cell in one_line]

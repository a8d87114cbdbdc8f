"""CSV files, all in one dialect: read, checked and written here and nowhere else.

A table that people typed is read with manners: every bad cell is named at once, with what would be
accepted; nothing is repaired in silence. pandas is imported only where a frame is asked for.
"""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, cast

from taawun.paths import ROOT

if TYPE_CHECKING:
    import pandas as pd

ISO_DATE = "a date such as 2025, 2025-06 or 2025-06-30"
#: In a table that a notebook made, columns of these names, alone or after `_`, hold numbers.
NUMBERS = ("value", "low", "high")
BOOLEANS = {"True", "False"}

Row = Mapping[str, str]
#: The faults of a cell, each a clause that ends in what is accepted; none for a good one.
CellCheck = Callable[[str], Iterable[str]]


class BadTable(ValueError):
    """A table that cannot be used; the message has one line a fault: file, row, column, words, and
    what is accepted.
    """

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Rule:
    """What some cells of a row have to be together; `fault` says what is wrong and what is
    accepted.
    """

    columns: tuple[str, ...]
    holds: Callable[[Row], bool]
    fault: str


@dataclass(frozen=True)
class Schema:
    """What a table must hold: its columns in order with the checks of their cells, the columns
    whose cells are all different, and the rules of its rows.
    """

    columns: Mapping[str, Sequence[CellCheck]]
    unique: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


def read_cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """The columns of a CSV file, and its rows as they are typed, empty cells as "".

    Raises BadTable if the file is not UTF-8 or a line has too many or too few cells.
    """
    name = shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = f"{error.object[error.start]:#x}"
        raise BadTable(
            [f"{name}, line {line}: not UTF-8 (byte {byte}); save the file as UTF-8"]
        ) from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows:
        raise BadTable([f"{name}: the file is empty; its first line names the columns"])
    columns, *rows = rows
    problems = [
        f"{name}, row {i} ({row[0] if row else 'empty'}): {len(row)} cells where {len(columns)} "
        f'are expected; put quotation marks around words that hold a comma, such as "63,445"'
        for i, row in enumerate(rows, start=2)
        if len(row) != len(columns)
    ]
    if problems:
        raise BadTable(problems)
    return columns, rows


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column, as `read_cells` reads them."""
    columns, rows = read_cells(path)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def read_table(path: Path) -> pd.DataFrame:
    """A CSV file as a frame of strings, one row a line, as `read_cells` reads it."""
    import pandas as pd

    columns, rows = read_cells(path)
    return pd.DataFrame(rows, columns=columns, dtype=str)


def read_made(path: Path, numbers: Iterable[str] = ()) -> pd.DataFrame:
    """A table that a notebook made: strings, but for the columns of numbers (see NUMBERS, and
    those in `numbers`), which are floats with NaN for an empty cell, and those of True and False.

    Raises BadTable for a cell in a column of numbers that is none.
    """
    frame = read_table(path)
    for column in map(str, frame):
        if column in numbers or column.rpartition("_")[2] in NUMBERS:
            frame[column] = [
                _number(cell, f"{shown(path)}, row {i}, column {column}")
                for i, cell in enumerate(frame[column], start=2)
            ]
            frame[column] = frame[column].astype(float)
        elif len(frame) and set(frame[column]) <= BOOLEANS:
            frame[column] = frame[column] == "True"
    return frame


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a frame of strings by column."""
    return cast("list[dict[str, str]]", frame.to_dict("records"))


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as a CSV file: no index, twelve digits of a number, plain line ends."""
    frame.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")


def check_table(table: pd.DataFrame, schema: Schema, path: Path) -> None:
    """Raise BadTable with every cell of `table` (read from `path`) that `schema` refuses."""
    problems = faults(list(table.columns), records(table), schema, shown(path))
    if problems:
        raise BadTable(problems)


def faults(columns: Sequence[str], rows: Sequence[Row], schema: Schema, name: str) -> list[str]:
    """What `schema` does not accept in the table `name`, one sentence each: the columns first,
    then row by row. What a missing column would have been checked for is left out.
    """
    expected = ", ".join(schema.columns)
    found = [
        f"{name}: column '{column}' is missing; the columns are {expected}"
        for column in schema.columns
        if column not in columns
    ]
    found += [
        f"{name}: column '{column}' is not expected; the columns are {expected}"
        for column in columns
        if column not in schema.columns
    ]
    counts = {c: Counter(row[c] for row in rows) for c in schema.unique if c in columns}
    rules = [rule for rule in schema.rules if set(rule.columns) <= set(columns)]
    for i, row in enumerate(rows, start=2):
        where = f"{name}, row {i} ({row[columns[0]]}), "
        found += [where + fault for fault in _cell_faults(row, schema, counts)]
        for rule in rules:
            if not rule.holds(row):
                cells = ", ".join(f"{column} «{row[column]}»" for column in rule.columns)
                found.append(f"{where}{cells}: {rule.fault}")
    return found


def _cell_faults(row: Row, schema: Schema, counts: Mapping[str, Counter[str]]) -> Iterable[str]:
    for column, checks in schema.columns.items():
        for check in checks if column in row else ():
            yield from (f"column {column}: {fault}" for fault in check(row[column]))
        if column in counts and counts[column][row[column]] > 1:
            said = f"the {column.rpartition('_')[2]} «{row[column]}» is used twice"
            yield f"column {column}: {said}; accepted: one that no other row has"


def day(text: str, last: bool = True) -> date:
    """The last (or first) day that a partial ISO date can mean.

    Raises ValueError for anything else.
    """
    if not re.fullmatch(r"(?:19|20)[0-9]{2}(?:-[0-9]{2}(?:-[0-9]{2})?)?", text):
        raise ValueError(f"«{text}» is not {ISO_DATE}")
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else (12 if last else 1)
    if not 1 <= month <= 12:
        raise ValueError(f"«{text}»: there is no month {month}")
    number = rest[1] if len(rest) == 2 else (monthrange(year, month)[1] if last else 1)
    return date(year, month, number)


def shown(path: Path) -> str:
    """The path as the reader knows it, from the top of the project."""
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _number(cell: str, where: str) -> float:
    try:
        return float(cell) if cell else nan
    except ValueError:
        raise BadTable([f"{where}: «{cell}» is not accepted; accepted: a number"]) from None

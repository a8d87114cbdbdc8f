"""CSV files, all in one dialect: read and written here and nowhere else.

A file that people typed is read with manners: what is wrong is said with its place and with what
would be accepted; nothing is repaired in silence. pandas is imported only where a frame is asked
for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import nan
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any

from taawun.messages import Refused
from taawun.paths import BESIDE, BY_HAND, PROCESSED, ROOT, shell_of_a_person

if TYPE_CHECKING:
    import pandas as pd

#: In a table that a notebook made, columns of these names, alone or after `_`, hold numbers.
NUMBERS = ("value", "low", "high")
BOOLEANS = {"True", "False"}
#: So many faults are shown; the others are counted.
SHOWN = 20
#: What an unfinished merge leaves at the beginning of a line.
MERGE_MARK = re.compile(r"(?m)^(?:<{7}|={7}|>{7}|\|{7}).*")
SEPARATORS = {";": "semicolons", "\t": "tabs"}

Row = Mapping[str, str]


class BadTable(Refused):
    """Tables that cannot be used. `problems` has one line a fault: file, row, column, words, and
    what is accepted; the message has the first of them, and how many more there are.
    """

    def __init__(self, problems: list[str]):
        self.problems = problems
        more = [f"... and {len(problems) - SHOWN} more faults"] if len(problems) > SHOWN else []
        super().__init__("\n".join([*problems[:SHOWN], *more]))


def csv_files(folder: Path, pattern: str = "**/*.csv") -> list[Path]:
    """The CSV files in a folder and below, in order; not what editors lay beside an open one."""
    found = {path: path.relative_to(folder).parts for path in sorted(folder.glob(pattern))}
    return [path for path, parts in found.items() if not any(p.startswith(BESIDE) for p in parts)]


def read_cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """The columns of a CSV file, and its rows as they are typed, empty cells as "".

    Raises BadTable if there is no such file, if it is no text in UTF-8 with commas between its
    cells, or if a line has too many or too few cells.
    """
    name, content = shown(path), io.BytesIO(read_text(path).encode())
    reader = csv.reader(io.TextIOWrapper(content, "utf-8", newline=""), strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            rows.append([*map(intern, row)])  # most cells repeat others, and are kept once
            line = reader.line_num + 1
    except csv.Error as error:
        fault = f"its quotation marks do not match ({error}); put quotation marks around a whole "
        fault += "cell, and two for each one inside it"
        if "field larger" in str(error):
            fault = "a cell is longer than people type; accepted: at most 131,072 characters"
        raise BadTable([f"{name}, line {line}: {fault}"]) from None
    if not rows:
        raise BadTable([f"{name}: the file is empty; its first line names the columns"])
    columns, *rows = rows
    if columns and columns[0].startswith("sep="):
        raise BadTable([f"{name}: its first line is for a spreadsheet; take «{columns[0]}» out"])
    for mark, word in SEPARATORS.items():
        if len(columns) == 1 and mark in columns[0]:
            raise BadTable([f"{name}: {word} stand between the cells; save the file with commas"])
    problems = [
        f"{name}, row {i} ({row[0]}): {len(row)} cells where {len(columns)} are expected; put "
        f'quotation marks around words that hold a comma, such as "63,445"'
        if row
        else f"{name}, row {i}: the line is empty; accepted: a row with words, or no line"
        for i, row in enumerate(rows, start=2)
        if len(row) != len(columns)
    ]
    if problems:
        raise BadTable(problems)
    return columns, rows


def read_columns(path: Path) -> list[str]:
    """The columns of a CSV file, without reading its rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def read_text(path: Path) -> str:
    """A file that people typed as text, without a byte order mark.

    Raises BadTable if there is no such file, if it is not UTF-8, or if a merge was not finished.
    """
    name = shown(path)
    if not path.is_file():
        raise BadTable([f"{name}: there is no such file"])
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadTable([f"{name}: it is UTF-16; save the file as UTF-8"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = content[: error.start].count(b"\n") + 1, content[error.start]
        raise BadTable(
            [f"{name}, line {line}: not UTF-8 (byte {byte:#x}); save the file as UTF-8"]
        ) from None
    text = text.lstrip("\ufeff")  # some programs write the mark once more
    if mark := MERGE_MARK.search(text):
        line = text[: mark.start()].count("\n") + 1
        raise BadTable(
            [f"{name}, line {line}: «{mark[0]}» is left of a merge; keep one of the two versions"]
        )
    return text


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

    What a person's notebook has written comes before the published table, which is said. Raises
    BadTable for a cell in a column of numbers that is none.
    """
    beside = BY_HAND / path.name
    if shell_of_a_person() and path.parent == PROCESSED and beside.is_file():
        print(f"Read: {shown(beside)}, which a notebook has written here since the last make.")
        path = beside
    frame = read_table(path)
    for column in map(str, frame):
        if column in numbers or column.rpartition("_")[2] in NUMBERS:
            frame[column] = _numbers(frame[column].to_numpy(object), path, column)
        elif len(frame) and set(frame[column].unique()) <= BOOLEANS:
            frame[column] = frame[column] == "True"
    return frame


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column."""
    return [dict(zip(map(str, frame), row, strict=True)) for row in each(frame, index=False)]


def each(frame: pd.DataFrame, index: bool = True) -> Iterator[Any]:
    """The rows of a frame as `itertuples` has them, which reads columns of strings slowly."""
    return frame.astype(object).itertuples(index)


@contextmanager
def by_hand(table: str, key: str) -> Iterator[None]:
    """Reckons the results of a row of `data/hand`; ValueError that names it if it cannot."""
    try:
        yield
    except Exception as error:
        told = f", {error}" if str(error).startswith("column ") else f": {error}"
        raise ValueError(f"data/hand/{table}.csv, {key}{told}") from error


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as a CSV file: no index, twelve digits of a number, plain line ends. A notebook
    that a person runs writes beside the published tables, and says so.
    """
    if shell_of_a_person() and path.parent == PROCESSED:
        BY_HAND.mkdir(parents=True, exist_ok=True)
        published, path = path, BY_HAND / path.name
        print(f"Written: {shown(path)}. The published {shown(published)} stays as it is.")
    frame.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")


def shown(path: Path) -> str:
    """The path as the reader knows it, from the top of the project."""
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _numbers(cells: Iterable[str], path: Path, column: str) -> list[float]:
    """The cells of a column as numbers; BadTable for the first that is none."""
    found: list[float] = []
    try:
        for cell in cells:
            found.append(float(cell) if cell else nan)
    except ValueError:
        where = f"{shown(path)}, row {len(found) + 2}, column {column}"
        raise BadTable([f"{where}: «{cell}» is not accepted; accepted: a number"]) from None
    return found

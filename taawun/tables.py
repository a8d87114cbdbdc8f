"""Reading a table that people typed, with manners: every bad cell is named at once, with what would
be accepted; nothing is repaired in silence.
"""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from datetime import date
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from taawun.paths import ROOT

SOURCE_KINDS = ["register", "statement", "agency", "press", "academic"]
ISO_DATE = "a date such as 2025, 2025-06 or 2025-06-30"
SLUG = "small letters, digits and hyphens"


class BadTable(ValueError):
    """A table that cannot be used; the message has one line a fault: file, row, column, words, and
    what is accepted.
    """

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


def read_table(path: Path) -> pd.DataFrame:
    """A CSV file as a table of strings, one row a line, empty cells as "". Raises BadTable if it is
    not UTF-8 or a line has too many or too few cells.
    """
    name = _shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadTable(
            [
                f"{name}, line {line}: not UTF-8 (byte {error.object[error.start]:#x}); save "
                f"the file as UTF-8"
            ]
        ) from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows:
        raise BadTable([f"{name}: the file is empty; its first line names the columns"])
    header, rows = rows[0], rows[1:]
    problems = [
        f"{name}, row {i} ({row[0] if row else 'empty'}): {len(row)} cells where {len(header)} "
        f'are expected; put quotation marks around words that hold a comma, such as "63,445"'
        for i, row in enumerate(rows, start=2)
        if len(row) != len(header)
    ]
    if problems:
        raise BadTable(problems)
    return pd.DataFrame(rows, columns=header, dtype=str)


def check_table(table: pd.DataFrame, schema: pa.DataFrameSchema, path: Path) -> None:
    """Raise BadTable with every cell of `table` (read from `path`) that `schema` does not accept;
    each check's `error` says what would be.
    """
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.sort_values("index", kind="stable", na_position="first")
        cases = cases[cases["index"].notna() | cases["check"].str.startswith("column_in")].to_dict(
            "records"
        )  # a check that wants a missing column fails as a whole
        raise BadTable(
            list(dict.fromkeys(_problem(case, table, schema, _shown(path)) for case in cases))
        ) from None


def day(text: str, last: bool = True) -> date:
    """The last (or first) day that a partial ISO date can mean.

    Raises ValueError for anything else.
    """
    if not re.fullmatch(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?", text):
        raise ValueError(f"«{text}» is not {ISO_DATE}")
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else (12 if last else 1)
    if not 1 <= month <= 12:
        raise ValueError(f"«{text}»: there is no month {month}")
    number = rest[1] if len(rest) == 2 else (monthrange(year, month)[1] if last else 1)
    return date(year, month, number)


def sources_schema() -> pa.DataFrameSchema:
    """`data/raw/sources.csv`: one row a publication."""
    columns = {name: pa.Column(str) for name in ("publisher", "url", "repeats", "rights", "note")}
    original = pa.Check(
        lambda table: table["repeats"].isin(["", *table["source_id"]]),
        error="no such source; accepted: repeats empty or a source_id of this table",
    )
    dated = pa.Check(
        lambda table: table["published"] + table["accessed"] != "",
        error="it has no date; accepted: a date published or accessed",
    )
    return pa.DataFrameSchema(
        {
            "source_id": _key(),
            "title": _filled(),
            **columns,
            "published": _dates(),
            "accessed": _dates(),
            "language": _one_of(["ar", "en", "fa", "fr"]),
            "kind": _one_of(SOURCE_KINDS),
        },
        checks=[original, dated],
        strict=True,
    )


def figures_schema(sources: pd.DataFrame, indicators: pd.DataFrame) -> pa.DataFrameSchema:
    """`data/raw/figures.csv`: one row a printed figure; its source and indicator must be listed in
    `sources` and `indicators`.
    """
    short = pa.Check(
        lambda words: words.str.len() <= 60,
        error="at most 60 characters: the number and its nearest words",
    )
    ordered = pa.Check(
        _in_order,
        error="the period ends before it starts; accepted: period_start no later than period_end",
    )
    return pa.DataFrameSchema(
        {
            "figure_id": _key(r"[A-Z]\d{2,3}[a-z]?", "an id such as A05 or G20b"),
            "source_id": _one_of(sources["source_id"], "a source_id of data/raw/sources.csv"),
            "as_printed": _filled(short),
            "indicator": _one_of(
                indicators["indicator"], "an indicator of data/hand/indicators.csv"
            ),
            "entity": _filled(),
            "geo": _filled(),
            "period_start": _dates(),
            "period_end": _dates(),
            "locator": pa.Column(str),
            "note": pa.Column(str),
        },
        checks=[ordered],
        strict=True,
    )


def _key(pattern: str = r"[a-z0-9][a-z0-9-]*", accepted: str = SLUG) -> pa.Column:
    return pa.Column(str, pa.Check.str_matches(f"^(?:{pattern})$", error=accepted), unique=True)


def _filled(*checks: pa.Check) -> pa.Column:
    return pa.Column(
        str, [pa.Check(lambda cells: cells.str.strip() != "", error="some words"), *checks]
    )


def _one_of(accepted, words: str = "") -> pa.Column:
    return pa.Column(
        str, pa.Check.isin(list(accepted), error=words or "one of " + ", ".join(accepted))
    )


def _dates() -> pa.Column:
    return pa.Column(str, pa.Check(lambda cells: cells.map(_is_date), error=ISO_DATE))


def _is_date(text: str) -> bool:
    try:
        return text == "" or bool(day(text))
    except ValueError:
        return False


def _in_order(table: pd.DataFrame) -> pd.Series:
    """Whether each row's period ends no earlier than it starts; rows whose dates are at fault
    themselves pass here.
    """
    return table.apply(
        lambda row: (
            not all(_is_date(row[c]) and row[c] for c in ("period_start", "period_end"))
            or day(row["period_start"], last=False) <= day(row["period_end"])
        ),
        axis=1,
    )


def _problem(case: dict, table: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> str:
    """One failure of the schema as a sentence."""
    if case["check"] == "column_in_dataframe":
        return f"{name}: column {case['failure_case']!r} is missing; the columns are {', '.join(schema.columns)}"
    if case["check"] == "column_in_schema":
        return f"{name}: column {case['failure_case']!r} is not expected; the columns are {', '.join(schema.columns)}"
    row = int(case["index"])
    where = f"{name}, row {row + 2} ({table.iloc[row, 0]})"
    if case["check"] == "field_uniqueness":
        return f"{where}, column {case['column']}: the id «{case['failure_case']}» is used twice; accepted: an id of its own"
    if case["schema_context"] == "DataFrameSchema":
        cells = ", ".join(
            f"{column} «{table[column].iloc[row]}»"
            for column in table.columns
            if column in case["check"]
        )
        return f"{where}, {cells}: {case['check']}"
    return f"{where}, column {case['column']}: «{case['failure_case']}» is not accepted; accepted: {case['check']}"


def _shown(path: Path) -> str:
    """The path as the reader knows it, from the top of the project."""
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name

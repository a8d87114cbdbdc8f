"""`python -m taawun.judgements [confirm [TABLE/ROW]]`: judgements that were made when a figure read
otherwise.

A reason or a note of `data/hand` names the figures that it rests on, in braces or by id. For each
`data/hand/confirmed.csv` keeps the printed words that a person had seen. `confirm` takes in the
judgements that are new, and with a row the words that its figures have now. A result that a reason
names has no words of its own, and is not kept.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from taawun.paths import HAND
from taawun.schemas import Tables, read_typed

CONFIRMED = HAND / "confirmed.csv"
_REASONS = ("reason", "note")
_NAMED = re.compile(r"\{(\w+)(?::\w+)?\}|\b([A-Z]\d{2,3}[a-z]?)\b")


class Judgement(NamedTuple):
    """A figure that a row of `data/hand` names, with its words: the row by its key cells."""

    table: str
    row: str
    figure_id: str
    words: str


class Outdated(NamedTuple):
    """A judgement whose figure had other words when it was made."""

    table: str
    row: str
    figure_id: str
    made_when: str
    now: str

    def __str__(self) -> str:
        return (
            f"data/hand/{self.table}.csv ({self.row}) was judged when {self.figure_id} read "
            f"«{self.made_when}»; now it reads «{self.now}»: look at the row again, then "
            f'make confirm ROW="{self.table}/{self.row}"'
        )


def made(tables: Tables) -> list[Judgement]:
    """Every figure that a judgement names, with its words as they are now printed."""
    printed = {row["figure_id"]: row["as_printed"] for row in tables.get("figures", ())}
    ids = {row["name"]: row["figure_id"] for row in tables.get("names", ())}
    keys: dict[str, list[str]] = {}
    for told in tables.get("dictionary", ()):
        if told["key"] and told["table"].startswith("hand/"):
            name = told["table"].removeprefix("hand/").removesuffix(".csv")
            keys.setdefault(name, []).append(told["column"])
    found = {
        Judgement(name, " / ".join(row[column] for column in columns), figure, printed[figure])
        for name, columns in keys.items()
        for row in tables.get(name, ())
        for figure in _figures(row, ids)
        if figure in printed
    }
    return sorted(found)


def outdated(tables: Tables | None = None) -> list[Outdated]:
    """The judgements that were made when a figure read otherwise, in order."""
    tables = read_typed()[1] if tables is None else tables
    seen = _seen(tables)
    return [
        Outdated(*one[:3], seen[one[:3]], one.words)
        for one in made(tables)
        if seen.get(one[:3], one.words) != one.words
    ]


def confirm(row: str, tables: Tables) -> str:
    """The table of confirmed judgements with those of a row (table/key) and the new ones as they
    are now, as CSV. ValueError if a row is given and no judgement with a figure has that name.
    """
    now, seen = made(tables), _seen(tables)
    if row and all(f"{one.table}/{one.row}" != row for one in now):
        near = "; ".join(dict.fromkeys(f"{one.table}/{one.row}" for one in outdated(tables)))
        raise ValueError(f"«{row}» is no judgement that names a figure; to confirm: {near or '-'}")
    kept = [
        one if f"{one.table}/{one.row}" == row else one._replace(words=seen.get(one[:3], one.words))
        for one in now
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([Judgement._fields, *kept])
    return text.getvalue()


def _figures(row: Mapping[str, str], ids: dict[str, str]) -> Iterator[str]:
    """The ids of what a row names in its reason; results of the ledger under their own name."""
    for column in _REASONS:
        for name, figure_id in _NAMED.findall(row.get(column, "")):
            yield ids.get(name, name) or figure_id


def _seen(tables: Tables) -> dict[tuple[str, ...], str]:
    """The words that each judgement was confirmed with, by table, row and figure."""
    rows = tables.get("confirmed", ())
    return {(row["table"], row["row"], row["figure_id"]): row["words"] for row in rows}


def main(*arguments: str) -> int:
    """Tell what is out of date, a line each; after `confirm`, write the table anew first."""
    _, tables, problems = read_typed()
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    if arguments:
        try:
            text = confirm("".join(arguments[1:]), tables)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
        CONFIRMED.write_text(text, encoding="utf-8", newline="\n")
        _, tables, _ = read_typed()
    new = len({one[:2] for one in made(tables) if one[:3] not in _seen(tables)})
    said = [f"Judgements that are new: {new}; make confirm keeps what their figures read."]
    lines = [*map(str, outdated(tables)), *(said if new else ())]
    print("\n".join(lines), end="\n" if lines else "")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

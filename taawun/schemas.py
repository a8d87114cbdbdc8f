"""What each table that people typed must hold.

`data/dictionary.csv` declares it, a row a column: whether a cell may be empty (missing), which
columns tell the rows apart (key), whose cells it names (refers_to), and what else it has to be
(accepts: a form of forms.py, or a list of `data/hand/vocabulary.csv`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from taawun.forms import FORMS, RULES, CellCheck, Rule, formula, one_of, plain
from taawun.paths import RAW
from taawun.tables import BadTable, Row, csv_files, read_cells, read_rows, shown

#: Tables by their file name without .csv.
Tables = Mapping[str, Sequence[Row]]
#: A list of so many words is told in full, one that is longer by its name.
FEW = 10
#: What nobody types: a table of so many bytes is not read.
LARGEST = 20_000_000
#: How the dictionary says that a cell may hold several ids, or several words joined by +.
SEVERAL, JOINED = "...", "+"


@dataclass(frozen=True)
class Column:
    """What a column may hold: whether a cell may be empty, and the checks of one that is not."""

    required: bool = False
    checks: Sequence[CellCheck] = ()

    def faults(self, cell: str) -> Iterator[str]:
        """What is wrong with a cell."""
        if cell == "" and not self.required:
            return
        found = [*plain(cell)] or [fault for check in self.checks for fault in check(cell)]
        if not found and cell == "":
            found = [f"«{cell}» is not accepted; accepted: some words"]
        yield from found


@dataclass(frozen=True)
class Schema:
    """What a table must hold: its columns in order, its key, and the rules of its rows."""

    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    rules: Sequence[Rule] = ()


def read_typed() -> tuple[dict[str, Path], dict[str, list[dict[str, str]]], list[str]]:
    """The tables that people typed: their places and their rows by name, and what is wrong with
    the files that cannot be read. The dictionary is one of them.
    """
    data = RAW.parent  # it counts for a step as RAW, HAND and ROOT / "data/dictionary.csv"
    paths = {"dictionary": data / "dictionary.csv"}
    rows, problems = {}, []
    for path in (*csv_files(data, "raw/*.csv"), *csv_files(data, "hand/*.csv")):
        if paths.setdefault(path.stem, path) != path:
            other = shown(paths[path.stem])
            problems.append(f"{shown(path)}: {other} has this name, too; accepted: another name")
    for name, path in paths.items():
        try:
            if path.is_file() and path.stat().st_size > LARGEST:
                size = f"it is larger than {LARGEST // 1_000_000} MB"
                raise BadTable([f"{shown(path)}: {size}; accepted: what people can type"])
            rows[name] = read_rows(path)
        except BadTable as error:
            problems += error.problems
    return paths, rows, problems


def check(*paths: Path) -> None:
    """Raise BadTable with all that is wrong with typed tables and what these name in others."""
    _, tables, _ = read_typed()
    problems = []
    for path in paths:
        columns, _ = read_cells(path)
        schema = declared(path.relative_to(RAW.parent).as_posix(), tables)
        problems += faults(shown(path), columns, tables[path.stem], schema)
    if problems:
        raise BadTable(problems)


def declared(table: str, tables: Tables) -> Schema:
    """The schema that the dictionary among `tables` declares for a table, named by its path below
    data/. What a table that is not among them holds is not asked for.
    """
    told = [row for row in tables["dictionary"] if row["table"] == table]
    return Schema(
        {
            row["column"]: Column(row["missing"] == "never", tuple(_checks(row, tables)))
            for row in told
        },
        tuple(row["column"] for row in told if row["key"]),
        RULES.get(Path(table).stem, ()),
    )


def faults(name: str, columns: Sequence[str], rows: Sequence[Row], schema: Schema) -> list[str]:
    """What `schema` does not accept in the table `name`, one sentence each: the columns first,
    then row by row. What a missing column would have been checked for is left out.
    """
    found = [f"{name}: {fault}" for fault in _header_faults(columns, schema)]
    cells = {
        column: _told(told, [row[column] for row in rows])
        for column, told in schema.columns.items()
        if column in columns
    }
    for one, other in [*_swapped(cells, rows, schema)]:
        found.append(f"{name}: the cells of the columns {one} and {other} seem to be swapped")
        del cells[one], cells[other]
    key = [column for column in schema.key if column in columns]
    used = Counter(tuple(row[column] for column in key) for row in rows)
    rules = [rule for rule in schema.rules if set(rule.columns) <= set(columns)]
    for rule in [rule for rule in rules if _turned(rule, rows)]:
        found.append(
            f"{name}: the cells of the columns {' and '.join(rule.columns)} seem to be swapped"
        )
        rules.remove(rule)
    for i, row in enumerate(rows):
        said = [f", column {c}: {fault}" for c in cells for fault in cells[c][i]]
        if key and used[tuple(row[column] for column in key)] > 1:
            said.append(f", {_used_twice(key, row)}")
        said += [f", {_said(row, rule)}" for rule in rules if not rule.holds(row)]
        if not any(row.values()):
            said = [": the row is empty; accepted: a row with words, or none"]
        found += [f"{name}, row {i + 2} ({row[columns[0]]}){fault}" for fault in said]
    return found


def _told(column: Column, cells: Sequence[str]) -> list[list[str]]:
    """What is wrong with each cell; of cells that say the same the first is looked at."""
    found = {cell: list(column.faults(cell)) for cell in dict.fromkeys(cells)}
    return [found[cell] for cell in cells]


def _header_faults(columns: Sequence[str], schema: Schema) -> Iterator[str]:
    expected = f"the columns are {', '.join(schema.columns)}"
    for column in schema.columns:
        if column not in columns:
            yield f"column '{column}' is missing; {expected}"
    for column, times in Counter(columns).items():
        if column not in schema.columns:
            yield f"column '{column}' is not expected; {expected}"
        elif times > 1:
            yield f"column '{column}' stands there {times} times; {expected}"


def _swapped(
    cells: Mapping[str, Sequence[Sequence[str]]], rows: Sequence[Row], schema: Schema
) -> Iterator[tuple[str, str]]:
    """Pairs of columns, one mostly at fault, in which each cell would be right under the other."""
    wrong = {column for column in cells if 2 * sum(map(bool, cells[column])) > len(rows) > 1}
    for one, other in combinations(cells, 2):
        first, second = schema.columns[one], schema.columns[other]
        if wrong & {one, other} and not any(
            [*first.faults(row[other]), *second.faults(row[one])] for row in rows
        ):
            yield one, other
            return


def _turned(rule: Rule, rows: Sequence[Row]) -> bool:
    """Whether a rule of two columns is broken by most rows in which they differ, and would be kept
    by each of these with the cells swapped.
    """
    if len(rule.columns) != 2:
        return False
    one, other = rule.columns
    apart = [row for row in rows if row[one] and row[other] and row[one] != row[other]]
    wrong = [row for row in apart if not rule.holds(row)]
    mended = [{**row, one: row[other], other: row[one]} for row in wrong]
    return 2 < len(wrong) > len(apart) / 2 and all(map(rule.holds, mended))


def _used_twice(key: Sequence[str], row: Row) -> str:
    accepted = "accepted: one that no other row has"
    if len(key) == 1:
        noun = key[0].rpartition("_")[2]
        return f"column {key[0]}: the {noun} «{row[key[0]]}» is used twice; {accepted}"
    cells = ", ".join(f"{column} «{row[column]}»" for column in key)
    return f"{cells}: they are used twice; {accepted}"


def _said(row: Row, rule: Rule) -> str:
    cells = ", ".join(f"{column} «{row[column]}»" for column in rule.columns)
    return f"{cells}: {rule.fault}"


def _checks(told: Row, tables: Tables) -> Iterator[CellCheck]:
    """The checks of a column's cells, by its row of the dictionary."""
    accepts = told["accepts"]
    if told["refers_to"]:
        yield _refers(told, "refers_to", tables)
    if accepts in FORMS:
        yield FORMS[accepts]
    elif accepts == "formula":
        known = {row.get("figure_id", "") for row in tables.get("figures", ())}
        names = {row.get("name", "") for row in tables.get("names", ())}
        yield formula(known | names if known - {""} else None)
    elif accepts.endswith(SEVERAL):
        yield _refers(told, "accepts", tables, separator=" ")
    elif accepts:
        yield _listed(told, tables)


def _refers(told: Row, told_in: str, tables: Tables, separator: str = "") -> CellCheck:
    """The cells of another column, or several of them with a separator between."""
    target = told[told_in].removesuffix(SEVERAL)
    table, _, column = target.partition(".")
    declaring = (row["table"] for row in tables["dictionary"] if row["column"] == column)
    place = next((name for name in declaring if Path(name).stem == table), "")
    if not place:
        raise BadTable(
            [
                f"data/dictionary.csv ({told['table']}, {told['column']}), column {told_in}: "
                f"«{target}» is no column; accepted: one that it declares, as figures.figure_id"
            ]
        )
    known = [row[column] for row in tables.get(table, ()) if column in row]
    if not known:  # what is wrong with that table is told of it
        return lambda cell: ()
    article = "an" if column[0] in "aeiou" else "a"
    return one_of(known, f"{article} {column} of data/{place}", separator)


def _listed(told: Row, tables: Tables) -> CellCheck:
    """The words of a list of the vocabulary, or several of them joined by +."""
    name = told["accepts"].removesuffix(JOINED)
    vocabulary = tables.get("vocabulary")
    if vocabulary is None or any("list" not in row or "word" not in row for row in vocabulary):
        return lambda cell: ()  # what is wrong with the vocabulary is told of it
    words = [row["word"] for row in vocabulary if row["list"] == name]
    if not words:
        raise BadTable(
            [
                f"data/dictionary.csv ({told['table']}, {told['column']}), column accepts: there "
                f"is no form and no list «{name}»; accepted: {', '.join(FORMS)}, formula, or a "
                f"list of data/hand/vocabulary.csv"
            ]
        )
    accepted = f"one of {', '.join(words)}"
    if len(words) > FEW:
        accepted = f"a word of the list {name} in data/hand/vocabulary.csv"
    return one_of(words, accepted, JOINED if told["accepts"].endswith(JOINED) else "")

"""`python -m taawun.check`: everything that people typed, looked at before anything runs.

Each table of `data/raw` and `data/hand` by itself and by what it names in others, what only several
tables together can tell, and the catalogues of translations. All faults of all files at once.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from taawun.locales import TRANSLATED
from taawun.paths import TRANSLATIONS
from taawun.periods import day
from taawun.report.catalogue import catalogue_faults
from taawun.schemas import SEVERAL, Tables, declared, faults, read_typed
from taawun.tables import BadTable, read_cells, shown

#: The columns by which the dictionary declares the tables.
DECLARING = {"table", "column", "missing", "key", "refers_to", "accepts"}
FIGURES = "figures.figure_id"
#: What may name a statement without a number: it is shown, and nothing is reckoned with it.
MAY_BE_SILENT = {("programmes", "reported"), ("confirmed", "figure_id")}
FIGURE_ID = re.compile(r"\b[A-Z]\d{2,3}[a-z]?\b")


def project_faults() -> list[str]:
    """What is wrong with what people typed, one sentence a fault; empty if all is well."""
    paths, tables, problems = read_typed()
    sound = set()
    if "dictionary" not in tables:
        return problems
    if not {column for row in tables["dictionary"] for column in row} >= DECLARING:
        columns = ", ".join(sorted(DECLARING))
        return [*problems, f"data/dictionary.csv: it declares no table; it needs {columns}"]
    for table in dict.fromkeys(row["table"] for row in tables["dictionary"]):
        if table.startswith(("raw/", "hand/")) and Path(table).stem not in paths:
            problems.append(f"data/{table}: there is no such file, and data/dictionary.csv has it")
    for name in tables:
        found = _table_faults(paths[name], tables)
        problems += found
        sound |= set() if found else {name}
    for names, told in TOGETHER:
        if sound.issuperset(names):
            problems += [f"{shown(paths[names[0]])}, {fault}" for fault in told(tables)]
    if sound.issuperset({"dictionary", "figures", "indicators"}):
        whole = {name: tables[name] for name in sound}
        problems += [*_unknown_ids(paths, whole), *_silent(paths, whole)]
    for language in TRANSLATED:
        path = TRANSLATIONS / f"{language}.po"
        problems += catalogue_faults(path) if path.exists() else []
    return problems


def _table_faults(path: Path, tables: Tables) -> list[str]:
    """What is wrong with one table by itself and by what it names in others."""
    name = path.name if path.stem == "dictionary" else f"{path.parent.name}/{path.name}"
    if all(row["table"] != name for row in tables["dictionary"]):
        return [
            f"{shown(path)}: data/dictionary.csv has no row for its columns; accepted: a row for "
            f"each, or the file in another folder"
        ]
    if path.parent.name == "raw" and not tables[path.stem]:
        return [f"{shown(path)}: it has no rows; accepted: at least one"]
    columns, _ = read_cells(path)
    try:
        schema = declared(name, tables)
    except BadTable as error:  # its rows of the dictionary name a list that there is not
        return error.problems
    return faults(shown(path), columns, tables[path.stem], schema)


def _unknown_ids(paths: Mapping[str, Path], tables: Tables) -> Iterator[str]:
    """A figure that a person's words name, such as (D57), and that there is not."""
    known = {row["figure_id"] for row in tables["figures"]}
    for told in tables["dictionary"]:
        name, column = Path(told["table"]).stem, told["column"]
        if told["accepts"] not in ("reason", "remark") or name not in tables:
            continue
        for i, row in enumerate(tables[name], start=2):
            for unknown in sorted({*FIGURE_ID.findall(row[column])} - known):
                key = next(iter(row.values()))
                where = f"{shown(paths[name])}, row {i} ({key}), column {column}"
                yield f"{where}: there is no figure «{unknown}»; accepted: a figure_id"


def _silent(paths: Mapping[str, Path], tables: Tables) -> Iterator[str]:
    """A statement without a number where a table is reckoned with."""
    texts = {row["indicator"] for row in tables["indicators"] if row["measure"] == "text"}
    silent = {row["figure_id"] for row in tables["figures"] if row["indicator"] in texts}
    for told in tables["dictionary"]:
        name, column = Path(told["table"]).stem, told["column"]
        accepts = told["accepts"].removesuffix(SEVERAL)
        named = accepts == "formula" or FIGURES in (told["refers_to"], accepts)
        if name not in tables or not named or (name, column) in MAY_BE_SILENT:
            continue
        for i, row in enumerate(tables[name], start=2):
            for figure_id in sorted(silent & {*FIGURE_ID.findall(row[column])}):
                where = f"{shown(paths[name])}, row {i} ({next(iter(row.values()))})"
                yield (
                    f"{where}, column {column}: «{figure_id}» holds no number; accepted: a figure "
                    f"with a number"
                )


def _reprints(tables: Tables) -> Iterator[str]:
    """A text that repeats itself, perhaps by way of others, or one that is younger."""
    sources = {row["source_id"]: row for row in tables["sources"]}
    for i, row in enumerate(tables["sources"], start=2):
        where, chain = f"row {i} ({row['source_id']}), column repeats", [row["source_id"]]
        while original := sources[chain[-1]]["repeats"]:
            chain.append(original)
            if original in chain[:-1]:
                yield f"{where}: {' repeats '.join(chain)}; accepted: a text that repeats no other"
                break
        other = sources.get(row["repeats"], row)["published"]
        if other and row["published"] and day(other, last=False) > day(row["published"]):
            yield f"{where}: «{row['repeats']}» was published later; accepted: an earlier text"


def _future(tables: Tables) -> Iterator[str]:
    """A stock that was counted after its source had been read; what is to flow can be a plan."""
    read = {row["source_id"]: row["accessed"] or row["published"] for row in tables["sources"]}
    stocks = {row["indicator"] for row in tables["indicators"] if row["measure"] == "stock"}
    for i, row in enumerate(tables["figures"], start=2):
        end = row["period_end"]
        if end and row["indicator"] in stocks and day(end, False) > day(read[row["source_id"]]):
            yield (
                f"row {i} ({row['figure_id']}), column period_end: «{end}» had not come when the "
                f"source was read; accepted: a day up to {read[row['source_id']]}"
            )


def _readings(tables: Tables) -> Iterator[str]:
    """A reading with other digits than the printed words, or none."""
    printed = {row["figure_id"]: row["as_printed"] for row in tables["figures"]}
    for i, row in enumerate(tables["readings"], start=2):
        words, read_as = printed[row["figure_id"]], row["read_as"]
        where = f"row {i} ({row['figure_id']}), column read_as: «{read_as}»"
        if _digits(words) not in ("", _digits(read_as)):
            yield f"{where} has other digits than «{words}»; accepted: the printed digits"
        elif words == read_as:
            yield f"{where} is what is printed; accepted: other words, or no row"


def _counts(tables: Tables) -> Iterator[str]:
    """A printed or stated date outside the period of the figure; series in several units."""
    figures = {row["figure_id"]: row for row in tables["figures"]}
    units = {row["indicator"]: row["unit"] for row in tables["indicators"]}
    first: dict[str, str] = {}
    for i, row in enumerate(tables["series"], start=2):
        figure, where = figures[row["figure_id"]], f"row {i} ({row['series']})"
        start, end = figure["period_start"] or figure["period_end"], figure["period_end"]
        inside = not end or day(start, last=False) <= day(row["date"]) <= day(end)
        if row["dating"] in ("printed", "stated") and not inside:
            yield (
                f"{where}, column date: «{row['date']}» is not within {start} to {end}, the period "
                f"of {row['figure_id']}; accepted: a day within, or another word under dating"
            )
        unit = units[figure["indicator"]]
        if first.setdefault(row["series"], unit) != unit:
            yield (
                f"{where}, column figure_id: «{row['figure_id']}» counts {unit}; accepted: "
                f"{first[row['series']]}, as the first row of the series"
            )


def _spans(tables: Tables) -> Iterator[str]:
    """A span that does not lead from an earlier to a later count of one series."""
    dated = {row["figure_id"]: (row["series"], row["date"]) for row in tables["series"]}
    for i, row in enumerate(tables["paces"], start=2):
        one, other = (dated.get(row[column], ("", "")) for column in ("earlier", "later"))
        if not one[0] or one[0] != other[0] or one[1] >= other[1]:
            yield (
                f"row {i} ({row['span']}), earlier «{row['earlier']}», later «{row['later']}»: "
                f"they are no span; accepted: two figures of one series, the earlier first"
            )


def _names(tables: Tables) -> Iterator[str]:
    """A figure with two names."""
    times = Counter(row["figure_id"] for row in tables["names"])
    for i, row in enumerate(tables["names"], start=2):
        if times[row["figure_id"]] > 1:
            yield (
                f"row {i} ({row['name']}), column figure_id: «{row['figure_id']}» is used twice; "
                f"accepted: one that no other row has"
            )


def _apart(table: str, *others: str) -> Callable[[Tables], Iterator[str]]:
    """What says which results of a table have the name of a number in another."""

    def told(tables: Tables) -> Iterator[str]:
        taken = {row["name"]: other for other in others for row in tables[other]}
        for i, row in enumerate(tables[table], start=2):
            if other := taken.get(row["name"]):
                where = f"row {i} ({next(iter(row.values()))}), column name: «{row['name']}»"
                yield f"{where} stands in data/hand/{other}.csv, too; accepted: a name of its own"

    return told


def _choices(tables: Tables) -> Iterator[str]:
    """A figure that is used and not used."""
    for i, row in enumerate(tables["choices"], start=2):
        for name in sorted({*row["used"].split()} & {*row["not_used"].split()}):
            yield (
                f"row {i} ({row['topic']}), column not_used: «{name}» is used; accepted: figures "
                f"that are not"
            )


def _digits(words: str) -> str:
    """The digits of words, in whichever script."""
    return "".join(str(unicodedata.digit(c)) for c in words if re.match(r"\d", c))


#: What only several tables together can tell: the tables that have to be sound, and what says it of
#: the first of them.
TOGETHER: list[tuple[tuple[str, ...], Callable[[Tables], Iterator[str]]]] = [
    (("sources",), _reprints),
    (("figures", "sources", "indicators"), _future),
    (("readings", "figures"), _readings),
    (("series", "figures", "indicators"), _counts),
    (("paces", "series"), _spans),
    (("names",), _names),
    (("findings", "names", "ratios"), _apart("findings", "names", "ratios")),
    (("ratios", "names"), _apart("ratios", "names")),
    (("choices",), _choices),
]


def main() -> int:
    """0, or 1 after one sentence for each fault."""
    if problems := project_faults():
        print(BadTable(problems), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

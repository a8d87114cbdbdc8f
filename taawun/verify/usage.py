"""Which figures and publications the results rest on, and which are kept without being used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from taawun.build.graph import notebooks
from taawun.formula import needs
from taawun.paths import HAND, RAW
from taawun.steps.recount import NAMING
from taawun.tables import Row, read_rows

WORDS_ONLY = "a statement without a number: it is quoted or kept, and nothing is reckoned from it"
NOT_NEEDED = "kept for the record: no result, check or programme of this edition names it"


def figures(
    raw: Iterable[Row], rows: Mapping[str, Row], processed: Path, shown: Collection[str]
) -> list[dict[str, Any]]:
    """One row a printed figure: the results, tables and judgements that name it, whether the brief
    shows it or anything that rests on it, and why it is unused if it is.
    """
    printed = {row["name"]: row for row in raw}
    ids = {row["figure_id"]: name for name, row in printed.items()}
    results, named = _results(rows, printed), _named(_tables(processed), ids)
    found = []
    for name, row in printed.items():
        used = bool(results[name] or named[name] or name in shown)
        found.append(
            {
                "figure_id": row["figure_id"],
                "name": name,
                "source_id": row["source_id"],
                "as_printed": row["as_printed"],
                "in_brief": name in shown,
                "results": results[name],
                "tables": named[name],
                "used": used,
                "reason": "" if used else WORDS_ONLY if row["measure"] == "text" else NOT_NEEDED,
            }
        )
    return found


def sources(used: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a publication: how many of its figures are printed here, used, and in the brief."""
    found = []
    printed: dict[str, list[Mapping[str, Any]]] = {}
    for row in used:
        printed.setdefault(row["source_id"], []).append(row)
    for source in read_rows(RAW / "sources.csv"):
        rows = printed.get(source["source_id"], [])
        found.append(
            {
                "source_id": source["source_id"],
                "figures": len(rows),
                "used": sum(row["used"] for row in rows),
                "in_brief": sum(row["in_brief"] for row in rows),
                **{name: source[name] for name in ("publisher", "title", "published")},
            }
        )
    return found


def _results(rows: Mapping[str, Row], printed: Collection[str]) -> dict[str, list[str]]:
    """The entries of the ledger that name a figure in their formula."""
    found: dict[str, list[str]] = {name: [] for name in printed}
    for row in rows.values():
        for name in needs(row["formula"]) if row["formula"] else ():
            if name in found:
                found[name].append(row["id"])
    return found


def _tables(processed: Path) -> list[Path]:
    """The tables that name the figures they use: not the first notebook's, and not the ledgers."""
    first = notebooks()[0].name[:2]
    made = sorted(processed.glob("[0-9][0-9]-*.csv"))
    return [
        *(p for p in made if p.name[:2] != first and not p.name.endswith("-ledger.csv")),
        *(HAND / name for name in NAMING),
    ]


def _named(paths: Iterable[Path], names: Mapping[str, str]) -> dict[str, list[str]]:
    """The tables with a cell that holds the figure's name or id, alone or in a list; what stands
    inside a sentence does not count. `names` is the figures' names by id.
    """
    names = {**names, **{name: name for name in names.values()}}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    for path in paths:
        cells = {cell for row in read_rows(path) for cell in row.values()}
        lists = [cell.split() for cell in cells if all(part in names for part in cell.split())]
        for name in {names[part] for parts in lists for part in parts}:
            found[name].append(path.name)
    return found

"""Which figures and publications the results rest on, and which are kept without being used."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from taawun.formula import needs
from taawun.paths import HAND, RAW
from taawun.tables import read_table

WORDS_ONLY = "a statement without a number: it is quoted or kept, and nothing is reckoned from it"
NOT_NEEDED = "kept for the record: no result, check or programme of this edition names it"


def figures(
    raw: pd.DataFrame, rows: pd.DataFrame, processed: Path, shown: set[str]
) -> pd.DataFrame:
    """One row a printed figure: the results, tables and judgements that name it, whether the brief
    shows it or anything that rests on it, and why it is unused if it is.
    """
    ids = list(raw["figure_id"])
    results = _results(rows, ids)
    named = _named(
        {
            **{
                path.name: path
                for path in sorted(processed.glob("0[2-4]-*.csv"))
                if not path.name.endswith("ledger.csv")
            },
            "programmes.csv": HAND / "programmes.csv",
        },
        set(ids),
    )
    found = []
    for row in raw.itertuples():
        used = bool(results[row.figure_id] or named.get(row.figure_id) or row.figure_id in shown)
        reason = "" if used else WORDS_ONLY if row.measure == "text" else NOT_NEEDED
        found.append(
            {
                "figure_id": row.figure_id,
                "source_id": row.source_id,
                "as_printed": row.as_printed,
                "in_brief": row.figure_id in shown,
                "results": results[row.figure_id],
                "tables": named.get(row.figure_id, []),
                "used": used,
                "reason": reason,
            }
        )
    return pd.DataFrame(found)


def sources(used: pd.DataFrame) -> pd.DataFrame:
    """One row a publication: how many of its figures are printed in the project, used, and in the
    brief.
    """
    listed = read_table(RAW / "sources.csv")
    counts = used.groupby("source_id").agg(
        figures=("figure_id", "size"), used=("used", "sum"), in_brief=("in_brief", "sum")
    )
    counts = counts.reindex(listed["source_id"], fill_value=0).reset_index()
    return counts.assign(
        publisher=listed["publisher"], title=listed["title"], published=listed["published"]
    )


def _results(rows: pd.DataFrame, ids: list[str]) -> dict[str, list[str]]:
    """The entries of the ledger that name a figure in their formula."""
    found = {id: [] for id in ids}
    for row in rows[rows["formula"] != ""].itertuples():
        for id in needs(row.formula):
            if id in found:
                found[id].append(row.id)
    return found


def _named(tables: dict[str, Path], ids: set[str]) -> dict[str, list[str]]:
    """The tables with a cell that holds the figure's id, alone or in a list of ids; ids inside a
    sentence do not count.
    """
    found: dict[str, list[str]] = {}
    for name, path in tables.items():
        cells = {cell for column in read_table(path).to_dict("list").values() for cell in column}
        for id in {
            token
            for cell in cells
            if cell and (tokens := cell.split()) and set(tokens) <= ids
            for token in tokens
        }:
            found.setdefault(id, []).append(name)
    return found

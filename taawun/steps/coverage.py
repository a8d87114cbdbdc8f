"""Step 04: whom do the programmes reach?

What a programme reported, which group it addresses and which figures of other sources belong to it
are judgements: rows of `data/hand/programmes.csv`, each with its reason. Here they are only
reckoned with. Nothing here knows a programme by name.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from taawun.formula import evaluate
from taawun.quantity import Quantity, constant, counted_as
from taawun.tables import day, records

RESULTS = ["group_id", "coverage", "per_year", "years_to_all", "per_unit"]
SHOWN = [
    "slug",
    "programme",
    "measure",
    "reported",
    "counts",
    "period",
    "group",
    "group_id",
    "group_date",
    "dates",
    "definitions",
    "coverage",
    "upper_bound",
    "per_year",
    "years_to_all",
    "women_share",
    "per_unit",
    "money_is",
    "other",
    "not_reported",
    "reason",
]


def reach(
    programmes: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a programme and measure: what was reported, the ids of its results, how dates and
    definitions differ, what is not reported; and the results, for the ledger.

    Results are the share of the group (`_coverage`, in per cent), the reach in a year
    (`_per_year`), the years to reach the whole group at that pace (`_years_to_all`) and money per
    unit (`_per_unit`).
    """
    rows, results = [], []
    for row in records(programmes):
        found = _results(row, known)
        group = found.get("group_id")
        rows.append(
            row
            | _words(row, group, known)
            | dict.fromkeys(RESULTS, "")
            | {name: result.id for name, result in found.items()}
        )
        results += [result for result in found.values() if result.id not in known]
    return pd.DataFrame(rows, columns=SHOWN), results


def compare(
    comparisons: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a pair: a target and its outcome, or a statement and another source's count, with the
    ids of both sides and of the second as a share of the first (`_ratio`, in per cent).
    """
    rows, results = [], []
    for row in records(comparisons):
        sides = {
            side: _formula(
                row,
                side,
                f"{row['name']}: {'first' if side == 'claim' else 'second'} side of the comparison",
                known,
            )
            for side in ("claim", "record")
        }
        record = sides["record"]
        ratio = (_in_unit(record, sides["claim"].unit) / sides["claim"]).percent.named(
            f"{row['slug']}_ratio", f"{row['name']}: the second figure as a share of the first"
        )
        rows.append({**row, "claim": sides["claim"].id, "record": record.id, "ratio": ratio.id})
        results += [result for result in (*sides.values(), ratio) if result.id not in known]
    return pd.DataFrame(
        rows, columns=["slug", "name", "kind", "claim", "record", "ratio", "note", "reason"]
    ), results


def _results(row: Mapping[str, str], known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """What can be computed for one row, by column; a figure that is printed as a rate holds for one
    year.
    """
    slug, name, found = row["slug"], f"{row['programme']}, {row['measure']}", {}
    reported = known.get(row["reported"])  # none for a printed name without a number
    group = _formula(row, "denominator", row["group"], known) if row["denominator"] else None
    pace = _pace(reported, row["years"])
    if group:
        found["group_id"] = group
    if reported and group:
        found["coverage"] = (_in_unit(reported, group.unit) / group).percent.named(
            f"{slug}_coverage", f"{name}: share of the {row['group']}", group.date
        )
    if reported and pace:
        unit = (group or reported).unit.removesuffix("/year")
        pace = _in_unit(pace, f"{unit}/year")
        found["per_year"] = (
            pace if pace.id else pace.named(f"{slug}_per_year", f"{name}: mean of a year")
        )
    if pace and group:
        found["years_to_all"] = (group / found["per_year"]).named(
            f"{slug}_years_to_all",
            f"{name}: years to reach the whole group at that pace",
            group.date,
        )
    if row["money_units"]:
        units = known[row["money_units"]]
        found["per_unit"] = (known[row["money"]] / units).named(
            f"{slug}_per_unit", f"{row['programme']}: {row['money_is']} divided by {units.unit}"
        )
    return found


def _pace(reported: Quantity | None, years: str) -> Quantity | None:
    """The reach of one year; none where no period is known."""
    if reported is None or reported.unit.endswith("/year"):
        return reported
    return reported / constant(int(years), "year") if years else None


def _formula(
    row: Mapping[str, str], column: str, label: str, known: Mapping[str, Quantity]
) -> Quantity:
    """The quantity that a cell states: a figure, or a formula over figures, which gets an id of its
    own.
    """
    try:
        result = evaluate(row[column], known)
    except Exception as error:
        raise ValueError(
            f"{row['slug']}, column {column}: «{row[column]}» cannot be computed: {error}; "
            f"accepted: figure ids with + - * / and brackets"
        ) from error
    suffix = {"denominator": "group"}.get(column, column)
    return result if result.id else result.named(f"{row['slug']}_{suffix}", label)


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    """The quantity where it is set beside a group that is counted in `unit`; the row says if the
    definitions differ.
    """
    return quantity if quantity.unit == unit else counted_as(quantity, unit)


def _words(
    row: Mapping[str, str], group: Quantity | None, known: Mapping[str, Quantity]
) -> dict[str, str]:
    """Period, and how the dates and definitions of what was reported differ from those of the
    group.
    """
    start, end, note = (row[f"period_{part}"] for part in ("start", "end", "note"))
    period = " to ".join(dict.fromkeys(part for part in (start, end) if part))
    words = {
        "period": "; ".join(part for part in (period, note) if part),
        "group_date": group.date if group else "",
        "dates": "",
        "definitions": "",
    }
    if group and row["reported"] in known:
        words["dates"] = _dates(start, end, group.date)
        words["definitions"] = (
            "same"
            if row["counts"] == group.unit
            else f"differ: {row['counts']} against {group.unit}"
        )
    return words


def _dates(start: str, end: str, date: str) -> str:
    """Whether the group was counted within the reported period."""
    if not end:
        return "cannot tell: no period is printed"
    if not date:
        return "cannot tell: the group has no reference date"
    inside = day(start or end, last=False) <= day(date) <= day(end)
    return "the group was counted within the period" if inside else f"differ: {end} against {date}"

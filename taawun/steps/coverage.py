"""Step 04: whom do the programmes reach?

What a programme reported, which group it addresses and which figures of other sources belong to it
are judgements: rows of `data/hand/programmes.csv`, each with its reason. Here they are only
reckoned with. Nothing here knows a programme by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan

import pandas as pd

from taawun.formula import evaluate
from taawun.periods import day
from taawun.quantity import Quantity, constant, counted_as
from taawun.tables import records

#: What is computed for a measure: the columns with the names of its results.
RESULTS = ["group_id", "coverage", "per_year", "years_to_all", "per_unit"]
#: The columns of a measure that are kept.
MEASURES = [
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
#: The columns of a comparison that are kept.
COMPARISONS = ["slug", "name", "kind", "claim", "record", "ratio", "note", "reason"]


def measures(
    programmes: pd.DataFrame, quantities: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a programme and measure: its row by hand, the `name` of both and of the `number`
    reported, how dates and definitions differ, the names of its results, the unit of its group
    (`group_unit`) and the value of its `share`, NaN if unknown; and the results, for the ledger.

    Results are the share of the group (`_coverage`, in per cent), the reach in a year
    (`_per_year`), the years to reach the whole group at that pace (`_years_to_all`) and money per
    unit (`_per_unit`).
    """
    rows, results = [], []
    for row in records(programmes):
        row |= {"name": f"{row['programme']}, {row['measure']}"}
        reported = quantities.get(row["reported"])  # none for a printed name without a number
        found = _results(row, reported, quantities)
        group = found.get("group_id")
        rows.append(
            row
            | _comparability(row, reported, group)
            | dict.fromkeys(RESULTS, "")
            | {column: result.id for column, result in found.items()}
            | {
                "number": reported.id if reported else "",
                "group_unit": group.unit if group else "",
                "share": found["coverage"].value if "coverage" in found else nan,
            }
        )
        results += [result for result in found.values() if result.id not in quantities]
    return pd.DataFrame(rows), results


def drawn(measures: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """One row a measure as a chart of ranges draws it, the greatest share first: with its row of
    `shares`, open towards less where it is an upper bound. None if no share is known.
    """
    if shares.empty:
        return shares
    rows = measures.merge(shares, left_on="coverage", right_on="id", how="left")
    rows["low"] = rows["low"].mask(rows["upper_bound"] == "yes", -inf)
    return rows.sort_values("value", ascending=False, kind="stable")


def comparisons(
    pairs: pd.DataFrame, quantities: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a pair: a target and its outcome, or a statement and another source's count, with the
    names of both sides and of the second as a share of the first (`_ratio`, in per cent), whose
    value is `share`, NaN if unknown; and the results, for the ledger.
    """
    rows, results = [], []
    for row in records(pairs):
        claim, record = (
            _formula(row, side, f"{row['name']}: {place} side of the comparison", quantities)
            for side, place in (("claim", "first"), ("record", "second"))
        )
        ratio = (_in_unit(record, claim.unit) / claim.undated).percent.named(
            f"{row['slug']}_ratio", f"{row['name']}: the second figure as a share of the first"
        )
        sides = {"claim": claim.id, "record": record.id, "ratio": ratio.id}
        rows.append({**row, **sides, "share": ratio.value})
        results += [result for result in (claim, record, ratio) if result.id not in quantities]
    return pd.DataFrame(rows), results


def editions(prizes: pd.DataFrame, quantities: Mapping[str, Quantity]) -> pd.DataFrame:
    """`prizes` with templates for the ids in its cells, joined by «or», and a dash for none."""
    return prizes.map(
        lambda cell: " or ".join(f"{{{quantities[name].id}}}" for name in cell.split()) or "–"
    )


def _results(
    row: Mapping[str, str], reported: Quantity | None, quantities: Mapping[str, Quantity]
) -> dict[str, Quantity]:
    """What can be computed for one row, by column; a figure printed as a rate holds for a year."""
    slug, name, found = row["slug"], row["name"], {}
    group = _formula(row, "denominator", row["group"], quantities) if row["denominator"] else None
    pace = _pace(reported, row["years"])
    if group:
        found["group_id"] = group
    if reported and group:
        found["coverage"] = (_in_unit(reported, group.unit).undated / group).percent.named(
            f"{slug}_coverage", f"{name}: share of the {row['group']}", group.date
        )
    if pace:
        unit = (group or pace).unit.removesuffix("/year")
        pace = _in_unit(pace, f"{unit}/year")
        found["per_year"] = (
            pace if pace.id else pace.named(f"{slug}_per_year", f"{name}: mean of a year")
        )
    if pace and group:
        found["years_to_all"] = (group / found["per_year"].undated).named(
            f"{slug}_years_to_all",
            f"{name}: years to reach the whole group at that pace",
            group.date,
        )
    if row["money_units"]:
        units = quantities[row["money_units"]]
        found["per_unit"] = (quantities[row["money"]] / units.undated).named(
            f"{slug}_per_unit", f"{row['programme']}: {row['money_is']} divided by {units.unit}"
        )
    return found


def _pace(reported: Quantity | None, years: str) -> Quantity | None:
    """The reach of one year; none where no period is known."""
    if reported is None or reported.unit.endswith("/year"):
        return reported
    return reported / constant(int(years), "year") if years else None


def _formula(
    row: Mapping[str, str], column: str, label: str, quantities: Mapping[str, Quantity]
) -> Quantity:
    """The quantity that a cell states: a figure, or a formula over figures under its own id."""
    try:
        result = evaluate(row[column], quantities)
    except Exception as error:
        raise ValueError(
            f"{row['slug']}, column {column}: «{row[column]}» cannot be computed: {error}; "
            f"accepted: figure ids with + - * / and brackets"
        ) from error
    suffix = {"denominator": "group"}.get(column, column)
    return result if result.id else result.named(f"{row['slug']}_{suffix}", label)


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    """The quantity beside a group counted in `unit`; the row says if the definitions differ."""
    return quantity if quantity.unit == unit else counted_as(quantity, unit)


def _comparability(
    row: Mapping[str, str], reported: Quantity | None, group: Quantity | None
) -> dict[str, str]:
    """Period, and how dates and definitions of what was reported differ from the group's."""
    start, end, note = (row[f"period_{part}"] for part in ("start", "end", "note"))
    period = " to ".join(dict.fromkeys(part for part in (start, end) if part))
    told = {
        "period": "; ".join(part for part in (period, note) if part),
        "group_date": group.date if group else "",
        "dates": "",
        "definitions": "",
    }
    if group and reported:
        told["dates"] = _dates(start, end, group.date)
        same = row["counts"] == group.unit
        told["definitions"] = "same" if same else f"differ: {row['counts']} against {group.unit}"
    return told


def _dates(start: str, end: str, date: str) -> str:
    """Whether the group was counted within the reported period."""
    if not end:
        return "cannot tell: no period is printed"
    if not date:
        return "cannot tell: the group has no reference date"
    inside = day(start or end, last=False) <= day(date) <= day(end)
    return "the group was counted within the period" if inside else f"differ: {end} against {date}"

"""Step 04: whom do the programmes reach, and what does it cost?

What a programme reported, which group it addresses, which outcome answers which target, what a sum
is divided by and how long it may have to last are judgements: rows of tables in `data/hand`, each
with its reason. Here they are only reckoned with. Nothing here knows a programme by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan

import pandas as pd

from taawun.formula import evaluate
from taawun.periods import day
from taawun.quantity import Quantity, constant, counted_as
from taawun.tables import by_hand, records

#: The columns of a measure that are kept.
MEASURES = ["slug", "programme", "measure", "kind", "reported", "counts", "period", "group"]
MEASURES += ["group_id", "group_shown", "group_date", "dates", "definitions", "coverage", "bound"]
MEASURES += ["may_repeat", "women_share", "other", "not_reported", "reason"]
#: The columns of a comparison, and those of a cost, that are kept.
COMPARISONS = ["slug", "name", "kind", "claim", "record", "ratio", "note", "reason"]
COSTS = ["slug", "programme", "per", "money", "units", "per_unit", "money_is", "years", "credible"]
COSTS += ["reason"]
#: The statuses of a variable of the grid, and the names of their counts.
STATUSES = {"published": "published", "in part": "partly", "out of date": "old", "not": "absent"}


def measures(
    programmes: pd.DataFrame, quantities: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a programme and measure: its row by hand, the `name` of both, the names of what was
    `reported`, of its group and of its share of it (`_coverage`, in per cent), the group in words
    behind its number (`group_shown`, a template), how dates and definitions differ, and the value
    of the `share`, NaN if unknown; and the results, for the ledger.
    """
    rows, results = [], []
    for row in records(programmes):
        with by_hand("programmes", row["slug"]):
            name = f"{row['programme']}, {row['measure']}"
            reported, group = (
                _formula(row, column, label, quantities)
                for column, label in (("reported", name), ("denominator", row["group"]))
            )
            share = None
            if reported and group:
                share = (_beside(_in_unit(reported, group.unit), group) / group).percent.named(
                    f"{row['slug']}_coverage", f"{name}: share of the {row['group']}", group.date
                )
            results += [one for one in (reported, group, share) if one and one.id not in quantities]
            told = {
                "name": name,
                "reported": reported.id if reported else "",
                "group_id": group.id if group else "",
                "group_shown": f"{{{group.id}}} {row['group']}" if group else "",
                "coverage": share.id if share else "",
                "share": share.value if share else nan,
            }
            rows.append({**row, **told, **_comparability(row, reported, group)})
    return pd.DataFrame(rows), results


def outcomes(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures that were carried out and whose share of the group addressed is known or would
    be, had its numbers been published.
    """
    return measures[(measures["kind"] == "outcome") & (measures["coverage"] != "")]


def drawn(measures: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """One row a measure as a chart of ranges draws it, the greatest share first: with its row of
    `shares`, open towards more where the words name no upper end. None if no share is known.
    """
    rows = measures.merge(shares, left_on="coverage", right_on="id")
    rows["high"] = rows["high"].mask(rows["bound"] == "at least", inf)
    return rows.sort_values("value", ascending=False, kind="stable")


def comparisons(
    pairs: pd.DataFrame, quantities: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a pair: a target and its outcome, or a statement and another source's count, with the
    names of both sides and of the second as a share of the first (`_ratio`, in per cent), whose
    value is `share`, NaN if unknown, and both sides as templates with their dates (`_shown`); and
    the results, for the ledger. A target without an outcome has an empty second side.
    """
    rows, results = [], []
    for row in records(pairs):
        with by_hand("comparisons", row["slug"]):
            claim, record = (
                _formula(row, side, f"{row['name']}: {place} side of the comparison", quantities)
                for side, place in (("claim", "first"), ("record", "second"))
            )
            ratio = None
            if claim and record:
                ratio = (_beside(_in_unit(record, claim.unit), claim) / claim).percent.named(
                    f"{row['slug']}_ratio",
                    f"{row['name']}: the second figure as a share of the first",
                    record.date,
                )
            sides = {"claim": claim, "record": record, "ratio": ratio}
            ids = {side: one.id if one else "" for side, one in sides.items()}
            shown = {f"{side}_shown": _dated(one) for side, one in sides.items()}
            rows.append(row | ids | shown | {"share": ratio.value if ratio else nan})
            results += [one for one in sides.values() if one and one.id not in quantities]
    return pd.DataFrame(rows), results


def costs(
    sums: pd.DataFrame, quantities: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a sum of money and what it is divided by, with the name of the quotient
    (`_per_unit`), in currency per unit; and the results, for the ledger.
    """
    rows, results = [], []
    for row in records(sums):
        with by_hand("costs", row["slug"]):
            label = f"{row['programme']}: {row['money_is']} for each {row['per']}"
            money, units = (
                _stated(row, column, f"{label} ({column})", quantities)
                for column in ("money", "units")
            )
            quotient = (_beside(money, units) / units).named(
                f"{row['slug']}_per_unit", label, units.date
            )
            rows.append(row | {"money": money.id, "units": units.id, "per_unit": quotient.id})
            results += [one for one in (money, units, quotient) if one.id not in quantities]
    return pd.DataFrame(rows), results


def ratios(table: pd.DataFrame, quantities: Mapping[str, Quantity]) -> list[Quantity]:
    """The results of a table of formulas, one a row, each under its name and label."""
    results = []
    for row in records(table):
        with by_hand("ratios", row["name"]):
            result = _evaluated("formula", row["formula"], quantities)
            results.append(result.named(row["name"], row["label"]))
    return results


def spread(
    spans: pd.DataFrame, money: Quantity, units: Quantity, name: str, label: str
) -> list[Quantity]:
    """A sum spread over units and years: one result a row of `spans`, in currency per unit and
    year, called `name` and the span.
    """
    each = _beside(money, units) / units
    return [
        (each / constant(int(row["years"]), "year")).named(
            f"{name}_{row['span']}", f"{label}, if over {row['years']} years", units.date
        )
        for row in records(spans)
    ]


def tallies(measures: pd.DataFrame, pairs: pd.DataFrame, variables: pd.DataFrame) -> list[Quantity]:
    """How many programmes, targets and variables of the grid there are, how many programmes have an
    outcome beside its group, for how many targets none was found, and how many variables have each
    status.
    """
    targets, statuses = pairs[pairs["kind"] == "target"], variables["status"]
    reached, silent = outcomes(measures)["programme"].nunique(), (targets["record"] == "").sum()
    grid = "variables of cooperative statistics"
    counts = [
        ("programmes_all", measures["programme"].nunique(), "programmes and subjects"),
        ("programmes_reached", reached, "programmes with an outcome and a count of their group"),
        ("targets_all", len(targets), "targets"),
        ("targets_without_outcome", silent, "targets without an outcome that was found"),
        ("ilo_variables_all", len(statuses), grid),
    ]
    counts += [
        (f"ilo_variables_{name}", (statuses == status).sum(), f"{grid}: {status}")
        for status, name in STATUSES.items()
    ]
    return [constant(float(count), "rows").named(name, label) for name, count, label in counts]


def womens_gaps(
    measures: pd.DataFrame, members: Quantity, quantities: Mapping[str, Quantity]
) -> list[Quantity]:
    """One result a measure with a women's share: how far that is above their share among all
    members, in percentage points (`_women_gap`).
    """
    return [
        (_beside(quantities[row["women_share"]], members) - members).named(
            f"{row['slug']}_women_gap",
            f"{row['programme']}: women's share, less that among all members, in percentage points",
            quantities[row["women_share"]].date,
        )
        for row in records(measures)
        if row["women_share"]
    ]


def named(cells: pd.Series, quantities: Mapping[str, Quantity], dates: bool = False) -> pd.Series:
    """Templates for the ids in each cell, joined by «or», with their `dates` if asked for, and a
    dash for none.
    """
    return cells.map(
        lambda cell: (
            " or ".join(
                _dated(quantities[name]) if dates else f"{{{quantities[name].id}}}"
                for name in cell.split()
            )
            or "–"
        )
    )


def others(measures: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """One row a figure of another source and the programme to which it belongs: its label and id,
    its publisher and day.
    """
    rows = measures[["programme", "other"]].assign(figure_id=measures["other"].str.split())
    rows = rows.explode("figure_id").drop_duplicates(["programme", "figure_id"])
    rows = rows.merge(figures, on="figure_id")
    rows = rows.assign(by=rows["publisher"] + ", " + rows["published"])
    headings = ["Programme", "What", "Figure", "Published by"]
    return rows[["programme", "label", "figure_id", "by"]].set_axis(headings, axis=1)


def _formula(
    row: Mapping[str, str], column: str, label: str, quantities: Mapping[str, Quantity]
) -> Quantity | None:
    """The quantity that a cell states; none for an empty cell and for a name that is printed
    without a number.
    """
    named = column == "reported" and row[column].isalnum()
    if not row[column] or (named and row[column] not in quantities):
        return None
    return _stated(row, column, label, quantities)


def _stated(
    row: Mapping[str, str], column: str, label: str, quantities: Mapping[str, Quantity]
) -> Quantity:
    """The quantity of a cell: a figure, or a formula over figures under its own id."""
    result = _evaluated(column, row[column], quantities)
    suffix = {"denominator": "group"}.get(column, column)
    return result if result.id else result.named(f"{row['slug']}_{suffix}", label)


def _evaluated(column: str, formula: str, quantities: Mapping[str, Quantity]) -> Quantity:
    """What a formula over figures comes to; ValueError that names its column if it cannot."""
    try:
        return evaluate(formula, quantities)
    except Exception as error:
        raise ValueError(
            f"column {column}: «{formula}» cannot be computed: {error}; "
            f"accepted: figure ids with + - * / and brackets"
        ) from error


def _dated(quantity: Quantity | None) -> str:
    """The template of a number and, if it has one, of its date; empty for none."""
    if quantity is None:
        return ""
    return f"{{{quantity.id}}}" + (f" ({{{quantity.id}:date}})" if quantity.date else "")


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    """The quantity beside a group counted in `unit`; the row says if the definitions differ."""
    return quantity if quantity.unit == unit else counted_as(quantity, unit)


def _beside(quantity: Quantity, other: Quantity) -> Quantity:
    """The quantity beside one of another period: the row says why the two belong together."""
    return quantity if quantity.period == other.period else quantity.undated


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

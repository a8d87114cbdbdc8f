"""Step 03: how did cooperatives grow?

A count is a printed figure with a reference date; which figure stands for which date is a row of
`data/hand/series.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from math import nan

import pandas as pd

from taawun.quantity import Quantity, constant

DAYS_A_YEAR = 365.25


def counts(series: pd.DataFrame, known: Mapping[str, Quantity]) -> dict[str, list[Quantity]]:
    """The dated counts of each series in order of date; those that had not been published are
    unknown quantities.
    """
    return {
        name: [
            known[row.figure_id].on(row.date)
            for row in rows.sort_values("date", kind="stable").itertuples()
        ]
        for name, rows in series.groupby("series", sort=False)
    }


def at(points: list[Quantity], when: str) -> Quantity:
    """The first known count on or after the day that is not the latest one; an unknown quantity if
    there is none.
    """
    found = [count for count in points if count.known]
    return next((count for count in found[:-1] if count.date >= when), _unknown(points))


def last(points: list[Quantity], until: str = "9999") -> Quantity:
    """The latest known count up to the day; an unknown quantity if there is none."""
    return max(
        (count for count in points if count.known and count.date <= until),
        key=lambda count: count.date,
        default=_unknown(points),
    )


def years(earlier: Quantity, later: Quantity) -> float:
    """Years between the reference dates of two counts, in years of 365.25 days; NaN if no time lies
    between them or one is unknown.
    """
    if earlier.date == later.date or not (earlier.known and later.known):
        return nan
    return (date.fromisoformat(later.date) - date.fromisoformat(earlier.date)).days / DAYS_A_YEAR


def annual_rate(earlier: Quantity, later: Quantity) -> Quantity:
    """Compound annual growth rate between two counts, in per cent: (later / earlier) ^ (1 / years)
    - 1.
    """
    return ((later / earlier) ** round(1 / years(earlier, later), 9) - 1).percent


def annual_change(earlier: Quantity, later: Quantity) -> Quantity:
    """Mean net change a year between two counts, in their unit a year."""
    return (later - earlier) / constant(round(years(earlier, later), 9), "year")


def between(points: list[Quantity], name: str) -> pd.DataFrame:
    """One row a pair of successive counts of a series: dates, change, annual change and compound
    annual rate (quantities).
    """
    rows = []
    for earlier, later in pairwise(points):
        tag = f"{name}_{_stamp(earlier.date)}_{_stamp(later.date)}"
        span = f"{name.replace('_', ' ')}, {earlier.date} to {later.date}"
        rows.append(
            {
                "series": name,
                "start": earlier.date,
                "end": later.date,
                "change": (later - earlier).named(
                    f"{tag}_change", f"net change: {span}", later.date
                ),
                "rate": annual_rate(earlier, later).named(
                    f"{tag}_rate", f"compound annual rate: {span}", later.date
                ),
            }
        )
    return pd.DataFrame(rows, columns=["series", "start", "end", "change", "rate"])


def ratio(
    over: list[Quantity], under: list[Quantity], name: str, label: str, percent: bool = False
) -> list[Quantity]:
    """`over` divided by `under` on every day on which both were counted, dated and named
    `<name>_<yyyymm>`; in per cent if asked.
    """
    base = {count.date: count for count in under}
    pairs = [(count, base[count.date]) for count in over if count.date in base]
    return [
        ((a / b).percent if percent else a / b).named(
            f"{name}_{_stamp(a.date)}", f"{label}, {a.date}", a.date
        )
        for a, b in pairs
    ]


def regions(
    table: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a region: its count and date, census figure, and cooperatives per 10,000 inhabitants
    (empty where no count is printed); and the quantities for the ledger.
    """
    rows, made = [], []
    for row in table.itertuples():
        density = constant(nan)
        if row.figure_id:
            density = (known[row.figure_id] * 10000 / known[row.population_id]).named(
                f"density_{_slug(row.region)}",
                f"cooperatives per 10,000 inhabitants, {row.region}",
                row.date,
            )
            made.append(density)
        rows.append(
            {
                "region": row.region,
                "figure_id": row.figure_id,
                "date": row.date,
                "population_id": row.population_id,
                "density_id": density.id,
                "density": density.value,
                "low": density.low,
                "high": density.high,
                "reason": row.reason,
            }
        )
    return pd.DataFrame(rows).sort_values(
        "density", ascending=False, kind="stable", na_position="last", ignore_index=True
    ), made


def projection(
    scenarios: pd.DataFrame,
    points: list[Quantity],
    horizon: int,
    known: Mapping[str, Quantity],
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a scenario and year from the latest count to `horizon`: the stock at year's end if
    the net change a year stays what it was between two earlier counts, figures of `known`. Not a
    forecast.
    """
    latest, dated = last(points), {count.id: count for count in points}
    rows, made = [], []
    for row in scenarios.itertuples():
        pace = annual_change(dated[known[row.earlier].id], dated[known[row.later].id]).named(
            f"pace_{row.scenario}", f"net change a year, {row.label}"
        )
        made.append(pace)
        for year in range(
            int(latest.date[:4] or horizon) + (latest.date[5:] == "12-31"), horizon + 1
        ):
            end = f"{year}-12-31"
            span = constant(round(years(latest, latest.on(end)), 9), "year")
            stock = (latest + pace * span).named(
                f"projected_{row.scenario}_{year}",
                f"cooperatives at end {year} at {row.label}",
                end,
            )
            made.append(stock)
            rows.append(
                {
                    "scenario": row.scenario,
                    "year": year,
                    "stock_id": stock.id,
                    "value": stock.value,
                    "low": stock.low,
                    "high": stock.high,
                }
            )
    return pd.DataFrame(
        rows, columns=["scenario", "year", "stock_id", "value", "low", "high"]
    ), made


def _unknown(points: list[Quantity]) -> Quantity:
    """A count that nobody had published, in the unit of the others."""
    return constant(nan, points[0].unit)


def _stamp(day: str) -> str:
    return day[:7].replace("-", "")


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèâ", "eea"))
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())

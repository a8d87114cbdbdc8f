"""Step 03: how did cooperatives grow?

A count is a printed figure with a reference date; which figure stands for which date is a row of
`data/hand/series.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from math import nan
from typing import Any

import pandas as pd

from taawun.ledger import Ledger
from taawun.periods import day
from taawun.quantity import Quantity, constant
from taawun.units import RATIO

DAYS_A_YEAR = 365.25
LATEST = "9999"
SERIES = ["series", "date", "figure_id", "value", "low", "high"]
DENSITY = ["density_id", "density", "low", "high"]
REGIONS = ["region", "figure_id", "date", "population_id", *DENSITY, "reason"]
PACES = ["span", "label", "start", "end", "start_value", "end_value", "id", "reason"]
PROJECTION = ["scenario", "year", "stock_id", "value", "low", "high"]


def counts(series: pd.DataFrame, known: Mapping[str, Quantity]) -> dict[str, list[Quantity]]:
    """The dated counts of each series in order of date; one not yet published is unknown."""
    found: dict[str, list[Quantity]] = {name: [] for name in series["series"]}
    row: Any
    for row in series.sort_values("date", kind="stable").itertuples():
        found[row.series].append(known[row.figure_id].on(row.date))
    return found


def at(points: list[Quantity], when: str, until: str = LATEST) -> Quantity:
    """The first known count on or after the day that is not the last one up to another day; an
    unknown quantity if there is none. ValueError for what is no date; nothing is before all.
    """
    when = str(when)
    if when:
        day(when)
    found = [count for count in points if count.known and count.date <= until]
    return next((count for count in found[:-1] if count.date >= when), _unknown(points))


def counted_with(points: list[Quantity], others: list[Quantity]) -> list[Quantity]:
    """The known counts of days on which the others were counted, too, so that two series are
    compared over one period.
    """
    days = {count.date for count in others if count.known}
    return [count for count in points if count.known and count.date in days] or [_unknown(points)]


def last(points: list[Quantity], until: str = LATEST) -> Quantity:
    """The latest known count up to the day; an unknown quantity if there is none."""
    return max(
        (count for count in points if count.known and count.date <= until),
        key=lambda count: count.date,
        default=_unknown(points),
    )


def years(earlier: Quantity, later: Quantity) -> float:
    """Years of 365.25 days between two counts; NaN if no time lies between or one is unknown."""
    if earlier.date == later.date or not (earlier.known and later.known):
        return nan
    return (date.fromisoformat(later.date) - date.fromisoformat(earlier.date)).days / DAYS_A_YEAR


def annual_rate(earlier: Quantity, later: Quantity) -> Quantity:
    """Compound annual growth between two counts, per cent: (later / earlier) ^ (1 / years) - 1."""
    return (later.times(earlier) ** round(1 / years(earlier, later), 9) - 1).percent


def annual_change(earlier: Quantity, later: Quantity) -> Quantity:
    """Mean net change a year between two counts, in their unit a year."""
    return later.since(earlier) / constant(round(years(earlier, later), 9), "year")


def added(points: list[Quantity], when: str, until: str = LATEST) -> Quantity:
    """The net change from the count `at` a day to the `last` one up to another, or unknown."""
    return last(points, until).since(at(points, when, until))


def added_per(over: list[Quantity], under: list[Quantity], when: str) -> Quantity:
    """The net change of one series for each of another, from the first day on or after `when` on
    which both were counted to the last one, or unknown.
    """
    both = counted_with(over, under), counted_with(under, over)
    return added(both[0], when) / added(both[1], when)


def since(points: list[Quantity], when: str, name: str, whole: str) -> list[Quantity]:
    """Three results: the first known count on or after the day, the latest one, and the net change
    between them, named `<name>_base`, `<name>_latest` and `<name>_change`; `whole` is what their
    labels say is counted.
    """
    base, latest = at(points, when), last(points)
    return [
        base.named(f"{name}_base", f"count of {whole} from which growth is measured"),
        latest.named(f"{name}_latest", f"latest count of {whole}"),
        latest.since(base).named(f"{name}_change", f"net change of {whole}, {{start}} to {{date}}"),
    ]


def between(points: list[Quantity], name: str) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a pair of successive counts of a series: their dates, and the names of the change
    between them and of that change a year; and these quantities for the ledger, changes first.
    """
    changes, paces = [], []
    for earlier, later in pairwise(points):
        tag = f"{name}_{_stamp(earlier.date)}_{_stamp(later.date)}"
        span = f"{name.replace('_', ' ')}, {{start}} to {{date}}"
        change, pace = later.since(earlier), annual_change(earlier, later)
        changes.append(change.named(f"{tag}_change", f"net change: {span}", later.date))
        paces.append(pace.named(f"{tag}_pace", f"net change a year: {span}", later.date))
    table = {
        "series": name,
        "start": [count.date for count in points[:-1]],
        "end": [count.date for count in points[1:]],
        "change": [change.id for change in changes],
        "pace": [pace.id for pace in paces],
    }
    return pd.DataFrame(table), changes + paces


def ratio(over: list[Quantity], under: list[Quantity], name: str, label: str) -> list[Quantity]:
    """`over` divided by `under` on every day on which both were counted, dated and named
    `<name>_<yyyymm>`; in per cent where both count the same thing.
    """
    base = {count.date: count for count in under}
    ratios = {count.date: count / base[count.date] for count in over if count.date in base}
    return [
        (value.percent if value.unit == RATIO else value).named(
            f"{name}_{_stamp(day)}", f"{label}, {{date}}", day
        )
        for day, value in ratios.items()
    ]


def regions(
    table: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a region, the densest first: its count and date, census figure, and cooperatives per
    10,000 inhabitants (empty where no count is printed); and the quantities for the ledger.
    """
    counted: Any = table[table["figure_id"] != ""].itertuples()
    made = {
        row.region: (known[row.figure_id] * 10000 / known[row.population_id].undated).named(
            f"density_{_slug(row.region)}",
            f"cooperatives per 10,000 inhabitants, {row.region}",
            row.date,
        )
        for row in counted
    }
    densities = [made.get(region, constant(nan)) for region in table["region"]]
    cells = [[q.id, q.value, q.low, q.high] for q in densities]
    ranked = table.join(pd.DataFrame(cells, columns=DENSITY, index=table.index)).sort_values(
        "density", ascending=False, kind="stable", ignore_index=True
    )
    return ranked[REGIONS], list(made.values())


def paces(
    spans: pd.DataFrame, counts: Mapping[str, list[Quantity]], known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a span between two figures of one series: its days and counts, the `id` of the mean
    net change a year in it, and why it is looked at; and these quantities for the ledger.
    """
    dated = {count.id: count for points in counts.values() for count in points}
    rows, made = [], []
    row: Any
    for row in spans.itertuples():
        earlier, later = dated[known[row.earlier].id], dated[known[row.later].id]
        pace = annual_change(earlier, later).named(
            f"pace_{row.span}", f"net change a year, the pace {row.label}", later.date
        )
        made.append(pace)
        ends = [earlier.date, later.date, earlier.value, later.value]
        rows.append([row.span, row.label, *ends, pace.id, row.reason])
    return pd.DataFrame(rows, columns=PACES), made


def projection(
    spans: pd.DataFrame, points: list[Quantity], horizon: int, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a scenario and year from the latest count to `horizon`: the stock at year's end if
    the net change a year stays the pace of the scenario's span, which is in `known`. Not a
    forecast. And the quantities for the ledger.
    """
    latest = last(points)
    first = int(latest.date[:4] or horizon) + (latest.date[5:] == "12-31")
    rows, made = [], []
    row: Any
    for row in spans[spans["scenario"] != ""].itertuples():
        for year in range(first, horizon + 1):
            end = f"{year}-12-31"
            stock = _carried_on(latest, known[f"pace_{row.span}"], end).named(
                f"projected_{row.scenario}_{year}",
                f"cooperatives at end {{year}} at the pace {row.label}",
                end,
            )
            made.append(stock)
            rows.append([row.scenario, year, stock.id, stock.value, stock.low, stock.high])
    return pd.DataFrame(rows, columns=PROJECTION), made


def published(counts: Mapping[str, list[Quantity]], ledger: Ledger) -> pd.DataFrame:
    """One row a known count of a series: its date, the id of its figure, value and bounds."""
    rows = [
        [name, count.date, ledger.figure_id(count.id), count.value, count.low, count.high]
        for name, points in counts.items()
        for count in points
        if count.known
    ]
    return pd.DataFrame(rows, columns=SERIES)


def _carried_on(latest: Quantity, pace: Quantity, end: str) -> Quantity:
    """The count that a pace a year leads to by a later day."""
    span = constant(round(years(latest, latest.on(end)), 9), "year")
    return latest + pace * span


def _unknown(points: list[Quantity]) -> Quantity:
    """A count that nobody had published, in the unit of the others."""
    return constant(nan, points[0].unit)


def _stamp(day: str) -> str:
    return day[:7].replace("-", "")


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèâ", "eea"))
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())

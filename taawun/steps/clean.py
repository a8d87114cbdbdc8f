"""Step 01: from printed words to quantities, one a figure.

What a printed figure says is read by `taawun.numbers.parser`; what a person reads it as instead is
a row of `data/hand/readings.csv`. A figure that cannot be read safely stops the step.
"""

from __future__ import annotations

from functools import cache
from math import nan
from typing import Any

import pandas as pd

from taawun import tables
from taawun.ledger import COLUMNS
from taawun.messages import Refused
from taawun.numbers.fitting import fitting
from taawun.numbers.formatting import day as written
from taawun.numbers.parser import UnreadableFigure, parse_figure, passed_over
from taawun.paths import HAND
from taawun.periods import day
from taawun.quantity import Quantity, constant

#: Entities and places that a label leaves unsaid.
EVERYONE = ("all", "women", "youth", "inhabitants", "economy")
WHOLE = "Morocco"


def figures(
    raw: pd.DataFrame,
    sources: pd.DataFrame,
    indicators: pd.DataFrame,
    readings: pd.DataFrame,
    as_of: str,
) -> pd.DataFrame:
    """One row a printed figure: the raw columns, its source's, what it was read as, and value, low,
    high, unit, qualifier; empty values if nobody had published it by `as_of`. The words that the
    reader does not know are `passed_over`.

    Raises BadTable with every figure that cannot be read, or that is not what its indicator counts.
    """
    frame = (
        raw.merge(sources.drop(columns="note"), on="source_id", how="left")
        .merge(indicators, on="indicator", how="left")
        .merge(readings[["figure_id", "read_as"]], on="figure_id", how="left")
        .fillna({"read_as": ""})
    )
    repeats = dict(zip(sources["source_id"], sources["repeats"], strict=True))
    frame["witness"] = [_witness(source_id, repeats) for source_id in frame["source_id"]]
    last = day(as_of)
    dated = frame["published"].where(frame["published"] != "", frame["accessed"])
    frame["public"] = [day(date) <= last for date in dated]
    if len(frame) and not frame["public"].any():
        first = min(map(day, dated))
        raise Refused(f"by {as_of} nothing had been published; accepted: {first} or later")
    rows, problems = [], []
    for i, row in enumerate(tables.each(frame), start=2):
        try:
            rows.append(_columns(row))
        except UnreadableFigure as error:
            problems.append(
                f"data/raw/figures.csv, row {i} ({row.figure_id}), column as_printed: {error}"
            )
    if problems:
        raise tables.BadTable(problems)
    read = frame.drop(columns=["unit", "label"]).join(pd.DataFrame(rows))
    return read.assign(also=_also(read))


def _also(figures: pd.DataFrame) -> list[str]:
    """For each figure whose publication has no address, the figure_ids of the same number in
    publications of the same month that have one, separated by spaces.
    """
    found: dict[tuple[object, ...], list[str]] = {}
    row: Any
    for row in tables.each(figures[(figures["url"] != "") & figures["value"].notna()]):
        found.setdefault(_number(row), []).append(row.figure_id)
    return [
        "" if row.url else " ".join(found.get(_number(row), ())) for row in tables.each(figures)
    ]


def _number(row: Any) -> tuple[object, ...]:
    """What number a figure prints of what, and in which month."""
    return (row.indicator, row.entity, row.geo, row.value, row.published[:7])


def alone(figures: pd.DataFrame) -> Quantity:
    """How many numbers are known from a publication without an address alone, dated as `reach`."""
    numbers = figures[figures["public"] & figures["value"].notna()]
    unnamed = (numbers["url"] == "") & (numbers["also"] == "")
    count = constant(float(unnamed.sum()), "figures")
    label = "figures whose one publication has no address"
    return count.named("figures_without_address", label, reach(figures).date)


def ledger(figures: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """The printed figures as ledger rows (see `ledger.COLUMNS`), each under its readable name or,
    without one, its figure_id; their formula is empty, for they come from words.
    """
    numbers = figures[figures["measure"] != "text"]
    ids = named(numbers["figure_id"], names)
    told = [(_start(figure), _source(figure)) for figure in tables.each(numbers)]
    starts, printed = zip(*told, strict=True) if told else ((), ())
    rows = numbers.assign(id=ids, start=starts, date=numbers["period_end"], step="01")
    rows["source"] = printed
    return rows.assign(formula="", inputs="")[[*COLUMNS, "step", "figure_id"]]


def reach(figures: pd.DataFrame) -> Quantity:
    """How many publications were read, dated by the last of them: the search went no further."""
    public = figures[figures["public"]]
    dated = public["published"].where(public["published"] != "", public["accessed"])
    read = constant(float(public["source_id"].nunique()), "publications")
    return read.named("publications", "publications read", str(max(map(day, dated))))


def named(figure_ids: pd.Series, names: pd.DataFrame) -> pd.Series:
    """The readable names of figures, each figure_id itself where there is none."""
    return figure_ids.map(names.set_index("figure_id")["name"]).fillna(figure_ids)


def not_understood(figures: pd.DataFrame) -> pd.DataFrame:
    """One row a figure with a number in whose words the reader passed some over: figure_id,
    language, the words that were read, how many of them it does not know, and which.
    """
    found = figures[figures["passed_over"] != ""]
    words = found["read_as"].where(found["read_as"] != "", found["as_printed"])
    which = found["passed_over"]
    told = found.assign(words=words, unknown=which.str.split().map(len), which=which)
    return told[["figure_id", "language", "words", "unknown", "which"]].reset_index(drop=True)


def _source(figure: Any) -> str:
    """Who printed a figure, on which day, in which words."""
    dated = [written(figure.published)] if figure.published else []
    return f"{', '.join([figure.publisher, *dated])}: «{figure.as_printed}»"


def _start(figure: Any) -> str:
    """Where a figure's reference period begins; empty for a count that a page dates to a day or a
    month, for it was taken at its end.
    """
    start, end = figure.period_start, figure.period_end
    at_once = start == end and figure.measure != "flow" and len(end) > len("2025")
    return "" if at_once else start


def _witness(source_id: str, repeats: dict[str, str]) -> str:
    """The publication whose wording one repeats, perhaps by way of others; itself for none."""
    while repeats[source_id]:
        source_id = repeats[source_id]
    return source_id


def _columns(row: Any) -> dict[str, object]:
    """The quantity's columns for one row of raw figures."""
    unknown: dict[str, object] = dict.fromkeys(["value", "low", "high"], nan)
    unknown |= {"unit": row.unit, "qualifier": "", "label": _label(row), "passed_over": ""}
    if row.measure == "text":
        return unknown
    words = row.read_as or row.as_printed, row.language, _is_mean(row.unit)
    unknown["passed_over"] = " ".join(passed_over(*words))
    quantity = fitting(parse_figure(*words), row.as_printed, row.indicator, row.unit, row.measure)
    if not row.public:
        return unknown
    return unknown | {
        name: getattr(quantity, name) for name in ("value", "low", "high", "qualifier")
    }


def _label(row: Any) -> str:
    """What the figure counts, and of whom and where if not of all in the whole country, or if the
    label does not say so.
    """
    entity = "" if row.entity in EVERYONE else _entities().get(row.entity, row.entity)
    entity = "" if entity.lower() in row.label.lower() else entity
    geo = "" if row.geo == WHOLE else row.geo.replace("+", ", ")
    narrower = ", ".join(filter(None, (entity, geo)))
    return f"{row.label} ({narrower})" if narrower else row.label


@cache
def _entities() -> dict[str, str]:
    """How labels name an entity whose short name is a code."""
    rows = tables.read_rows(HAND / "vocabulary.csv")
    return {
        row["word"]: row["meaning"] for row in rows if row["list"] == "entity" and row["meaning"]
    }


def _is_mean(indicator_unit: str) -> bool:
    """Whether a figure in this unit is a mean of several counts, such as members/cooperative."""
    return "/" in indicator_unit

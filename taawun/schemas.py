"""What each typed table must hold: one function a table, for `tables.check_table`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from taawun.tables import ISO_DATE, CellCheck, Row, Rule, Schema, day

SOURCE_KINDS = ["register", "statement", "agency", "press", "academic"]
SOURCE_LANGUAGES = ["ar", "en", "fa", "fr"]


def sources(source_ids: Collection[str]) -> Schema:
    """`data/raw/sources.csv`: one row a publication; `source_ids` are those of the table itself,
    for what repeats another one.
    """
    original = {"", *source_ids}
    return Schema(
        {
            "source_id": [_matches(r"[a-z0-9][a-z0-9-]*", "small letters, digits and hyphens")],
            "title": [FILLED],
            "publisher": [],
            "published": [DATE_OR_EMPTY],
            "accessed": [DATE_OR_EMPTY],
            "url": [],
            "language": [_one_of(SOURCE_LANGUAGES)],
            "kind": [_one_of(SOURCE_KINDS)],
            "repeats": [],
            "rights": [],
            "note": [],
        },
        unique=("source_id",),
        rules=(
            Rule(
                ("source_id", "repeats"),
                lambda row: row["repeats"] in original,
                "no such source; accepted: repeats empty or a source_id of this table",
            ),
            Rule(
                ("published", "accessed"),
                lambda row: bool(row["published"] or row["accessed"]),
                "it has no date; accepted: a date published or accessed",
            ),
        ),
    )


def figures(source_ids: Collection[str], indicators: Collection[str]) -> Schema:
    """`data/raw/figures.csv`: one row a printed figure, whose source and indicator are listed."""
    return Schema(
        {
            "figure_id": [_matches(r"[A-Z]\d{2,3}[a-z]?", "an id such as A05 or G20b")],
            "source_id": [_one_of(source_ids, "a source_id of data/raw/sources.csv")],
            "as_printed": [
                FILLED,
                _accepts(
                    lambda cell: len(cell) <= 60,
                    "at most 60 characters: the number and its nearest words",
                ),
            ],
            "indicator": [_one_of(indicators, "an indicator of data/hand/indicators.csv")],
            "entity": [FILLED],
            "geo": [FILLED],
            "period_start": [DATE_OR_EMPTY],
            "period_end": [DATE_OR_EMPTY],
            "locator": [],
            "note": [],
        },
        unique=("figure_id",),
        rules=(
            Rule(
                ("period_start", "period_end"),
                _in_order,
                "the period ends before it starts; accepted: period_start no later than period_end",
            ),
        ),
    )


def names(figure_ids: Collection[str]) -> Schema:
    """`data/hand/names.csv`: one row a readable name of a printed figure that holds a number."""
    return Schema(
        {
            "name": [
                _matches(
                    r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+",
                    "small letters, digits and _, such as register_stock_2025_06",
                )
            ],
            "figure_id": [_one_of(figure_ids, "a figure of data/raw/figures.csv with a number")],
            "reason": [FILLED],
        },
        unique=("name", "figure_id"),
    )


def programmes(figure_ids: Collection[str], counts: Collection[str]) -> Schema:
    """`data/hand/programmes.csv`: one row a measure of a programme, each with its reason; `counts`
    are the words for what it counts.
    """
    listed = _list_of(figure_ids, "figure", "a figure_id of data/raw/figures.csv")
    return Schema(
        {
            "slug": [],
            "programme": [FILLED],
            "measure": [FILLED],
            "reported": [listed],
            "counts": [_one_of(counts)],
            "period_start": [],
            "period_end": [],
            "period_note": [],
            "years": [],
            "group": [],
            "denominator": [],
            "denominator_note": [],
            "women_share": [listed],
            "money": [listed],
            "money_units": [listed],
            "money_is": [],
            "other": [listed],
            "upper_bound": [_one_of(["yes", "no", ""], "yes, no, or nothing")],
            "not_reported": [FILLED],
            "reason": [FILLED],
        },
        unique=("slug",),
    )


def _accepts(test: Callable[[str], object], accepted: str) -> CellCheck:
    return lambda cell: [] if test(cell) else [f"«{cell}» is not accepted; accepted: {accepted}"]


def _matches(pattern: str, accepted: str) -> CellCheck:
    return _accepts(re.compile(pattern).fullmatch, accepted)


def _one_of(accepted: Iterable[str], words: str = "") -> CellCheck:
    accepted = list(accepted)
    return _accepts(set(accepted).__contains__, words or f"one of {', '.join(accepted)}")


def _list_of(ids: Collection[str], noun: str, accepted: str) -> CellCheck:
    """Ids separated by spaces, or none."""
    known = set(ids)
    return lambda cell: [
        f"there is no {noun} «{part}»; accepted: {accepted}"
        for part in cell.split()
        if part not in known
    ]


def _is_date(text: str) -> bool:
    try:
        return bool(day(text))
    except ValueError:
        return False


def _in_order(row: Row) -> bool:
    """Whether the period ends no earlier than it starts; a date that is no date passes here."""
    start, end = row["period_start"], row["period_end"]
    return not (_is_date(start) and _is_date(end)) or day(start, last=False) <= day(end)


FILLED = _accepts(str.strip, "some words")
DATE_OR_EMPTY = _accepts(lambda cell: cell == "" or _is_date(cell), ISO_DATE)

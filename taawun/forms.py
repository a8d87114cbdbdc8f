"""What a cell that people typed can be, and what cells of one row have to be together.

A check of a cell says what is wrong with it and what is accepted; FORMS has those that
`data/dictionary.csv` can name, RULES the rules of rows by table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import count

from taawun.formula import FUNCTIONS, SPAN, NoFormula, needs
from taawun.periods import ISO_DATE, day
from taawun.tables import Row

#: The faults of a cell, each a clause that ends in what is accepted; none for a good one.
CellCheck = Callable[[str], Iterable[str]]

#: For so many wrong words of a column the nearest right one is looked for, among so many.
HINTS, NEAR = 20, 2000
#: Characters that cannot be seen and change what can: also those that turn other words round.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BRACES = re.compile("[{}]")
READABLE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
#: A number that a person's words name; a year, a date or the number of a law; a number typed.
FIELD = re.compile(r"\{(?:[a-z]\w*|[A-Z]\d{2,3}[a-z]?)(?::(?:about|least|date))?\}")
DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?![,.]?\d)|\b(?:[Oo]rder|[Dd]ecree|[Ll]aw) [\d.-]*\d")
TYPED = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[,. \u202f]\d{3})+(?!\d)|\d{4,}|\d[\d.,]* (?:thousand|million|billion)"
)
#: What a spreadsheet takes for a formula.
COMPUTED = re.compile(r"[=@]|[+-].*[(|!]")


@dataclass(frozen=True)
class Rule:
    """What some cells of a row have to be together; `fault` says what is wrong and accepted."""

    columns: tuple[str, ...]
    holds: Callable[..., object]
    fault: str


def one_of(words: Collection[str], accepted: str, separator: str = "") -> CellCheck:
    """One of the words, or several with a separator between; a wrong one is told the nearest."""
    known, hints = set(words), count()
    told = HINTS if len(known) <= NEAR else 0

    def check(cell: str) -> Iterator[str]:
        for part in cell.split(separator) if separator else [cell]:
            if part not in known:
                near = get_close_matches(part, known, 1) if next(hints) < told else []
                nearest = f"; the nearest is «{near[0]}»" if near else ""
                yield f"«{part}» is not accepted; accepted: {accepted}{nearest}"

    return check


def formula(figures: Collection[str] | None) -> CellCheck:
    """Arithmetic over figures, if it is known which there are."""
    accepted = "figure ids with + - * / and brackets"

    def check(cell: str) -> Iterator[str]:
        try:
            names = needs(cell)
        except NoFormula as error:
            yield f"{error}; accepted: {accepted}"
            return
        for name in names:
            if figures is not None and name not in figures:
                yield f"«{name}» is no figure; accepted: {accepted}"

    return check


def _stands_for(cell: str) -> Iterator[str]:
    """What is read in the place of a number: a rule for its bounds, or a formula with spans."""
    days = [day for span in SPAN.findall(cell) for day in span]
    if wrong := [day for day in days if not _is_date(day)]:
        yield f"«{wrong[0]}» is no day; accepted: years(2020-12-31, 2025-11-30)"
    elif cell not in ("exact", "open"):
        yield from formula(None)(SPAN.sub("1", cell))


def _is_pattern(cell: str) -> bool:
    """Whether it is a regular expression, and one that does not find nothing everywhere."""
    try:
        return not re.fullmatch(cell, "")
    except re.error:
        return False


def _accepts(test: Callable[[str], object], accepted: str) -> CellCheck:
    return lambda cell: [] if test(cell) else [f"«{cell}» is not accepted; accepted: {accepted}"]


def _matches(pattern: str, accepted: str) -> CellCheck:
    return _accepts(re.compile(pattern).fullmatch, accepted)


def plain(cell: str) -> Iterator[str]:
    """What no cell may hold: what cannot be seen, and what a spreadsheet would compute."""
    if unseen := CONTROL.search(cell):
        yield f"it holds the control character U+{ord(unseen[0]):04X}; accepted: one plain line"
        return
    if cell and not cell.strip():
        yield f"«{cell}» is not accepted; accepted: some words"
    elif cell != cell.strip():
        yield f"«{cell}» begins or ends with a space; accepted: «{cell.strip()}»"
    if COMPUTED.match(cell):
        yield f"«{cell}» would be computed by a spreadsheet; accepted: another first character"


def _words(fields: bool) -> CellCheck:
    """Words of a person that type no number: one of four digits or more that is no year, or one
    with thousand, million or billion. Braces hold the name of a number, if `fields`, or nothing.
    """
    names = "the name of its number in braces, such as {speech_stock}" if fields else "a figure_id"

    def check(cell: str) -> Iterator[str]:
        said = FIELD.sub("", cell) if fields else cell
        for number in TYPED.findall(DATED.sub("", said)):
            yield f"«{number}» is typed and would not follow its source; accepted: {names}"
        if braces := re.search(r"[{}][^{}]{0,20}", said):
            yield f"«{braces[0]}» names no number; accepted: {names if fields else 'no braces'}"

    return check


def _is_date(text: str) -> bool:
    try:
        return bool(day(text))
    except ValueError:
        return False


def _ordered(start: str, end: str, fault: str = "the period ends before it starts") -> Rule:
    """One date no later than the other, where both are given; what is no date passes here."""
    return Rule(
        (start, end),
        lambda row: (
            not (_is_date(row[start]) and _is_date(row[end]))
            or day(row[start], last=False) <= day(row[end])
        ),
        f"{fault}; accepted: {start} no later than {end}",
    )


def _together(*columns: str) -> Rule:
    """Cells of which all or none are filled."""
    return Rule(
        columns,
        lambda row: len({bool(row[column]) for column in columns}) == 1,
        "one is empty and another is not; accepted: all of them or none",
    )


def _means(row: Row) -> bool:
    """Whether a word for the reader of figures means something that its kind can mean."""
    return bool(re.fullmatch(MEANINGS.get(row["kind"], ""), row["meaning"]))


def _counts(row: Row) -> bool:
    """Whether an indicator is a share or change in per cent, money in a currency, or neither."""
    percent, money = row["unit"] == "percent", bool(re.fullmatch("[A-Z]{3}", row["unit"]))
    return percent == (row["measure"] in PERCENT) and money == (row["measure"] == "money")


FORMS: dict[str, CellCheck] = {
    "date": _accepts(_is_date, ISO_DATE),
    "day": _accepts(lambda cell: len(cell) == 10 and _is_date(cell), "a day such as 2025-06-30"),
    "address": _matches(r"https?://[^\s<>\"]+", "an address that begins with https:// or http://"),
    "integer": _matches(r"[1-9][0-9]*", "a whole number in digits, from 1 on"),
    "stands_for": _stands_for,
    "pattern": _accepts(_is_pattern, "a regular expression whose brackets close, of some letters"),
    "words": _accepts(
        lambda cell: len(cell) <= 60 and not BRACES.search(cell),
        "at most 60 characters without braces: the number and its nearest words",
    ),
    "text": _accepts(
        lambda cell: not BRACES.search(cell), "words without braces, which name numbers"
    ),
    "reason": _words(fields=True),
    "remark": _words(fields=False),
    "slug": _matches(r"[a-z0-9][a-z0-9-]*", "small letters, digits and hyphens"),
    "name": _matches(r"[a-z][a-z0-9_]*", "small letters, digits and underscores"),
    "tag": _matches(r"[a-z0-9]+(?:_[a-z0-9]+)*", "small letters, digits and _, such as 2009_2013"),
    "readable": _accepts(
        lambda cell: cell not in FUNCTIONS and READABLE.fullmatch(cell),
        "small letters, digits and _, such as register_stock_2025_06, and no function of formulas",
    ),
    "stem": _matches(
        r"\*?[^\W\d_]+(?:'[^\W\d_]+)?\*?|\*n't", "letters, with * for any that may stand there"
    ),
    "figure_id": _matches(r"[A-Z][0-9]{2,3}[a-z]?", "an id such as A05 or G20b"),
}
#: Measures in per cent; of the first there is no more than a hundred.
PERCENT = ("share", "change")
#: What the words for the reader of figures mean, by their kind; those of other kinds nothing.
MEANINGS = {
    "hedge": "at_least|at_most|nearly|about",
    "verb": "at_least|at_most|nearly|about",
    "magnitude": "[0-9]+",
    "multiple": "[0-9]+",
    "spelled": "[0-9]+",
    "dual": "[0-9]+",
    "unit": "([0-9]+ )?(percent|[A-Z]{3})",
    "number": "[0-9]+",
    "ordinal": "[0-9]+",
    "range": "(from)?",
}
RULES: dict[str, Sequence[Rule]] = {
    "sources": [
        Rule(
            ("accessed",),
            lambda row: not _is_date(row["accessed"]) or day(row["accessed"]) <= date.today(),
            "it lies in the future; accepted: a day that has been",
        ),
        _ordered("published", "accessed", "it was read before it was published"),
    ],
    "figures": [_ordered("period_start", "period_end")],
    "indicators": [
        Rule(
            ("unit", "measure"),
            _counts,
            "they do not fit; accepted: percent for a share or change, a currency such as MAD for "
            "money, and for nothing else",
        )
    ],
    "words": [
        Rule(
            ("kind", "meaning"),
            _means,
            "they do not fit; accepted: at_least, at_most, nearly or about for a hedge or verb, a "
            "number for magnitudes and numbers, percent or a currency for a unit, from or nothing "
            "for a range, nothing for others",
        )
    ],
    "breaks": [_ordered("start", "end")],
    "programmes": [
        _ordered("period_start", "period_end"),
        _together("group", "denominator"),
    ],
    "regions": [_together("figure_id", "date")],
    "checks": [
        Rule(
            ("left", "right"),
            lambda row: row["left"] != row["right"],
            "they are one and the same; accepted: two sides",
        ),
        Rule(
            ("kind", "older"),
            lambda row: not row["older"] or row["kind"] == "stale",
            "an earlier count counts for the kind stale alone; accepted: no count, or that kind",
        ),
    ],
}

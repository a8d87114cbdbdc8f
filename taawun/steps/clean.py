"""Step 01: from printed words to quantities.

Every word that the reader knows (hedges, magnitudes, units, number words, words before a year)
stands in `data/hand/words.csv`. What cannot be read safely is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from taawun import schemas, tables
from taawun.ledger import COLUMNS
from taawun.numbers import lexer as words
from taawun.paths import RAW
from taawun.quantity import Quantity

_DAMAGE = re.compile(
    r"\S*\de[+-]?\d+|\d{4}-\d{2}-\d{2}|(?<![\d.,' ٬٫])0\d+|#(?:ref|value|n/a|name|num|div|#)\S*"
)
_STRAY = re.compile(r"(?<![\w%])[-−]\d\S*|[<>~≈±≥≤‰^=+½¼¾]\S*")


class UnreadableFigure(ValueError):
    """Printed words that cannot be read safely; the message says why and what would be accepted."""

    def __init__(self, printed: str, why: str, accepted: str):
        self.printed, self.why, self.accepted = printed, why, accepted
        super().__init__(f"cannot read «{printed}»: {why}; accepted: {accepted}")


class Part(NamedTuple):
    """One number of the text: its value, the place of its last printed digit, whether it is rounded
    there, its tokens' span, and its largest magnitude word (1 for none).
    """

    value: Decimal
    place: Decimal
    rounded: bool
    start: int
    end: int
    magnitude: Decimal


def parse_figure(as_printed: str, language: str) -> Quantity:
    """The quantity that the printed words state: value, low, high, unit (`count`, `percent` or an
    ISO 4217 code) and qualifier (`exact`, `at_least`, `at_most`, `nearly`, `about`, `range`).

    Raises UnreadableFigure for no number, several numbers, or a number that two readers could read
    differently.
    """
    text = words.normalise(as_printed)
    if found := _DAMAGE.search(text):
        raise UnreadableFigure(
            as_printed,
            f"«{found[0]}» looks like a spreadsheet's rewriting",
            "the number as the source prints it, such as 63,445",
        )
    tokens = words.tokens(text, language)
    if left := _STRAY.search(text) or re.search(r"\S*\d\S*", words.outside(text, tokens)):
        raise UnreadableFigure(
            as_printed,
            f"«{left[0]}» is not written as a number is",
            "digits such as 63.445, 63 445, 63,445 or 2.6 million",
        )
    if part := next((token.text for token in tokens if "refuse" in token.meanings), ""):
        raise UnreadableFigure(
            as_printed,
            f"«{part}» makes another number of the one beside it",
            "the number itself, or a decision in data/hand/readings.csv",
        )
    unit, scale = _unit(as_printed, tokens)
    parts = _parts(as_printed, text, tokens, language, unit)
    hedges = {token.meanings["hedge"] for token in tokens if "hedge" in token.meanings}
    ranged = len(parts) == 2 and _is_range(text, tokens, parts)
    hedges |= {"range"} if ranged else set()
    if len(hedges) > 1:
        raise UnreadableFigure(
            as_printed, "it is hedged in two ways: " + " and ".join(sorted(hedges)), "one hedge"
        )
    if ranged:
        return _range(parts, unit, scale)
    if len(parts) != 1:
        why = (
            "it holds no number (a year that dates one is none)"
            if not parts
            else f"it holds {len(parts)} numbers"
        )
        raise UnreadableFigure(
            as_printed,
            why,
            "one number and its nearest words (another number goes in a row of its own)",
        )
    part = parts[0]
    value, place = part.value * scale, part.place * scale
    rounded = part.rounded or unit == "percent" or scale != 1
    if value % 1 and unit == "count":
        raise UnreadableFigure(
            as_printed,
            f"a count has no fraction, and {value} has no unit or magnitude word",
            "a whole number, or a number with %, a currency or a word such as million",
        )
    qualifier = hedges.pop() if hedges else "exact"
    low, high = bounds(value, place, qualifier, rounded, expanded=part.magnitude > 1 or scale != 1)
    return Quantity(float(value), float(low), float(high), unit, qualifier)


def figures(
    raw: pd.DataFrame,
    sources: pd.DataFrame,
    indicators: pd.DataFrame,
    readings: pd.DataFrame,
    as_of: str,
) -> pd.DataFrame:
    """One row a printed figure: the raw columns, its source's, what it was read as, and value, low,
    high, unit, qualifier; empty values if nobody had published it by `as_of`.

    Raises BadTable with every figure that cannot be read, or whose printed unit is not its
    indicator's.
    """
    schema = schemas.figures(sources["source_id"], indicators["indicator"])
    tables.check_table(raw, schema, RAW / "figures.csv")
    frame = raw.merge(sources.drop(columns="note"), on="source_id", how="left").merge(
        indicators, on="indicator", how="left"
    )
    frame = frame.merge(readings[["figure_id", "read_as"]], on="figure_id", how="left").fillna(
        {"read_as": ""}
    )
    frame["witness"] = frame["repeats"].where(frame["repeats"] != "", frame["source_id"])
    frame["public"] = [
        tables.day(row.published or row.accessed) <= tables.day(as_of) for row in frame.itertuples()
    ]
    read, problems = [], []
    for i, row in enumerate(frame.itertuples()):
        try:
            read.append(_read_row(row))
        except ValueError as error:
            problems.append(
                f"data/raw/figures.csv, row {i + 2} ({row.figure_id}), column as_printed: {error}"
            )
    if problems:
        raise tables.BadTable(problems)
    return frame.drop(columns=["unit", "label"]).join(pd.DataFrame(read))


def ledger(figures: pd.DataFrame) -> pd.DataFrame:
    """The printed figures as ledger rows (see `ledger.COLUMNS`): their formula is empty, for they
    come from words.
    """
    frame = (
        figures[figures["measure"] != "text"]
        .rename(columns={"figure_id": "id", "period_end": "date"})
        .assign(formula="", inputs="", step="01")
    )
    return frame[[*COLUMNS, "step"]]


def _read_row(row) -> dict:
    """The quantity's columns for one row of raw figures."""
    place = ", ".join(
        part
        for part in (
            row.entity if row.entity not in ("all", "women", "youth", "inhabitants") else "",
            row.geo if row.geo != "Morocco" else "",
        )
        if part
    )
    label = f"{row.label} ({place})" if place else row.label
    empty = {
        "value": float("nan"),
        "low": float("nan"),
        "high": float("nan"),
        "unit": row.unit,
        "qualifier": "",
        "label": label,
    }
    if row.measure == "text":
        return empty
    quantity = parse_figure(row.read_as or row.as_printed, row.language)
    expected = (
        "count"
        if row.unit not in ("percent",) and not re.fullmatch("[A-Z]{3}(?:/.+)?", row.unit)
        else row.unit.split("/")[0]
    )
    if quantity.unit != expected:
        raise UnreadableFigure(
            row.as_printed,
            f"it reads as {quantity.unit}, but {row.indicator} is counted in {row.unit}",
            f"words whose unit is {expected}",
        )
    if not row.public:
        return empty
    return empty | {
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "qualifier": quantity.qualifier,
    }


def bounds(
    value: Decimal,
    place: Decimal,
    qualifier: str = "exact",
    rounded: bool = False,
    expanded: bool = False,
) -> tuple[Decimal, Decimal]:
    """What the true value can be, given the printed `value` whose last printed digit stands at
    `place` (1 for 63,445; 100000 for 2.6 million).

    Plain digits are exact; a rounded number (a decimal, a percentage, a magnitude word) may be off
    by half its last place. A hedged number is bounded by its own place: that of its last non-zero
    digit, but no coarser than its second significant digit, and no finer than what is printed
    (`expanded`: a magnitude word prints all its zeros). "More than" reaches one place up, "nearly"
    and "at most" one place down, "about" half a place either side. The far end of a hedge is
    excluded in words and included here.
    """
    if qualifier == "exact":
        half = place / 2 if rounded else Decimal(0)
        return value - half, value + half
    digits = value.normalize()
    step = Decimal(1).scaleb(min(digits.as_tuple().exponent, digits.adjusted() - 1))
    step = max(step, min(place, Decimal(1)) if expanded else place)
    below, above = {
        "at_least": (0, 1),
        "nearly": (1, 0),
        "at_most": (1, 0),
        "about": (Decimal("0.5"), Decimal("0.5")),
    }[qualifier]
    return value - below * step, value + above * step


def _unit(as_printed: str, tokens: list[words.Token]) -> tuple[str, Decimal]:
    """The unit, and what an abbreviation such as MDH multiplies the number beside it by."""
    units = [
        (i, token.meanings["unit"].split())
        for i, token in enumerate(tokens)
        if "unit" in token.meanings
    ]
    names = {unit[-1] for _, unit in units}
    if len(names) > 1:
        raise UnreadableFigure(
            as_printed, "it has two units: " + " and ".join(sorted(names)), "one unit"
        )
    scales = [
        Decimal(unit[0])
        for i, unit in units
        if len(unit) == 2 and any(map(_is_number, tokens[max(i - 1, 0) : i + 2]))
    ]
    return names.pop() if names else "count", scales[0] if scales else Decimal(1)


def _parts(
    as_printed: str, text: str, tokens: list[words.Token], language: str, unit: str
) -> list[Part]:
    """The numbers of the text, without the years that only date it."""
    parts: list[Part] = []
    years: list[Part] = []
    i = 0
    while i < len(tokens):
        if not _is_number(tokens[i]):
            i += 1
            continue
        first = i
        part, i = _phrase(as_printed, text, tokens, i, language, unit)
        if part is None:
            continue
        joined = years and not re.search(
            r"\w", re.sub(r"و|et|and", "", text[years[-1].end : part.start])
        )
        dated = (
            first
            and "date" in tokens[first - 1].meanings
            and words.adjacent(text, tokens[first - 1].end, part.start)
        )
        spans = re.match(r" ?[-–/] ?(?:19|20)\d\d(?!\d)", text[part.end :])
        is_year = re.fullmatch(r"(?:19|20)\d\d", text[part.start : part.end]) and (
            joined or dated or spans or text[: part.start].endswith("(")
        )
        (years if is_year else parts).append(part)
    return parts


def _phrase(
    as_printed: str, text: str, tokens: list[words.Token], i: int, language: str, unit: str
) -> tuple[Part | None, int]:
    """The number that begins at token `i`, such as «63 ألفا و445» or «vingt-cinq mille», and the
    token after it; no number for a lone article.
    """
    start, total, place, rounded, largest, grain = (
        i,
        Decimal(0),
        Decimal(1),
        False,
        Decimal(1),
        None,
    )
    while i < len(tokens):
        here = i + 1 if i > start and "and" in tokens[i].meanings and i + 1 < len(tokens) else i
        if not _is_number(tokens[here]) or (
            i > start and not words.adjacent(text, tokens[i - 1].end, tokens[here].start)
        ):
            break
        number, after = _run(as_printed, text, tokens, here, language, unit)
        magnitude = Decimal(1)
        if (
            after < len(tokens)
            and "magnitude" in tokens[after].meanings
            and (after == here or words.adjacent(text, tokens[after - 1].end, tokens[after].start))
        ):
            magnitude, after = Decimal(tokens[after].meanings["magnitude"]), after + 1
        if grain is not None and number * magnitude >= grain:
            break
        decimals = -min(number.as_tuple().exponent, 0)
        total, place, rounded, largest = (
            total + number * magnitude,
            Decimal(1).scaleb(magnitude.adjusted() - decimals),
            magnitude > 1 or decimals > 0,
            max(largest, magnitude),
        )
        grain, i = magnitude if magnitude > 1 else Decimal(0), after
    article = i == start + 1 and tokens[start].text in ("un", "une", "one")
    return (
        None
        if article
        else Part(total, place, rounded, tokens[start].start, tokens[i - 1].end, largest)
    ), i


def _run(
    as_printed: str, text: str, tokens: list[words.Token], i: int, language: str, unit: str
) -> tuple[Decimal, int]:
    """One group of digits, or the number words that follow one another («trente et une»), and the
    token after it.
    """
    if "digits" in tokens[i].meanings:
        magnitude = i + 1 < len(tokens) and "magnitude" in tokens[i + 1].meanings
        return _digits(as_printed, tokens[i].text, language, unit, magnitude), i + 1
    if (
        "number" not in tokens[i].meanings
    ):  # a magnitude word that stands alone, as in «more than a thousand»
        before = max((token.end for token in tokens[:i]), default=0)
        if not words.adjacent(text, before, tokens[i].start):
            raise UnreadableFigure(
                as_printed,
                f"«{tokens[i].text}» has no number before it",
                f"a number before «{tokens[i].text}», or a hedge, as in «more than a thousand»",
            )
        return Decimal(1), i
    number, i = Decimal(tokens[i].meanings["number"]), i + 1
    grain = {60: 20, 80: 20, 100: 100}.get(int(number), 10 if number >= 20 else 0)
    while i < len(tokens):
        here = i + 1 if "and" in tokens[i].meanings and i + 1 < len(tokens) else i
        if "number" not in tokens[here].meanings or not words.adjacent(
            text, tokens[i - 1].end, tokens[here].start
        ):
            break
        digit = int(tokens[here].meanings["number"])
        if digit >= grain:
            break
        number, grain, i = number + digit, 10 if digit >= 20 else 0, here + 1
    return number, i


def _is_number(token: words.Token) -> bool:
    return not {"digits", "number", "magnitude"}.isdisjoint(token.meanings)


def _digits(as_printed: str, digits: str, language: str, unit: str, magnitude: bool) -> Decimal:
    """Printed digits as a number.

    Three digits after a single separator are thousands in a plain count and a decimal in a
    percentage; elsewhere the language decides, or nobody does.
    """
    marks = re.findall(r"[., '٬٫]", digits)
    decimal = {"en": ".", "fr": ","}.get(language, ".,") + "٫"
    tail = re.split(r"[., '٬٫]", digits)[-1]
    if len(set(marks)) == 2:
        grouped, last = marks[0], marks[-1]
        return Decimal(digits.replace(grouped, "").replace(last, "."))
    if len(marks) > 1 or (marks and marks[0] in " '٬"):
        return Decimal(re.sub(r"\D", "", digits))
    if not marks or len(tail) != 3 or marks[0] == "٫" or digits.startswith("0"):
        return Decimal(re.sub(r"[,٫]", ".", digits))
    if unit == "percent":
        return Decimal(digits.replace(",", "."))
    if magnitude or unit != "count":
        if (marks[0] in decimal) == magnitude and len(decimal) == 2:
            return (
                Decimal(digits.replace(",", "."))
                if magnitude
                else Decimal(re.sub(r"\D", "", digits))
            )
        if not magnitude and language not in ("en", "fr"):
            return Decimal(re.sub(r"\D", "", digits))
        raise UnreadableFigure(
            as_printed,
            f"«{digits}» may be thousands or a decimal",
            "digits grouped by spaces, or one, two or four decimals",
        )
    return Decimal(re.sub(r"\D", "", digits))


def _is_range(text: str, tokens: list[words.Token], parts: list[Part]) -> bool:
    first, second = parts
    between = text[first.end : second.start].strip()
    opened = any(
        "range" in token.meanings
        and token.end <= first.start
        and words.adjacent(text, token.end, first.start)
        for token in tokens
    )
    joined = any(
        "to" in token.meanings or "and" in token.meanings
        for token in tokens
        if first.end <= token.start and token.end <= second.start
    )
    return first.value * _shared(parts) < second.value and (
        between in ("-", "–") or (opened and joined and len(between.split()) == 1)
    )


def _range(parts: list[Part], unit: str, scale: Decimal) -> Quantity:
    """A printed range is its own bounds; its value is the middle.

    A magnitude word after the second number holds for both.
    """
    low, high = parts[0].value * _shared(parts) * scale, parts[1].value * scale
    return Quantity(float((low + high) / 2), float(low), float(high), unit, "range")


def _shared(parts: list[Part]) -> Decimal:
    """The magnitude that a range's first number borrows from the second, as in «between 20 and 30
    million».
    """
    return parts[1].magnitude if parts[0].magnitude == 1 else Decimal(1)

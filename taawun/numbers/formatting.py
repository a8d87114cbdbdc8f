"""How a quantity is written in a sentence: by CLDR through Babel, and never more certain than its
bounds.
"""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from taawun.locales import LOCALES
from taawun.messages import Refused
from taawun.periods import dated
from taawun.quantity import Quantity
from taawun.units import RATIO

HEDGES = {
    "at_least": "more than {}",
    "at_most": "at most {}",
    "nearly": "nearly {}",
    "about": "about {}",
    "least": "at least {}",
}
BETWEEN = "between {} and {}"
#: Per cent in a sentence, where a language has words for it; elsewhere its sign.
PER_CENT = "{}%"
MILLION = 1e6


def written(
    quantity: Quantity,
    language: str = "en",
    between: str = BETWEEN,
    hedges: dict[str, str] = HEDGES,
) -> str:
    """The quantity in words and digits: a printed figure as its source hedges it, a computed one to
    the digit on which its bounds agree, else as «between ... and ...».
    """
    if not quantity.known:
        raise Refused(f"{quantity.id} has no value to write: it had not been published")
    quantity = _first_name(quantity)
    if quantity.qualifier == "range":
        return between.format(
            digits(quantity, quantity.low, language), digits(quantity, quantity.high, language)
        )
    if not quantity.inputs:
        return hedges.get(quantity.qualifier, "{}").format(
            digits(quantity, quantity.value, language)
        )
    ends, decimals = stated(quantity)
    low, high = (digits(quantity, end, language, decimals) for end in ends)
    return low if low == high else between.format(low, high)


def approximate(
    quantity: Quantity,
    language: str = "en",
    between: str = BETWEEN,
    hedges: dict[str, str] = HEDGES,
) -> str:
    """The quantity to two significant digits, as «about 2,500»; as `written` where these are all
    that it has, where its source says more or less than, and where a bound is a whole unit of the
    second digit away.
    """
    whole = written(quantity, language, between, hedges)
    if not quantity.value or quantity.qualifier in ("at_least", "at_most"):
        return whole
    exponent = math.floor(math.log10(abs(quantity.value))) - 1
    step = 10.0**exponent
    near = round(quantity.value / step) * step
    farthest = max(near - quantity.low, quantity.high - near)
    if not 1e-9 < farthest / step < 1 - 1e-9:
        return whole
    return hedges["about"].format(digits(quantity, near, language, max(0, -exponent)))


def least(
    quantity: Quantity,
    language: str = "en",
    between: str = BETWEEN,
    hedges: dict[str, str] = HEDGES,
) -> str:
    """The least that the quantity can be, rounded down, as «at least 5.6%»: for what rests on words
    such as «more than», which name no upper end; as `written` where its bounds are one number.
    """
    if not quantity.known or quantity.low == quantity.high:
        return written(quantity, language, between, hedges)
    decimals = fraction_digits(quantity)
    low = math.floor(quantity.low * 10**decimals + 1e-9) / 10**decimals
    return hedges["least"].format(digits(quantity, low, language, decimals))


#: How a number is written, by the form of its field in a sentence.
FORMS = {"": written, "about": approximate, "least": least}


def stated(quantity: Quantity) -> tuple[tuple[float, float], int]:
    """The ends that a computed result is written with, and their decimals: its value twice where
    both bounds round to it, else the bounds rounded outwards to a step that suits their distance.
    """
    decimals = fraction_digits(quantity)
    if len({digits(quantity, end, "en", decimals) for end in (quantity.low, quantity.high)}) == 1:
        return (quantity.value, quantity.value), decimals
    exponent = max(
        math.floor(math.log10((quantity.high - quantity.low) / 2)),
        -decimals,
        _compact_exponent(quantity),
    )
    step = 10.0**exponent
    return (
        math.floor(quantity.low / step + 1e-9) * step,
        math.ceil(quantity.high / step - 1e-9) * step,
    ), max(0, -exponent)


def digits(quantity: Quantity, value: float, language: str, decimals: int | None = None) -> str:
    """The digits of `value` in the quantity's unit: a percentage with its sign, a rounded million
    as «368 million», anything else in full.
    """
    locale = Locale.parse(LOCALES[language])
    places = "#,##0" + ("." + "0" * decimals if decimals else "")
    if quantity.unit == "percent":
        pattern = locale.percent_formats[None].pattern.replace("#,##0", places)
        return format_percent(
            Decimal(str(value)) / 100,
            format=pattern,
            locale=locale,
            decimal_quantization=decimals is not None,
        )
    if _is_compact(quantity, value):
        known = millions(language)
        power = min(max(known), math.floor(math.log10(abs(value)) / 3) * 3)
        number = round(Decimal(str(value)).scaleb(-power), 2 if quantity.inputs else 3).normalize()
        pattern = known[power].get(locale.plural_form(abs(number)), known[power]["other"])
        return pattern.format(format_decimal(number, format="#,##0.###", locale=locale))
    return format_decimal(
        value, format=places, locale=locale, decimal_quantization=decimals is not None
    )


def in_prose(number: str, per_cent: str) -> str:
    """A number as a sentence says it: per cent in words, if `per_cent` has them, behind the last of
    its ends.
    """
    if per_cent == PER_CENT or "%" not in number:
        return number
    return per_cent.format(re.sub(r"\s?%", "", number))


def _is_compact(quantity: Quantity, value: float) -> bool:
    """Whether a value of the quantity is written in millions."""
    return abs(value) >= MILLION and (
        quantity.low != quantity.high or quantity.unit.startswith("MAD")
    )


@cache
def millions(language: str) -> dict[int, dict[str, str]]:
    """How millions, milliards and more are written, by their power of ten and the plural category
    of what stands before them: by CLDR, but for three to ten in Arabic, where that has one form,
    and for a French «billion», which is taken for the English one.
    """
    long = Locale.parse(LOCALES[language]).compact_decimal_formats["long"]
    few = {"مليون": "ملايين", "مليار": "ملايير"} if language == "ar" else {}
    found: dict[int, dict[str, str]] = {}
    for power in (6, 9) if language == "fr" else (6, 9, 12):
        for category, patterns in long.items():
            if pattern := patterns.get(str(10**power)):
                text = re.sub("0+", "{}", pattern.pattern)
                for one, several in few.items() if category == "few" else ():
                    text = re.sub(rf"\b{one}\b", several, text)
                found.setdefault(power, {})[category] = text
    return found


def _compact_exponent(quantity: Quantity) -> int:
    """The exponent of the last digit in «1.23 million»; none to speak of below a million."""
    size = max(abs(quantity.low), abs(quantity.high))
    return math.floor(math.log10(size) / 3) * 3 - 2 if size >= MILLION else -9


def fraction_digits(quantity: Quantity) -> int:
    """Decimals that a result is worth: one for shares and averages, two for ratios, else none."""
    if quantity.low == quantity.high == round(quantity.value) and quantity.unit != "percent":
        return 0
    if quantity.unit == RATIO:
        return 2
    if quantity.unit == "percent" or "/" in quantity.unit:
        return 1 if abs(quantity.value) < 1000 else 0
    return 0


@cache
def month(date: str, language: str = "en", short: bool = False) -> str:
    """Month and year of an ISO date, as «November 2025», or «Nov 2025»; the year alone if no month
    is given.
    """
    year, *rest = (int(part) for part in date.split("-"))
    return (
        format_skeleton(
            "yMMM" if short else "yMMMM", datetime.date(year, rest[0], 1), locale=LOCALES[language]
        )
        if rest
        else str(year)
    )


@cache
def day(date: str, language: str = "en") -> str:
    """Day, month and year of an ISO date, as «19 December 2025»; as `month` if no day is given."""
    if date.count("-") < 2:
        return month(date, language)
    return format_date(datetime.date.fromisoformat(date), "d MMMM y", locale=LOCALES[language])


def with_days(quantity: Quantity, label: str, language: str) -> str:
    """A label of the quantity, in any language, with the days of its period where it names them."""
    return dated(label, quantity.start, quantity.date, lambda date: day(date, language))


def plural(quantity: Quantity, language: str = "en") -> str:
    """The CLDR plural category that a noun behind the written quantity takes: zero, one, two, few,
    many or other; of two ends the last counts, and millions in words are whole ones.
    """
    quantity = _first_name(quantity)
    value = quantity.high if quantity.qualifier == "range" else quantity.value
    decimals = 0
    if quantity.inputs:
        ends, decimals = stated(quantity)
        value = round(ends[1], decimals)
    if _is_compact(quantity, value):
        value = MILLION
    whole = value == int(value)
    if decimals and whole and says_number(str(int(value)), language):
        return "other"  # «2,0» is no dual
    exact = int(value) if whole and not decimals else Decimal(f"{value:.{decimals or 9}f}")
    return Locale.parse(LOCALES[language]).plural_form(exact)


def says_number(number: str, language: str) -> bool:
    """Whether a noun behind the number says it itself, as the Arabic words for one and for two
    days do; by the units of CLDR.
    """
    if number not in ("1", "2"):
        return False
    return number not in format_unit(int(number), "duration-day", "short", locale=LOCALES[language])


def _first_name(quantity: Quantity) -> Quantity:
    """The figure or result that a second name stands for, whichever day a person gave it."""
    while quantity.inputs:
        name = re.escape(quantity.inputs[0].id)
        if not re.fullmatch(rf"{name}|on\({name}, [^()]*\)", quantity.formula):
            break
        quantity = quantity.inputs[0]
    return quantity


def plain_number(digits: str, language: str = "en") -> str:
    """A number of a formula in the digits of the language, with at most four decimals."""
    return format_decimal(Decimal(digits), format="#,##0.####", locale=LOCALES[language])

"""All readings as tables: one row a sentence, and one finding in each of its readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from taawun.messages import Refused
from taawun.numbers.formatting import digits, fraction_digits
from taawun.quantity import Quantity
from taawun.readings import AS_READ, Numbers, Readings
from taawun.report.claims import slug
from taawun.report.holding import Holding, holding, number_of
from taawun.report.template import fields, stray_braces
from taawun.report.worth import worth

CLAIMS = ["claim", "template", "number", "value", "low", "high", "least", "greatest"]
CLAIMS += ["equivalent_holds", "equivalent_count", "all_holds", "all_count"]
CLAIMS += ["moved_by", "fails_with", "about", "worth_knowing", "worth_share"]


def claims(templates: Iterable[str], known: Numbers) -> pd.DataFrame:
    """One row a sentence that is said with a condition or a chosen word: its number, the value and
    the least and greatest one (as numbers and as written); in how many readings it holds and of
    how many, equivalent ones and all; the choice that moves it most, the options with which alone
    it does not hold, the disputes that it is about; and the figure that it is most worth to know,
    with the share of the number's width that would go, in per cent.
    """
    readings, rows = Readings(known), []
    if unknown := readings.unknown():
        raise Refused(
            f"data/hand/options.csv names {', '.join(unknown)}, which no step has found; accepted: "
            f"names of the ledger, and hedges"
        )
    for template in templates:
        said = [] if stray_braces(template) else fields(template)
        claimed = [field for field in said if field.is_condition or field.is_choice]
        names = {name for field in said for name in field.names}
        published = all(name in known and known[name].known for name in names)
        if claimed and published and all(field.holds(known) for field in claimed):
            rows.append(_row(template, holding(template, readings), known))
    return pd.DataFrame(rows, columns=CLAIMS)


def curve(template: str, known: Numbers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A sentence in each reading of what its number rests on, as a specification curve shows it.
    One row a reading: value, low, high, whether all is as the ledger has it (`used`) and
    whether the sentence holds. And one row an option: its `name`, the choice as `note`, and the
    rows of the readings that take it (`at`). Both are empty for no sentence.
    """
    if not template:
        return pd.DataFrame(), pd.DataFrame()
    readings = Readings(known)
    held, said = holding(template, readings), fields(template)
    field = next(field for field in said if field.name == held.number)
    choices = [choice for choice in readings.choices(field.names) if choice in held.choices]
    rows, taken = [], []
    for reading in readings.each(choices):
        numbers = readings.numbers({n for one in said for n in one.names}, reading)
        quantity = number_of(field)(readings.numbers(field.names, reading))
        if quantity.known:
            whole = all(number.known for number in numbers.values())
            holds = whole and all(one.holds(numbers) for one in said)
            used = all(option == AS_READ for option in reading.values())
            rows.append([quantity.value, quantity.low, quantity.high, used, holds])
            taken.append(reading)
    columns = ["value", "low", "high", "used", "holds"]
    options = [
        [option, choice, [at for at, reading in enumerate(taken) if reading[choice] == option]]
        for choice in choices
        for option in dict.fromkeys(reading[choice] for reading in taken)
    ]
    return (
        pd.DataFrame(rows, columns=columns),
        pd.DataFrame(options, columns=["name", "note", "at"]),
    )


def _row(template: str, held: Holding, known: Numbers) -> list[object]:
    field = next(field for field in fields(template) if field.name == held.number)
    quantity = field.quantity(known)
    ranked = worth(field.names, number_of(field), known)
    most, share = (ranked[0].name, ranked[0].share) if ranked else ("", None)
    return [
        slug(template),
        template,
        held.number,
        quantity.value,
        held.low,
        held.high,
        _written(quantity, held.low),
        _written(quantity, held.high),
        *held.equivalent,
        *held.possible,
        held.moved_by,
        "; ".join(held.fails_with),
        "; ".join(held.about),
        most,
        share,
    ]


def _written(quantity: Quantity, value: float) -> str:
    """A value as a number of that unit is written."""
    exact = replace(quantity, value=value, low=value, high=value)
    return digits(exact, value, "en", fraction_digits(exact))

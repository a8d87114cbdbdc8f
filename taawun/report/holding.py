"""In how many readings of the printed figures a sentence holds, and on what it hangs most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan

from taawun.quantity import Quantity
from taawun.readings import AS_READ, Condition, Numbers, Readings
from taawun.report.template import Field, fields

#: How it is said behind a sentence that holds in all readings, and one that holds in some.
HOLDS = (
    "Holds in {} of {} readings.",
    "Holds in {} of {} equivalent readings, and in {} of {} with all that are possible.",
)
#: How it is said in the card of a number that is not the same in all readings.
SPREAD = "In {} readings of its sources: {}."


@dataclass(frozen=True)
class Holding:
    """In how many readings a sentence holds, and of how many: the equivalent ones, and all with
    those that are merely possible. Least and greatest value of its first number that a choice
    moves, or else of its first number or comparison (how far its left side is above its right);
    the one choice that moves it most; and the options with which, alone, the sentence does not
    hold. Choices whose sides the sentence itself names are left as they are: it is `about` them.
    """

    equivalent: tuple[int, int]
    possible: tuple[int, int]
    number: str
    low: float
    high: float
    moved_by: str
    fails_with: tuple[str, ...]
    choices: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def note(self) -> tuple[str, tuple[int, ...]]:
        """How it is said behind the sentence, and the counts for the braces; nothing where there
        is one reading.
        """
        if self.possible[1] == 1:
            return "", ()
        if self.possible[0] == self.possible[1]:
            return HOLDS[0], self.possible
        return HOLDS[1], self.equivalent + self.possible


def holding(template: str, readings: Readings) -> Holding:
    """What becomes of a sentence that holds, in every reading of what it rests on."""
    said = fields(template)
    names = list(dict.fromkeys(name for field in said for name in field.names))
    about = readings.about(names)
    choices = [choice for choice in readings.choices(names) if choice not in about]
    claimed = [field for field in said if field.is_condition or field.is_choice]
    tests = [_test(field, readings.known) for field in claimed]
    stated = [*(field for field in said if field.states), *claimed]
    moved = (f for f in stated if f.states and set(readings.choices(f.names)).intersection(choices))
    number = next(moved, stated[0])
    spans = {choice: _values(number, readings, [choice]) for choice in choices}
    found = _values(number, readings, choices)
    widest = max(spans, key=lambda choice: max(spans[choice]) - min(spans[choice]), default="")
    moves = widest and max(spans[widest]) > min(spans[widest])
    failing = [
        f"{choice}: {reading[choice]}"
        for choice in choices
        for reading in readings.each([choice])
        if reading[choice] != AS_READ
        and not all(test.holds(readings.numbers(test.names, reading)) for test in tests)
    ]
    return Holding(
        equivalent=readings.count(tests, choices, equivalent=True),
        possible=readings.count(tests, choices),
        number=number.name,
        low=min(found),
        high=max(found),
        moved_by=widest if moves else failing[0].partition(":")[0] if failing else "",
        fails_with=tuple(failing),
        choices=tuple(choices),
        about=about,
    )


def spread(
    name: str, readings: Readings, write: Callable[[Quantity], str]
) -> tuple[int, str, str] | None:
    """How many readings a number has, and the least and the greatest value that it has in one, as
    `write` writes an exact number; None if these are written alike.
    """
    choices = readings.choices([name])
    found = readings.span([name], lambda numbers: numbers[name], choices) if choices else []
    values = [q.value for q in found]
    exact = replace(readings.known[name], qualifier="exact")
    ends = (
        [replace(exact, value=v, low=v, high=v) for v in (min(values), max(values))]
        if values
        else []
    )
    least, most = map(write, ends) if ends else ("", "")
    return (len(values), least, most) if least != most else None


def _test(field: Field, known: Numbers) -> Condition:
    """Whether a condition of a sentence holds, or the word that it chooses is what it is now."""
    word = _word(field, known) if field.is_choice else ""

    def holds(numbers: Numbers) -> bool:
        if not all(quantity.known for quantity in numbers.values()):
            return False
        return field.holds(numbers) and (not field.is_choice or _word(field, numbers) == word)

    return Condition(field.names, holds)


def _word(field: Field, numbers: Numbers) -> str:
    """The word that a field chooses; none where zero is possible and it has no word for it."""
    quantity = field.quantity(numbers)
    try:
        return field.printed(quantity, "en", str)
    except ValueError:
        return ""


def number_of(field: Field) -> Callable[[Numbers], Quantity]:
    """What computes the number of a field, unknown where one that it needs is."""

    def number(numbers: Numbers) -> Quantity:
        unknown = [quantity for quantity in numbers.values() if not quantity.known]
        return unknown[0] if unknown else field.quantity(numbers)

    return number


def _values(field: Field, readings: Readings, choices: Sequence[str]) -> list[float]:
    """The values of a field's number in the readings of some choices; NaN for none at all."""

    found = [q.value for q in readings.span(field.names, number_of(field), choices)]
    return found or [nan]

"""What exercises ask: whether an answer is right, told in a sentence from the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from taawun.formula import needs
from taawun.ledger import Ledger
from taawun.numbers.__main__ import RULES
from taawun.paths import PROCESSED
from taawun.quantity import Quantity
from taawun.readings import Readings
from taawun.report.holding import holding
from taawun.report.prose import Prose
from taawun.report.template import Field, fields
from taawun.tables import read_made

#: What stands for an answer that nobody has given yet.
OPEN = ...
IN_DIGITS = "write it in digits, such as 12_500, without a comma between thousands"
THOUSAND = "the words say a thousand times as many"
BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f.,'’٬،](?=(?:\d{3}\D?)*\d{3}$)")


@dataclass(frozen=True)
class Answer:
    """Whether an exercise is solved, and why, in a sentence."""

    right: bool
    sentence: str

    def __repr__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"

    def _repr_markdown_(self) -> str:
        return f"**{'Right' if self.right else 'Not yet'}:** {self.sentence}"


class Check:
    """Answers from the ledger of one text, and from the printed words below it. A number may be
    given as one of any kind, as a quantity, or as text, in the digits of any script.
    """

    def __init__(self, say: Prose) -> None:
        self.say = say

    def reading(self, name: str, value: Any, low: Any, high: Any) -> Answer:
        """Whether a figure's words were read as the project reads them: best value, least, most."""
        figure = self.say[name]
        mine = {"value": value, "low": low, "high": high}
        words = f"«{self._words(name)}»"
        if any(number is OPEN for number in mine.values()):
            return Answer(False, f"{words} waits for a value, a least and a most.")
        read = {end: _number(number) for end, number in mine.items()}
        if odd := [end for end, number in read.items() if number is None]:
            return Answer(False, f"{odd[0]} is {mine[odd[0]]!r}, and no number: {IN_DIGITS}.")
        ends = {end: getattr(figure, end) for end in mine}
        wrong = [f"{end} is not {read[end]:,.12g}" for end in mine if read[end] != ends[end]]
        if wrong:
            is_small = ends == {end: 1000 * (number or 0) for end, number in read.items()}
            hint = THOUSAND if is_small else RULES.get(figure.qualifier, "no word opens the digits")
            return Answer(False, f"in {words} {', '.join(wrong)}; {hint}.")
        return Answer(True, f"{words} is {self._ends(figure)}: {self._who(name)}.")

    def turns(self, condition: str, step: float = 0, **ends: Any) -> Answer:
        """Whether a condition fails once figures, by name, have other upper ends, and still holds
        if these are a step lower.
        """
        said = condition.strip("{}").removesuffix(":if")
        changed = {}
        for name, mine in ends.items():
            printed, high = self.say[name], _number(mine)
            if high is None:
                return Answer(False, f"{mine!r} is no number: {IN_DIGITS}.")
            if not high >= printed.value:
                is_small = 100 * high < printed.value <= 1000 * high
                hint = THOUSAND if is_small else "an upper end is not below what is printed"
                return Answer(False, f"{high:,.12g}: {hint}, {self._who(name)}.")
            changed[name] = replace(printed, high=high)
        less = {name: _lower(quantity, step) for name, quantity in changed.items()}
        is_met, _ = self._outcome(condition, {})
        if not is_met:
            return Answer(False, f"{said} does not hold as printed.")
        is_met, told = self._outcome(condition, changed)
        if is_met:
            return Answer(False, f"{told}: {said} still holds.")
        is_met, told_less = self._outcome(condition, less)
        if step and not is_met:
            return Answer(False, f"{said} fails with less, too: {told_less}.")
        return Answer(True, f"{told}: {said} does not hold any more.")

    def prediction(self, mine: Any, name: str, **taken: str) -> Answer:
        """Whether a number was foretold that follows when a choice is made otherwise; `taken` is
        choice=option, as in the table of options, with _ for blanks.
        """
        readings = Readings(self.say.ledger)
        taken = {choice.replace("_", " "): option for choice, option in taken.items()}
        unknown = [choice for choice in taken if choice not in readings.options]
        if unknown:
            known = ", ".join(readings.options)
            return Answer(False, f"there is no choice «{unknown[0]}»; there are {known}.")
        found = readings.number(name, taken)
        printed, number = f"as printed {name} is {self._who(name)}", _number(mine)
        if mine is OPEN:
            return Answer(False, f"{printed}; what it is otherwise waits for your number.")
        if number is None:
            return Answer(False, f"{mine!r} is no number: {IN_DIGITS}.")
        if found.low <= number <= found.high:
            return Answer(True, f"{printed}, and {self._ends(found)} otherwise.")
        hint = "it is not what follows"
        if found.low <= -number <= found.high:
            hint = "the amount follows, but with the other sign"
        if found.low <= 1000 * number <= found.high:
            hint = THOUSAND
        return Answer(False, f"{number:,.12g}: {hint}; {printed}.")

    def holds(self, condition: str, **numbers: Quantity) -> Answer:
        """Whether a condition holds of numbers that were computed here, under the names given."""
        if unknown := [name for name, quantity in numbers.items() if not quantity.known]:
            return Answer(
                False, f"{' and '.join(unknown)} cannot be told: it takes a count on either side."
            )
        told = f"{condition.strip('{}').removesuffix(':if')}, where {self._told(numbers)}"
        is_met = all(field.holds(numbers) for field in fields(condition))
        return Answer(is_met, f"{told}: it {'holds' if is_met else 'does not hold'}.")

    def copied(self, *names: str) -> dict[str, int]:
        """Numbers by name as they are printed, but for one, in which two digits change places."""
        numbers = {name: round(self.say[name].value) for name in names}
        one = names[len(names) // 2]
        digits = str(numbers[one])
        return numbers | {one: int(digits[0] + digits[2] + digits[1] + digits[3:])}

    def mistake(self, suspect: Any, copied: Mapping[str, float]) -> Answer:
        """Whether a number in a copied table is the one that is not as printed: by its name or what
        only its name holds, or by itself as it is copied or as it is printed.
        """
        named = self._meant(suspect, copied)
        if len(named) != 1:
            return Answer(False, f"name one of {', '.join(copied)}, between quotation marks.")
        right, number = self.say[named[0]], copied[named[0]]
        if right.low <= number <= right.high:
            return Answer(False, f"{number:,.0f} is as printed: {self._who(named[0])}.")
        return Answer(True, f"not {number:,.0f} but {self._who(named[0])}.")

    def survives(self, template: Any) -> Answer:
        """Whether a sentence that claims something holds in every reading of what it rests on,
        and whether there is more than one.
        """
        if not isinstance(template, str):
            return Answer(False, f"{template!r} is no sentence; write one in quotation marks.")
        if not any(field.is_condition or field.is_choice for field in fields(template)):
            return Answer(False, "it claims nothing: there is neither a condition nor a choice.")
        if not self.say.can_say(template):
            return Answer(False, "it does not even hold as printed.")
        if not self.say.plain(template).strip():
            return Answer(False, "there is a condition, but no words.")
        if not any(self._compares(field) for field in fields(template)):
            return Answer(False, "it compares no two numbers, so that it can hardly be wrong.")
        found = holding(template, Readings(self.say.ledger))
        good, every = found.possible
        if every == 1:
            return Answer(False, "nothing that it rests on can be read in two ways.")
        if good < every:
            told = "; ".join(found.fails_with) or "several choices together"
            return Answer(False, f"it holds in {good} of {every} readings, not with {told}.")
        told = "both" if every == 2 else f"all {every}"
        return Answer(True, f"«{self.say.plain(template)}» holds in {told} readings.")

    def _outcome(self, condition: str, changed: Mapping[str, Quantity]) -> tuple[bool, str]:
        """Whether conditions hold, all that rests on what was changed computed anew; and what was
        changed, and what it comes to.
        """
        rows = [
            {"choice": "here", "option": "changed", "status": "", "name": name, "stands_for": new}
            for name, new in ((name, f"{name}__changed") for name in changed)
        ]
        known = dict(self.say.ledger) | {f"{name}__changed": q for name, q in changed.items()}
        readings = Readings(known, rows)
        said: list[Field] = fields(condition)
        names = {name for field in said for name in field.names}
        numbers = readings.numbers(names, {"here": "changed"} if changed else {})
        told = f"where {self._told(changed)}, {self._told(numbers)}"
        return all(field.holds(numbers) for field in said), told

    def _meant(self, suspect: Any, copied: Mapping[str, float]) -> list[str]:
        """The names in a copied table that an answer can mean."""
        number = _number(suspect)
        if found := [name for name in copied if number in (copied[name], self.say[name].value)]:
            return found
        text = suspect.id if isinstance(suspect, Quantity) else str(suspect)
        return [name for name in copied if re.sub(r"\W+", "_", text.strip().lower()) in name]

    def _compares(self, field: Field) -> bool:
        """Whether a field depends on how two numbers lie, or on which side of zero a change is."""
        if not field.is_condition and len(set(field.form.split("|"))) == 1:
            return False
        if len(field.sides) > 1 and "0" not in field.sides:
            left, right = map(needs, field.sides[::2])
            return bool(left and right) and set(left).isdisjoint(right)
        below = self.say.claims.readings.lineage(field.names)
        return any(re.search(r"since\(| - ", self.say[part].formula) for part in below)

    def _words(self, name: str) -> str:
        return str(self.say.figures[self.say.ledger.figure_id(name)]["as_printed"])

    def _who(self, name: str) -> str:
        """Whose words a number is, or its arithmetic, in a line without links."""
        line = repr(self.say.who(name)).partition("\n")[0]
        return re.sub(r"\[([^]]+)\]\(#n-\w+\)", r"\1", line)

    def _told(self, numbers: Mapping[str, Quantity]) -> str:
        return ", ".join(f"{name} is {self._ends(quantity)}" for name, quantity in numbers.items())

    def _ends(self, quantity: Quantity) -> str:
        """A number and its bounds, in digits."""
        low, value, high = (
            f"{end:,.5g}" if abs(end) < 1000 else f"{end:,.0f}"
            for end in (quantity.low, quantity.value, quantity.high)
        )
        return value if low == high else f"{value} ({low} to {high})"


def begin() -> tuple[Ledger, Prose, Check]:
    """The ledger of the report as its notebooks left it, what says sentences with its numbers, and
    what checks answers.
    """
    ledger = Ledger.read(*sorted(PROCESSED.glob("[0-9][0-9]-ledger.csv")))
    (figures,) = PROCESSED.glob("[0-9][0-9]-figures.csv")
    say = Prose(ledger, read_made(figures))
    return ledger, say, Check(say)


def _number(mine: Any) -> float | None:
    """An answer as a number: of a quantity its value, of text what its digits say, with anything
    usual between thousands; None for what is no number.
    """
    mine = mine.value if isinstance(mine, Quantity) else mine
    if isinstance(mine, str):
        mine = BETWEEN_THOUSANDS.sub("", mine.replace("−", "-").strip())
    if isinstance(mine, bool):
        return None
    try:
        return float(mine)
    except (TypeError, ValueError):
        return None


def _lower(quantity: Quantity, step: float) -> Quantity:
    """A quantity whose upper end is a step lower, and nothing in it above that."""
    high = quantity.high - step
    low, value = min(quantity.low, high), min(quantity.value, high)
    return replace(quantity, low=low, value=value, high=high)

"""What exercises ask: whether an answer is right, told in a sentence from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from taawun.quantity import Quantity
from taawun.readings import Readings
from taawun.report.holding import holding
from taawun.report.prose import Prose
from taawun.report.template import Field, fields

#: What stands for an answer that nobody has given yet.
OPEN = ...


@dataclass(frozen=True)
class Answer:
    """Whether an exercise is solved, and why, in a sentence."""

    right: bool
    sentence: str

    def __repr__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"

    def _repr_markdown_(self) -> str:
        return f"**{'Right' if self.right else 'Not yet'}.** {self.sentence}"


class Check:
    """Answers from the ledger of one text, and from the printed words below it."""

    def __init__(self, say: Prose) -> None:
        self.say = say

    def reading(self, name: str, value: Any, low: Any, high: Any) -> Answer:
        """Whether a figure's words were read as the project reads them: best value, least, most."""
        figure = self.say[name]
        mine = {"value": value, "low": low, "high": high}
        if OPEN in mine.values():
            return Answer(False, f"«{self._words(name)}» waits for a value, a least and a most.")
        wrong = [end for end, number in mine.items() if number != getattr(figure, end)]
        if wrong:
            told = ", ".join(f"{end} is not {mine[end]:,}" for end in wrong)
            hint = f"the words are hedged as «{figure.qualifier}»"
            return Answer(False, f"in «{self._words(name)}» {told}; {hint}.")
        said = f"«{self._words(name)}» is {self._ends(figure)}"
        return Answer(True, f"{said}. {self.say.who(name)!r}")

    def turns(self, condition: str, step: float = 0, **changed: Quantity) -> Answer:
        """Whether a condition fails once figures have other bounds, and still holds if their upper
        ends are a step lower.
        """
        if not self._holds(condition, {}):
            return Answer(False, f"{condition} does not hold as printed.")
        if self._holds(condition, changed):
            return Answer(False, f"with {self._told(changed)} {condition} still holds.")
        less = {name: replace(q, high=q.high - step) for name, q in changed.items()}
        if step and not self._holds(condition, less):
            return Answer(False, f"{condition} fails with less, too: with {self._told(less)}.")
        return Answer(True, f"with {self._told(changed)} {condition} does not hold any more.")

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
        printed, other = self._ends(self.say[name]), self._ends(found)
        if mine is OPEN:
            return Answer(
                False, f"{name} is {printed} as printed, and otherwise is to be foretold."
            )
        if abs(mine - found.value) > 0.5:
            return Answer(False, f"{mine:,} is not what follows; it is {printed} as printed.")
        return Answer(True, f"{name} is {printed} as printed, and {other} otherwise.")

    def holds(self, condition: str, **numbers: Quantity) -> Answer:
        """Whether a condition holds of numbers that were computed here, under the names given."""
        told = f"{condition}, with {self._told(numbers)}"
        is_met = all(field.holds(numbers) for field in fields(condition))
        return Answer(is_met, f"{told}: it {'holds' if is_met else 'does not hold'}.")

    def mistake(self, suspect: Any, copied: Mapping[str, float]) -> Answer:
        """Whether a number in a copied table is the one that is not as printed."""
        if suspect not in copied:
            return Answer(False, f"name one of {', '.join(copied)}.")
        right = self.say[suspect]
        if right.low <= copied[suspect] <= right.high:
            return Answer(False, f"{copied[suspect]:,.0f} is as printed: {self.say.who(suspect)!r}")
        return Answer(True, f"not {copied[suspect]:,.0f} but {self.say.who(suspect)!r}")

    def survives(self, template: str) -> Answer:
        """Whether a sentence that claims something holds in every reading of what it rests on,
        and whether there is more than one.
        """
        if not any(field.is_condition or field.is_choice for field in fields(template)):
            return Answer(False, "it claims nothing: there is neither a condition nor a choice.")
        if not self.say.can_say(template):
            return Answer(False, "it does not even hold as printed.")
        found = holding(template, Readings(self.say.ledger))
        good, every = found.possible
        if every == 1:
            return Answer(False, "nothing that it rests on can be read in two ways.")
        if good < every:
            told = "; ".join(found.fails_with) or "several choices together"
            return Answer(False, f"it holds in {good} of {every} readings, not with {told}.")
        return Answer(True, f"«{self.say.plain(template)}» holds in all {every} readings.")

    def _holds(self, condition: str, changed: Mapping[str, Quantity]) -> bool:
        """Whether conditions hold, all that rests on what was changed computed anew."""
        rows = [
            {"choice": "here", "option": "changed", "status": "", "name": name, "stands_for": new}
            for name, new in ((name, f"{name}__changed") for name in changed)
        ]
        known = dict(self.say.ledger) | {f"{name}__changed": q for name, q in changed.items()}
        readings = Readings(known, rows)
        said: list[Field] = fields(condition)
        names = {name for field in said for name in field.names}
        taken = {"here": "changed"} if changed else {}
        numbers = readings.numbers(names, taken)
        return all(field.holds(numbers) for field in said)

    def _words(self, name: str) -> str:
        return str(self.say.figures[self.say.ledger.figure_id(name)]["as_printed"])

    def _told(self, numbers: Mapping[str, Quantity]) -> str:
        return ", ".join(f"{name} {self._ends(quantity)}" for name, quantity in numbers.items())

    def _ends(self, quantity: Quantity) -> str:
        """A number and its bounds, in digits."""
        low, value, high = (
            f"{end:,.5g}" if abs(end) < 1000 else f"{end:,.0f}"
            for end in (quantity.low, quantity.value, quantity.high)
        )
        return value if low == high else f"{value} ({low} to {high})"

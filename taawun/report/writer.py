"""Templates, filled with the numbers of a ledger in the language of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from taawun.ledger import Ledger, UnknownName
from taawun.locales import TRANSLATED
from taawun.messages import Refused
from taawun.numbers.formatting import BETWEEN, FORMS, HEDGES, PER_CENT, in_prose
from taawun.quantity import Quantity
from taawun.report.claims import Claims, refuse
from taawun.report.holding import SPREAD, spread
from taawun.report.template import Field, fields, filled, worded
from taawun.report.translation import interface, is_translated, translate, typeset
from taawun.report.worth import Worth, labelled, worth

_ALONE = re.compile(r"\*\*\{[^{}]*\}\*\*")


class Writer:
    """Fills templates; `used` names the quantities that were stated so far, and `messages` all that
    was to be translated, both in order.
    """

    def __init__(self, ledger: Mapping[str, Quantity], language: str = "en"):
        self.ledger = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
        self.language = language
        self.used: dict[str, None] = {}
        self.messages: dict[str, None] = {}
        self.claims = Claims(self.ledger, language)
        self._worth: dict[str, list[Worth]] = {}

    def __getitem__(self, name: str) -> Quantity:
        return self.ledger[name]

    def stated(self, field: Field) -> Quantity:
        """The quantity that a field prints; UnknownName for a printed id that has a name."""
        for name in field.names:
            if self[name].id != name:
                raise UnknownName(name, [self[name].id])
        return field.quantity(self.ledger)

    def can_say(self, template: str) -> bool:
        """Whether all numbers of the template had been published and its conditions hold;
        UnknownName if a number does not exist at all.
        """
        said = fields(template)
        quantities = [self.stated(field) for field in said]
        known = all(quantity.known for quantity in quantities)
        self.claims.note(template, said, self.ledger, known)
        return known and all(
            field.holds(self.ledger) and (not field.is_rank or self.loosest(field.name))
            for field in said
        )

    def link(self, template: str) -> str:
        """The template in the language of the text as Markdown, each number linked to its entry; a
        number that is set in bold by itself keeps its sign.
        """
        said = self.sentence(template)
        said = _ALONE.sub(lambda found: self.fill(found[0], self.marked), said)
        return self.fill(said, self.linked)

    def plain(self, template: str) -> str:
        """The template in the language of the text, for titles and alternative texts."""
        return self.fill(self.sentence(template), self.number)

    def text(self, template: str) -> str:
        """The template in the language of the text, its fields still open, without conditions."""
        message = worded(template)
        self.messages[message] = None
        return typeset(translate(message, self.language))

    def name(self, words: str) -> str:
        """A name or a remark in the language of the text if a catalogue has it, else as it is, but
        typeset.
        """
        if any(is_translated(words, language) for language in TRANSLATED):
            self.messages[words] = None
        known = is_translated(words, self.language)
        return typeset(interface(words, self.language) if known else words)

    def sentence(self, template: str) -> str:
        """The same of a sentence, a title or a caption; ValueError if it states a direction, a
        degree or a rank and no condition.
        """
        text = self.text(template)
        refuse(template, text, self.language)
        return text

    def sureness(self, template: str) -> str:
        """A note behind a claim: in how many readings it holds. Empty where there is but one."""
        found = self.claims.holding(template)
        words, counts = found.note if found else ("", ())
        return f" *{self.text(words).format(*counts)}*" if words else ""

    def spread(self, quantity: Quantity) -> str:
        """Between which values a number is in its readings; empty if it is the same in all."""
        found = spread(quantity.id, self.claims.readings, self.number) if quantity.known else None
        if not found:
            return ""
        return self.text(SPREAD).format(found[0], self.text(BETWEEN).format(*found[1:]))

    def number(self, quantity: Quantity, form: str = "") -> str:
        """A quantity as the text writes it, its hedge in the language of the text; in the form of
        its field, what it is about or at least.
        """
        hedges = {name: self.text(words) for name, words in HEDGES.items()}
        return FORMS[form](quantity, self.language, self.text(BETWEEN), hedges)

    def linked(self, quantity: Quantity, form: str = "") -> str:
        """A quantity in a sentence as Markdown, linked to its entry in the annex."""
        said = in_prose(self.number(quantity, form), interface(PER_CENT, self.language))
        return f"[{said}](#n-{quantity.id})"

    def marked(self, quantity: Quantity, form: str = "") -> str:
        """The same in a table or a formula, where per cent is a sign in every language."""
        return f"[{self.number(quantity, form)}](#n-{quantity.id})"

    def loosest(self, name: str) -> list[Worth]:
        """What it is worth to know the figures below a number, the most first."""
        if name not in self._worth:
            self._worth[name] = worth([name], lambda numbers: numbers[name], self.ledger)
        return self._worth[name]

    def _told(self, name: str, number: Callable[..., str]) -> str:
        """What is most worth to know for a number, by label and month, linked where numbers are."""
        if not self.loosest(name):
            raise Refused(f"{{{name}:loosest}}: nothing below it leaves room or is disputed")
        figure = self[self.loosest(name)[0].name]
        self.used[figure.id] = None
        words = labelled(self.text(figure.label), figure.date, self.language)
        return f"[{words}](#n-{figure.id})" if number in (self.linked, self.marked) else words

    def fill(self, text: str, number: Callable[..., str]) -> str:
        """The text with its fields filled, each number as `number` writes it."""

        def write(field: Field) -> str:
            quantity = self.stated(field)
            if field.is_rank:
                return self._told(field.name, number)
            if field.states:
                self.used[quantity.id] = None
            return field.printed(quantity, self.language, number)

        return filled(text, write)

"""Templates: sentences with fields in braces, each of which prints something of a quantity.

{name}                          its number, linked to its entry in the annex
{name:if}                       nothing: the sentence stands only if it had been published
{name:date}                     month and year of its reference date
{name:rose|fell}                the word for its sign; an error where zero is possible
{name:rose|did not change|fell} the same, with a word for where zero is possible
{name:one=day;other=days}       the word for its plural category (zero, one, two, few, many)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from taawun.numbers.formatting import month, plural
from taawun.quantity import Quantity

_FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<form>[^{}]+))?\}")
_LETTER = re.compile(r"[^\W\d_]")
_FORM = re.compile(
    r"if|date|[^|=]*\|[^|=]*(?:\|[^|=]*)?|(?:(?:zero|one|two|few|many)=[^=;]*;)*other=[^=;]*|"
)


@dataclass(frozen=True)
class Field:
    """One field of a template: the name of a quantity, and the form in which it is printed.

    Raises ValueError for a form that is none of those above.
    """

    name: str
    form: str = ""

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.form):
            raise ValueError(
                f"{{{self.name}:{self.form}}}: there is no form «{self.form}»; accepted: if, date, "
                f"two or three words as in rose|fell, or one=day;other=days"
            )

    @property
    def states(self) -> bool:
        """Whether it says what the number is, in digits or as a direction."""
        return self.form not in ("if", "date") and "=" not in self.form

    def printed(self, quantity: Quantity, language: str, number: Callable[[Quantity], str]) -> str:
        """What it prints for the quantity that it names; `number` writes a number."""
        match self.form:
            case "":
                return number(quantity)
            case "if":
                return ""
            case "date":
                return month(quantity.date, language)
        return self._plural(quantity, language) if "=" in self.form else self._direction(quantity)

    def _plural(self, quantity: Quantity, language: str) -> str:
        forms = dict(form.split("=") for form in self.form.split(";"))
        return forms.get(plural(quantity, language), forms["other"])

    def _direction(self, quantity: Quantity) -> str:
        up, *same, down = self.form.split("|")
        if not quantity.low <= 0 <= quantity.high:
            return up if quantity.value > 0 else down
        if not same:
            raise ValueError(
                f"{quantity.id} may be zero, so that neither «{up}» nor «{down}» is sure; "
                f"accepted: {{{quantity.id}:{up}|a word for no change|{down}}}"
            )
        return same[0]


def fields(template: str) -> list[Field]:
    """The fields of a template, in order; ValueError for braces that look like one and are none."""
    if braces := stray_braces(template):
        raise ValueError(
            f"«{braces}» looks like a field and is none; accepted: a name in braces, nothing else"
        )
    return [Field(found["name"], found["form"] or "") for found in _FIELD.finditer(template)]


def filled(template: str, write: Callable[[Field], str]) -> str:
    """The template with each field as `write` writes it; ValueError as in `fields`."""
    fields(template)
    return _FIELD.sub(lambda found: write(Field(found["name"], found["form"] or "")), template)


def stray_braces(template: str) -> str:
    """The first braces of a template that are no field, such as {Q06 }; empty if there are none.

    What the package fills in itself is none either: {} for a number, {:one=day;other=days} for the
    plural forms of a unit.
    """
    left = re.sub(r"\{(?::[^{}]*=[^{}]*)?\}", "", _FIELD.sub("…", template))
    found = re.search(r"\{[^{}\n]{0,20}\}?|\}", left)
    return found[0] if found else ""


def has_words(template: str) -> bool:
    """Whether there is anything to translate beside the fields."""
    return bool(_LETTER.search(_FIELD.sub("", template)))

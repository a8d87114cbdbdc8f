"""Templates: sentences with fields in braces, each of which prints something of a quantity.

{name}                          its number, linked to its entry in the annex
{name:about}                    the same to two significant digits: about 2,500
{name:least}                    the least that it can be: at least 5.6%
{name:if}                       nothing: the sentence stands only if it had been published
{name:date}                     month and year of its reference date
{name:since}                    month and year in which its reference period begins
{name:loosest}                  what it is most worth to know: the figure below it without whose
                                room and rivals it would be narrowest, by its label and month
{name:rose|fell}                the word for its sign; an error where zero is possible
{name:rose|did not change|fell} the same, with a word for where zero is possible
{name:one=day;other=days}       the word for its plural category (zero, one, two, few, many)
{a > 2 * b:if}                  nothing: the sentence stands only if this holds wherever the true
                                values lie within their bounds; also >=, <, <=, == (both exact and
                                the same), ~ (one value can lie in both), !~ (none can)
{a ? b:more than|fewer than}    the word for the sign of a - b, as for the sign of one number
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite

from taawun.formula import evaluate, needs
from taawun.messages import Refused
from taawun.numbers.formatting import month, plural
from taawun.quantity import Quantity, difference

_SIDE = r"[\w(](?:[\w .,*/()+-]*[\w)])?"
_COMPARISON = rf"{_SIDE} (?:>=|<=|==|!~|[<>~?]) {_SIDE}"
_FIELD = re.compile(rf"\{{(?P<name>\w+|{_COMPARISON})(?::(?P<form>[^{{}}]+))?\}}")
_CONDITION = re.compile(rf"\{{{_COMPARISON}:if\}}")
_SIGN = re.compile(r" (>=|<=|==|!~|[<>~?]) ")
_LETTER = re.compile(r"[^\W\d_]")
_FORM = re.compile(
    r"if|date|since|about|least|loosest|[^|=]*\|[^|=]*(?:\|[^|=]*)?|"
    r"(?:(?:zero|one|two|few|many)=[^=;]*;)*other=[^=;]*|"
)


@dataclass(frozen=True)
class Field:
    """One field of a template: the name of a quantity or a comparison of two, and the form in which
    it is printed.

    Raises ValueError for a form that is none of those above.
    """

    name: str
    form: str = ""

    def __post_init__(self) -> None:
        sign = _SIGN.search(self.name)
        if sign and not (self.is_choice if sign[1] == "?" else self.form == "if"):
            raise Refused(
                f"{{{self.name}:{self.form}}} is no comparison; accepted: {{a > b:if}}, or two or "
                f"three words as in {{a ? b:more than|fewer than}}"
            )
        if not _FORM.fullmatch(self.form):
            raise Refused(
                f"{{{self.name}:{self.form}}}: there is no form «{self.form}»; accepted: if, date, "
                f"since, about, least, loosest, two or three words as in rose|fell, or "
                f"one=day;other=days"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the quantities on which it rests."""
        return needs(_SIGN.sub(" + ", self.name))

    @property
    def sides(self) -> list[str]:
        """Its left side, its sign and its right side; of a number only the name."""
        return _SIGN.split(self.name)

    @property
    def states(self) -> bool:
        """Whether it says what one number is, in digits or as a direction."""
        return (
            self.name.isidentifier()
            and self.form not in ("if", "date", "since", "loosest")
            and "=" not in self.form
        )

    @property
    def is_condition(self) -> bool:
        """Whether the sentence stands only if a comparison holds."""
        return self.form == "if" and not self.name.isidentifier()

    @property
    def is_rank(self) -> bool:
        """Whether it prints what comes first among the figures below."""
        return self.form == "loosest"

    @property
    def is_choice(self) -> bool:
        """Whether it chooses among words by a sign."""
        return "|" in self.form

    def holds(self, quantities: Mapping[str, Quantity]) -> bool:
        """Whether its comparison holds whatever the true values are; True for any other field."""
        if not self.is_condition:
            return True
        gap, sign = self.quantity(quantities), _SIGN.split(self.name)[1]
        return {
            ">": gap.low > 0,
            ">=": gap.low >= 0,
            "<": gap.high < 0,
            "<=": gap.high <= 0,
            "==": gap.low == gap.high == 0,
            "~": gap.low <= 0 <= gap.high,
            "!~": not gap.low <= 0 <= gap.high,
        }[sign]

    def quantity(self, quantities: Mapping[str, Quantity]) -> Quantity:
        """The quantity that it names; of a comparison how far its left side is above its right."""
        left, *right = _SIGN.split(self.name)[::2]
        if not right:
            return quantities[left]
        sides = [evaluate(side, quantities) for side in (left, *right)]
        for i, side in enumerate((left, *right)):
            if not needs(side):  # a plain number counts what the other side counts
                sides[i] = replace(sides[i], unit=sides[1 - i].unit)
        gap = difference(*sides)
        ends = [abs(end) for side in sides for end in (side.value, side.low, side.high)]
        slack = 1e-9 * max(filter(isfinite, ends), default=0.0)
        value, low, high = (
            0.0 if abs(end) <= slack else end for end in (gap.value, gap.low, gap.high)
        )
        return replace(gap, value=value, low=low, high=high, id=f"{left} - {right[0]}")

    def printed(self, quantity: Quantity, language: str, number: Callable[..., str]) -> str:
        """What it prints for the quantity that it names; `number` writes a number in the form that
        it is given: "about", "least" or none.
        """
        match self.form:
            case "" | "about" | "least":
                return number(quantity, self.form)
            case "if":
                return ""
            case "date":
                return month(quantity.date, language)
            case "since":
                return month(str(quantity.period.first) if quantity.period else "", language)
        return self._plural(quantity, language) if "=" in self.form else self._direction(quantity)

    def _plural(self, quantity: Quantity, language: str) -> str:
        forms = dict(form.split("=") for form in self.form.split(";"))
        return forms.get(plural(quantity, language), forms["other"])

    def _direction(self, quantity: Quantity) -> str:
        up, *same, down = self.form.split("|")
        if not quantity.low <= 0 <= quantity.high:
            return up if quantity.value > 0 else down
        if not same:
            raise Refused(
                f"{quantity.id} may be zero, so that neither «{up}» nor «{down}» is sure; "
                f"accepted: {{{quantity.id}:{up}|a word for no change|{down}}}"
            )
        return same[0]


def bare(template: str) -> str:
    """The words of a template outside its fields."""
    return _FIELD.sub("", template)


def worded(template: str) -> str:
    """The template without its comparisons that print nothing, as catalogues have it: they hold in
    every language.
    """
    return _CONDITION.sub("", template)


def fields(template: str) -> list[Field]:
    """The fields of a template, in order; ValueError for braces that look like one and are none,
    and for what is no text.
    """
    if not isinstance(template, str):
        raise Refused(f"{template!r} is no sentence; accepted: text in quotation marks")
    if braces := stray_braces(template):
        raise Refused(
            f"«{braces}» looks like a field and is none; accepted: a name in braces and nothing "
            f"else, or a comparison with blanks around its sign alone, such as {{a > b:if}}"
        )
    return [Field(found["name"], found["form"] or "") for found in _FIELD.finditer(template)]


def filled(template: str, write: Callable[[Field], str]) -> str:
    """The template with each field as `write` writes it; ValueError as in `fields`."""
    fields(template)
    return _FIELD.sub(lambda found: write(Field(found["name"], found["form"] or "")), template)


def pieces(template: str) -> list[str | Field]:
    """A template in order: the text between fields, which may be empty, and the fields."""
    found: list[str | Field] = []
    end = 0
    for match in _FIELD.finditer(template):
        found += [template[end : match.start()], Field(match["name"], match["form"] or "")]
        end = match.end()
    return [*found, template[end:]]


def asked(template: str) -> set[str]:
    """What a template asks for, as a translation has to: the names of its quantities, and apart
    from them those whose sign chooses words.
    """
    return {f"{field.name}:|" if field.is_choice else field.name for field in fields(template)}


def stray_braces(template: str) -> str:
    """The first braces of a template that are no field, such as {Q06 }; empty if there are none.

    What the package fills in itself is none either: {} for a number, {:one=day;other=days} for the
    plural forms of a unit.
    """
    left = re.sub(r"\{(?::[^{}]*=[^{}]*)?\}", "", _FIELD.sub("…", template))
    found = re.search(r"\{[^{}\n]{0,80}\}?|\}", left)
    return found[0] if found else ""


def has_words(template: str) -> bool:
    """Whether there is anything to translate beside the fields."""
    return bool(_LETTER.search(bare(template)))

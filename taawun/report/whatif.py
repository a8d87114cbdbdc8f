"""What a page needs to answer "and if that number were another?" by itself: all numbers with their
arithmetic, and all that could stand in the place of each sentence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from babel import Locale

from taawun import units
from taawun.formula import needs, parse
from taawun.locales import LOCALES
from taawun.numbers.formatting import BETWEEN, HEDGES, PER_CENT
from taawun.quantity import Quantity
from taawun.readings import RULES, Readings, typed
from taawun.report.holding import HOLDS
from taawun.report.template import Field, fields, pieces
from taawun.report.translation import interface
from taawun.units import PERCENT, RATIO

if TYPE_CHECKING:
    from taawun.report.writer import Writer

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
#: A number, a name, or an operation and what it is done to.
Tree = Any


class WhatIf:
    """The blocks of sentences that a text says, in order, each once."""

    def __init__(self, say: Writer) -> None:
        self.say = say
        self._alternatives: dict[str, tuple[str, ...]] = {}
        self._blocks: dict[str, tuple[str, list[tuple[str, ...]]]] = {}

    def chose(self, template: str, alternatives: Iterable[str]) -> None:
        """Remember among which templates this one was the first that could be said."""
        self._alternatives[template] = tuple(alternatives)

    def note(self, kind: str, said: str, templates: Sequence[str]) -> None:
        """Keep what was said as one block (a paragraph "p", a "list", one of "headlines" or a line
        ""), and the templates that it may be said of, those included that do not hold.
        """
        open_ = [self._alternatives.get(template, (template,)) for template in templates]
        if said and any(fields(text) for some in open_ for text in some):
            self._blocks.setdefault(said, (kind, open_))

    def bundle(self) -> dict[str, Any]:
        """Blocks as (kind, what is said, for each sentence its alternatives as pieces and
        conditions); quantities by name; the printed figures that options name beside another; and
        how the language writes numbers.
        """
        blocks = [
            [kind, said, [[self._compiled(text) for text in some] for some in sentences]]
            for said, (kind, sentences) in self._blocks.items()
        ]
        said = [text for _, (_, open_) in self._blocks.items() for some in open_ for text in some]
        stated = [name for text in said for field in fields(text) for name in field.names]
        # What options put in the place of a number counts as below it.
        names = sorted(self.readings.lineage([*stated, *self.say.used], changed=True))
        others = {
            row["name"]: row["stands_for"]
            for row in typed()
            if row["name"] in names and row["stands_for"] in self.say.ledger
        }
        return {
            "blocks": blocks,
            "numbers": {name: self._number(self.say[name]) for name in names},
            "others": {
                name: [self.say.number(self.say[other]), f"{self.say[other].value:.15g}"]
                for name, other in others.items()
                if self.say[other].known
            },
            "readings": {choice: self._options(choice) for choice in self.readings.options},
            "signs": self._signs(),
        }

    @property
    def readings(self) -> Readings:
        """The readings of the text's numbers."""
        return self.say.claims.readings

    def _options(self, choice: str) -> list[Any]:
        """The options of a choice: whether each is equivalent, and what it puts in which place."""
        options = self.readings.options[choice]
        return [
            [options[name].equivalent, {part: self._taken(text) for part, text in changed.items()}]
            for name in self.readings.open(choice)
            for changed in [options[name].changes]
        ]

    def _taken(self, text: str) -> Tree:
        return text if text in RULES else self._tree(parse(text))[0]

    def _compiled(self, template: str) -> list[Any]:
        """What a template says, piece by piece, its conditions and the choices below it; nothing of
        one that rests on numbers which had not been published.
        """
        said = fields(template)
        names = [name for field in said for name in field.names]
        ranked = [field.name for field in said if field.is_rank]
        if not (all(self.say[name].known for name in names) and all(map(self.say.loosest, ranked))):
            return []
        about = self.readings.about(names)
        text = pieces(self.say.text(template))
        return [
            [piece if isinstance(piece, str) else self._piece(piece) for piece in text],
            [self._compared(field) for field in said if field.is_condition],
            [choice for choice in self.readings.choices(names) if choice not in about],
        ]

    def _piece(self, field: Field) -> Any:
        """A field: [name, form] for a number, a text for what does not move with it, else the
        gap that decides and the words to choose from.
        """
        match field.form:
            case "if":
                return ""
            case "loosest":  # what it is worth to know is not asked anew
                return self.say.fill(f"{{{field.name}:loosest}}", self.say.number)
            case "" | "about" | "least":
                return [field.name, field.form]
            case "date" | "since":
                return field.printed(self.say[field.name], self.say.language, self.say.number)
        if "=" in field.form:
            return [field.name, dict(form.split("=") for form in field.form.split(";"))]
        return [*self._compared(field), field.form.split("|")]

    def _compared(self, field: Field) -> list[Tree]:
        """The sign of a comparison and its two sides in one unit; of one number its sign."""
        if field.name.isidentifier():
            return ["?", field.name, 0]
        one, sign, another = field.sides
        (left, unit), (right, other) = (self._tree(parse(text)) for text in (one, another))
        # A plain number counts what the other side counts.
        return [
            sign,
            left,
            _converted(right, other, unit) if needs(one) and needs(another) else right,
        ]

    def _number(self, quantity: Quantity) -> list[Any]:
        """A quantity: value and bounds, what its unit and hedge change in how it is written, and
        its arithmetic, if it has any.
        """
        ends = [None if abs(end) == inf else end for end in (quantity.low, quantity.high)]
        unit = "%" if quantity.unit == PERCENT else quantity.unit if quantity.unit == RATIO else ""
        unit += "M" * quantity.unit.startswith("MAD") + "/" * ("/" in quantity.unit)
        hedge = "" if quantity.qualifier == "exact" else quantity.qualifier
        bounds = [] if ends == [quantity.value, quantity.value] else ends
        row = [quantity.value if quantity.known else None, bounds, unit, hedge]
        return [*row, self._tree(parse(quantity.formula))[0]] if quantity.inputs else row

    def _tree(self, node: ast.expr) -> tuple[Tree, str]:
        """A formula as a tree in which per cent and fractions are one, and its unit."""
        match node:
            case ast.Name(id=name):
                return name, self.say[name].unit
            case ast.Constant(value=number):
                return number, RATIO
            case ast.UnaryOp(operand=operand):
                return ["-", 0, self._tree(operand)[0]], RATIO
            case ast.BinOp(left=left, op=op, right=right):
                return _operation(SIGNS[type(op)], *self._tree(left), *self._tree(right))
            case ast.Call(func=ast.Name(id=function), args=[first, *others]):
                return self._called(function, first, others)
        raise ValueError(f"«{ast.unparse(node)}» is no part of a formula")

    def _called(self, function: str, first: ast.expr, others: list[ast.expr]) -> tuple[Tree, str]:
        """A function of formulas."""
        tree, unit = self._tree(first)
        match function:
            case "percent":
                return ["*", tree, 100], PERCENT
            case "rounded":
                return ["±", tree, ast.literal_eval(others[0]) / 2], unit
            case "counted_as" | "constant":
                return tree, ast.literal_eval(others[0])
            case "hull":
                answers = [self._tree(other) for other in others]
                return ["hull", tree, *(_converted(*answer, unit) for answer in answers)], unit
            case "since" | "times":
                sign = "-" if function == "since" else "/"
                return _operation(sign, tree, unit, *self._tree(others[0]))
        return tree, unit  # its day does not change it

    def _signs(self) -> dict[str, Any]:
        """How numbers are written: signs, hedges, words for millions, by CLDR."""
        locale = Locale.parse(LOCALES[self.say.language])
        symbols, say = locale.number_symbols["latn"], self.say.text
        long = locale.compact_decimal_formats["long"]
        return {
            "decimal": symbols["decimal"],
            "group": symbols["group"],
            "percent": locale.percent_formats[None].pattern.replace("#,##0", "{}"),
            "per_cent": interface(PER_CENT, self.say.language),
            "between": say(BETWEEN),
            "holds": [say(words) for words in HOLDS],
            "hedges": {name: say(words) for name, words in HEDGES.items()},
            "compact": {
                power: {
                    category: re.sub("0+", "{}", patterns[str(10**power)].pattern)
                    for category, patterns in long.items()
                    if str(10**power) in patterns
                }
                for power in (6, 9, 12)
            },
        }


def _operation(sign: str, left: Tree, unit: str, right: Tree, other: str) -> tuple[Tree, str]:
    """An operation on two trees, whose sides take part as those of quantities do."""
    if sign in "+-":
        return [sign, left, _converted(right, other, unit)], unit
    if sign == "^":
        return [sign, left, right], RATIO
    made = units.multiply(unit, other) if sign == "*" else units.divide(unit, other)
    if made != PERCENT:
        left, right = (
            _converted(side, of, RATIO) if of == PERCENT else side
            for side, of in ((left, unit), (right, other))
        )
    return [sign, left, right], made


def _converted(tree: Tree, unit: str, into: str) -> Tree:
    factor = units.factor(unit, into)
    return ["*", tree, factor] if factor else tree

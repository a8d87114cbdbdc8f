"""What a page needs to answer "and if that number were another?" by itself: all numbers with their
arithmetic, and all that could stand in the place of each sentence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from taawun import units
from taawun.formula import needs, parse
from taawun.quantity import Quantity
from taawun.readings import RULES, Readings, typed
from taawun.report.spelling import CURRENCY, signs
from taawun.report.template import Field, fields, pieces
from taawun.report.worth import labelled
from taawun.units import PERCENT, RATIO

if TYPE_CHECKING:
    from taawun.report.writer import Writer

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
#: What does not change a number whose day it sets aside.
_DAYS = re.compile(r"\b(?:undated|on)\((\w+)(?:, '[^()]*')?\)")
#: A number, a name, or an operation and what it is done to.
Tree = Any
#: What could stand in a row of a table: comparisons of trees that have to hold, and the templates
#: of its last cells.
Alternative = tuple[Sequence[Tree], Sequence[str]]


class WhatIf:
    """The blocks of sentences that a text says, in order, each once."""

    def __init__(self, say: Writer) -> None:
        self.say = say
        self._alternatives: dict[str, tuple[str, ...]] = {}
        self._blocks: dict[str, tuple[str, list[tuple[str, ...]]]] = {}
        self._rows: list[tuple[Sequence[str], Sequence[Alternative]]] = []

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

    def follow(self, row: Sequence[str], alternatives: Sequence[Alternative]) -> None:
        """Keep a row of a table and what could stand in it, the first whose comparisons hold."""
        for _, cells in alternatives:
            for cell in cells:
                self.say.text(cell)  # whichever stands today, all have to be translated
        self._rows.append((row, alternatives))

    def widest(self, rows: Iterable[Sequence[str]], by: int, share: int) -> list[Sequence[str]]:
        """Of the rows that are alike in their cell `by` the one whose number in the cell `share` is
        the greatest, the first of several; the others are kept as what could stand there.
        """
        groups: dict[str, list[Sequence[str]]] = {}
        for row in rows:
            groups.setdefault(row[by], []).append(row)
        return [self._widest(together, share) for together in groups.values()]

    def _widest(self, rows: list[Sequence[str]], share: int) -> Sequence[str]:
        rows = [row for row in rows if all(map(self.say.can_say, row))] or rows
        names = [fields(row[share])[0].name for row in rows]
        best = max(range(len(rows)), key=lambda i: self.say[names[i]].value)
        others = [
            ([[">>", name, other] for other in names if other != name], row)
            for name, row in zip(names, rows, strict=True)
        ]
        if others[1:]:
            self.follow(rows[best], others)
        return rows[best]

    def bundle(
        self, units: Mapping[str, str] = MappingProxyType({}), shares: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Blocks as (kind, what is said, for each sentence its alternatives as pieces and
        conditions); rows of tables as (their links, what could stand in their last cells);
        quantities by name; by what a build divides elsewhere; the printed figures that options
        name beside another; and how the language writes numbers, and the `units` behind those of
        entries, and the `shares`, of which none is more than all.
        """
        blocks = [
            [kind, said, [[self._compiled(text, kind) for text in some] for some in sentences]]
            for said, (kind, sentences) in self._blocks.items()
        ]
        said = [text for _, (_, open_) in self._blocks.items() for some in open_ for text in some]
        stated = [name for text in said for field in fields(text) for name in field.names]
        # What options put in the place of a number counts as below it.
        names = sorted(self.readings.lineage([*stated, *self.say.used], changed=True))
        rows, divided = [self._row(*row) for row in self._rows], self._divided(names)
        names = sorted({*names, *self.readings.lineage(_named([rows, divided]))})
        others = {
            row["name"]: row["stands_for"]
            for row in typed()
            if row["name"] in names and row["stands_for"] in self.say.ledger
        }
        return {
            "blocks": blocks,
            "rows": rows,
            "divided": divided,
            "numbers": {name: self._number(self.say[name]) for name in names},
            "others": {
                name: [escape(self.say.number(self.say[other])), f"{self.say[other].value:.15g}"]
                for name, other in others.items()
                if self.say[other].known
            },
            "readings": [self._options(choice) for choice in self._choices],
            "signs": signs(self.say) | {"units": self._units(units), "shares": shares},
        }

    @property
    def readings(self) -> Readings:
        """The readings of the text's numbers."""
        return self.say.claims.readings

    @property
    def _choices(self) -> list[str]:
        """The choices that leave one, in the order of the table: what a later one puts stands."""
        return [choice for choice in self.readings.options if len(self.readings.open(choice)) > 1]

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

    def _row(self, row: Sequence[str], alternatives: Sequence[Alternative]) -> list[Any]:
        """The names of a row's links, and for each alternative its comparisons and cells."""
        links = [field.name for cell in row for field in fields(cell) if field.states]
        return [
            ",".join(links),
            [
                [[self._test(*test) for test in tests], self._cells(cells, row)]
                for tests, cells in alternatives
            ],
        ]

    def _cells(self, cells: Sequence[str], row: Sequence[str]) -> list[Any]:
        """The cells of an alternative; none of what stands in the row as it is printed."""
        is_printed = [*cells] == [*row][-len(cells) :]
        return [] if is_printed else [self._compiled(cell, "")[0] for cell in cells]

    def _test(self, sign: str, *sides: Any) -> list[Tree]:
        """A comparison of formulas, or of what is done to the first of several."""
        whole = [[side] if isinstance(side, str) else [*side[1:]] for side in sides]
        (left, unit), *_ = both = [self._tree(parse(some[0])) for some in whole]
        trees = [left, _converted(*both[1], unit)]
        return [
            sign,
            *(
                tree if isinstance(side, str) else [side[0], tree, *side[2:]]
                for tree, side in zip(trees, sides, strict=True)
            ),
        ]

    def _divided(self, names: Sequence[str]) -> list[Tree]:
        """What formulas of the ledger divide by and those of the names do not, if it rests on them
        and could so be zero with another number.
        """
        seen = {name: self.say[name] for name in self.say.ledger}
        results = {name: _under(q.formula) for name, q in seen.items() if q.inputs and q.known}
        here = set().union(*(results[name] for name in names if name in results))
        others = set().union(*results.values()) - here
        rest = (side for side in sorted(others) if self.readings.lineage(needs(side)) & {*names})
        return [self._tree(parse(side))[0] for side in rest]

    def _compiled(self, template: str, kind: str) -> list[Any]:
        """What a template says, piece by piece, and its conditions; of a headline, whose readings
        are counted, also the names in it and the choices that it is about. Nothing of one that
        rests on numbers which had not been published.
        """
        said = fields(template)
        names = [name for field in said for name in field.names]
        if not all(self.say[name].known for name in names):
            return []
        text = pieces(self.say.text(template))
        made = [piece if isinstance(piece, str) else self._piece(piece) for piece in text]
        compiled: list[Any] = [
            [piece for piece in made if piece],
            [self._compared(field) for field in said if field.is_condition],
        ]
        if kind == "headlines":
            names, about = list(dict.fromkeys(names)), self.readings.about(names)
            compiled += [names, [at for at, choice in enumerate(self._choices) if choice in about]]
        return compiled

    def _piece(self, field: Field) -> Any:
        """A field: [name, form] for a number, a text for what does not move with it, else the
        gap that decides and the words to choose from.
        """
        match field.form:
            case "if":
                return ""
            case "loosest":
                return {"of": field.name} | self._labels(field.name)
            case "" | "about" | "least":
                return [field.name, field.form]
            case "date" | "since":
                return field.printed(self.say[field.name], self.say.language, self.say.number)
        if "=" in field.form:
            return [field.name, _forms(field.form)]
        return [*self._compared(field), field.form.split("|")]

    def _labels(self, name: str) -> dict[str, str]:
        """How each printed figure below a number is named in a sentence."""
        below = [self.say[part] for part in sorted(self.readings.lineage([name]))]
        return {
            part.id: labelled(self.say.text(part.label), part.date, self.say.language)
            for part in below
            if not part.inputs
        }

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
        """A quantity: value and bounds, if it has any and is no result; what its unit and hedge
        change in how it is written; and the arithmetic of a result.
        """
        ends = [quantity.value, quantity.low, quantity.high]
        ends = [int(end) if float(end).is_integer() else end for end in ends]
        if not quantity.known or len(set(ends)) == 1:
            ends = ends[: quantity.known]
        unit = "%" if quantity.unit == PERCENT else quantity.unit if quantity.unit == RATIO else ""
        unit += "M" * quantity.unit.startswith(CURRENCY) + "/" * ("/" in quantity.unit)
        hedge = "" if quantity.qualifier == "exact" else quantity.qualifier
        if quantity.inputs:
            return [[], unit, hedge, self._tree(parse(quantity.formula))[0]]
        return [ends, *([unit, hedge] if hedge else [unit] if unit else [])]

    def _units(self, units: Mapping[str, str]) -> list[Any]:
        """Units with plural forms, as text and forms in turn, and the numbers whose entries have
        them.
        """
        found: dict[str, list[str]] = {}
        for name, unit in units.items():
            found.setdefault(unit, []).append(name)
        parts = [(re.split(r"\{:([^{}]*)\}", unit), names) for unit, names in found.items()]
        return [
            [[_forms(part) if i % 2 else part for i, part in enumerate(unit)], names]
            for unit, names in parts
            if len(unit) > 1
        ]

    def _tree(self, node: ast.expr) -> tuple[Tree, str]:
        """A formula as a tree in which per cent and fractions are one, and its unit."""
        match node:
            case ast.Name(id=name):
                return self.say[name].id, self.say[name].unit
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
                half = ast.literal_eval(others[0]) / 2
                return ["hull", tree, ["-", tree, half], ["+", tree, half]], unit
            case "counted_as" | "constant":
                return tree, ast.literal_eval(others[0])
            case "hull":
                answers = [self._tree(other) for other in others]
                return ["hull", tree, *(_converted(*answer, unit) for answer in answers)], unit
            case "since" | "times":
                sign = "-" if function == "since" else "/"
                return _operation(sign, tree, unit, *self._tree(others[0]))
        return tree, unit  # its day does not change it


def _under(formula: str) -> set[str]:
    """What stands under the lines of a formula, but for plain numbers and for what only says of
    which day it is.
    """
    sides = set()
    for node in ast.walk(parse(formula)):
        match node:
            case ast.BinOp(op=ast.Div(), right=side):
                sides.add(side)
            case ast.Call(func=ast.Name(id="times"), args=[_, side]):
                sides.add(side)
    return {_DAYS.sub(r"\1", ast.unparse(side)) for side in sides if needs(ast.unparse(side))}


def _named(tree: Tree) -> set[str]:
    """The names in trees, among the signs of their operations."""
    if isinstance(tree, str):
        return {tree}
    return set().union(*map(_named, tree)) if isinstance(tree, list) else set()


def _forms(plural: str) -> dict[str, str]:
    """The words by their plural category."""
    return dict(form.split("=") for form in plural.split(";"))


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

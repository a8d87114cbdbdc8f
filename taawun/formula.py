"""Arithmetic over names, such as `percent(young / members)`: evaluated, put in order, typeset.

A function that formulas may call stands in FUNCTIONS, and how it is written is the method of its
name in Typeset.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from math import inf

from simpleeval import SimpleEval

from taawun.messages import Refused
from taawun.quantity import (
    Quantity,
    constant,
    counted_as,
    hull,
    on,
    percent,
    rounded,
    since,
    times,
    undated,
    unknown,
)

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
_CALLED = (percent, rounded, counted_as, constant, hull, since, times, undated, on, unknown)
FUNCTIONS = {function.__name__: function for function in _CALLED}
#: How an operation is written, and how strongly it binds: a name most of all.
SIGNS = {
    ast.Add: (" + ", 1),
    ast.Sub: (" − ", 1),
    ast.Mult: (" × ", 2),
    ast.Div: (" ÷ ", 2),
    ast.Pow: ("^", 3),
}
NAME = 4
#: The longest formula in characters, the greatest exponent, and the product of those of powers that
#: stand in one another's base.
LONGEST, GREATEST, TOGETHER = 1000, 100, 1000


#: A number of years in a formula that a person types, by its first and its last day.
SPAN = re.compile(r"years\((\d{4}-\d\d-\d\d), (\d{4}-\d\d-\d\d)\)")


class NoFormula(Refused):
    """Text that is no formula; the message has it, and why."""

    def __init__(self, formula: str, why: str):
        shown = formula if len(formula) <= 60 else f"{formula[:60]}…"
        super().__init__(f"«{shown}» is no formula: {why}")


@cache
def parse(formula: str) -> ast.expr:
    """The tree of a formula: arithmetic on names and numbers, and FUNCTIONS of them; a power has a
    plain number for its exponent, of at most GREATEST, and no power in its base.

    Raises NoFormula for anything else, before any of it is computed.
    """
    if len(formula) > LONGEST:
        raise NoFormula(formula, f"it is longer than {LONGEST} characters")
    try:
        tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NoFormula(formula, "it cannot be read") from None
    words = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in (node.args if _name(node) == "unknown" else node.args[1:])
    }
    for node in ast.walk(tree):
        if not (_is_arithmetic(node) or (isinstance(node, ast.Constant) and id(node) in words)):
            raise NoFormula(formula, f"«{ast.unparse(node)}» is no part of one")
    return tree


def _name(call: ast.Call) -> str:
    """The name of the function that is called; empty for what is no name."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_arithmetic(node: ast.AST) -> bool:
    """Whether a node may stand in a formula; what it holds is asked for itself."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return not isinstance(number, bool) and abs(number) < 1e15
        case ast.BinOp(op=ast.Pow(), right=exponent):
            return _exponent(exponent) <= GREATEST and _raised(node) <= TOGETHER
        case ast.BinOp(op=op):
            return type(op) in OPERATORS
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) | ast.Name():
            return True
        case ast.Call(func=ast.Name(id=name), keywords=[]):
            return name in FUNCTIONS
    return isinstance(node, (ast.operator, ast.unaryop, ast.expr_context))


def _exponent(node: ast.AST) -> float:
    """The size of the plain number, or fraction of two, that a power can have; infinite for
    anything else.
    """
    match node:
        case ast.Constant(value=int() | float() as number):
            return abs(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _exponent(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right) if 0 < _exponent(right) < inf:
            return _exponent(left) / _exponent(right)
    return inf


def _raised(node: ast.AST) -> float:
    """The product of the exponents of powers that stand in one another's base, the greatest of
    all; an exponent below one counts as one.
    """
    inside = max(map(_raised, ast.iter_child_nodes(node)), default=1.0)
    match node:
        case ast.BinOp(op=ast.Pow(), right=exponent):
            return inside * max(1.0, _exponent(exponent))
    return inside


def evaluate(formula: str, quantities: Mapping[str, Quantity]) -> Quantity:
    """The quantity that a formula states; NoFormula, or simpleeval's error for an unknown name."""
    tree = parse(formula)
    if isinstance(tree, ast.Name) and tree.id in quantities:  # four sides of a comparison in five
        return constant(quantities[tree.id])
    computed = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names=quantities)
    return constant(computed.eval(formula, tree))


@cache
def needs(formula: str) -> tuple[str, ...]:
    """The names of quantities in a formula, each once; NoFormula if it is none."""
    names = (
        node.id
        for node in ast.walk(parse(formula))
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS
    )
    return tuple(dict.fromkeys(names))


def numbers(formula: str) -> list[str]:
    """The plain numbers that a formula prints, such as exponents or half a place, in order."""
    found: list[str] = []

    def keep(number: str) -> str:
        found.append(number)
        return number

    Typeset(number=keep).write(formula)
    return found


def order(formulas: Mapping[str, str], known: Iterable[str]) -> tuple[list[str], list[str]]:
    """The names of `formulas` that are not in `known`, each after those that it needs; and what is
    wrong, one sentence each: names that nothing stands for, and a cycle (then nothing is in order).
    """
    known = set(known)
    graph = {name: needs(formula) for name, formula in formulas.items()}
    problems = [
        f"«{name}» rests on «{part}», which is neither a printed figure nor an entry of the ledger"
        for name, parts in graph.items()
        for part in parts
        if part not in formulas and part not in known
    ]
    try:
        placed = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        cycle = error.args[1]
        return [], [*problems, f"«{cycle[0]}» rests on itself: {' <- '.join(cycle)}"]
    return [name for name in placed if name in formulas and name not in known], problems


def lineage(names: Iterable[str], parts: Callable[[str], Iterable[str]]) -> list[str]:
    """Some names and all that they rest on, each once, in the order in which they are met; `parts`
    says on which names one rests directly.
    """
    found = dict.fromkeys(names)
    queue = list(found)
    for name in queue:  # the list grows meanwhile
        met = dict.fromkeys(part for part in parts(name) if part not in found)
        found |= met
        queue += met
    return queue


def below(formulas: Mapping[str, str], name: str) -> set[str]:
    """An entry and all that it rests on; `formulas` is that of every entry, empty if printed."""
    return set(lineage([name], lambda part: needs(formulas[part]) if formulas[part] else ()))


class Typeset(ast.NodeVisitor):
    """A formula as people write it: `name`, `number` and `word` say how each name, each plain
    number and each word in it, such as a unit, is written.
    """

    def __init__(
        self,
        name: Callable[[str], str] = str,
        number: Callable[[str], str] = str,
        word: Callable[[str], str] = str,
    ):
        self.name, self.number, self.word = name, number, word

    def write(self, formula: str) -> str:
        """The formula as one line of text."""
        return self.visit(ast.parse(formula, mode="eval").body)

    def visit_Name(self, node: ast.Name) -> str:
        return self.name(node.id)

    def visit_Constant(self, node: ast.Constant) -> str:
        return self.number(repr(node.value))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> str:
        return f"-{self._operand(node.operand, NAME)}"

    def visit_BinOp(self, node: ast.BinOp) -> str:
        sign, binding = SIGNS[type(node.op)]
        left = self._operand(node.left, NAME if sign == "^" else binding)
        right = self._operand(node.right, binding if sign == " + " else binding + 1)
        return f"{left}{sign}{right}"

    def visit_Call(self, node: ast.Call) -> str:
        return getattr(self, ast.unparse(node.func))(*node.args)

    def percent(self, ratio: ast.expr) -> str:
        return f"{self.visit(ratio)} {self.word('(in per cent)')}"

    def hull(self, *answers: ast.expr) -> str:
        return "; ".join(self.visit(answer) for answer in answers)

    def rounded(self, figure: ast.expr, place: ast.expr) -> str:
        half = f"{ast.literal_eval(place) / 2:g}"
        return f"({self.visit(figure)} ± {self.number(half)})"

    def counted_as(self, figure: ast.expr, unit: ast.expr) -> str:
        return self.visit(figure)

    def since(self, later: ast.expr, earlier: ast.expr) -> str:
        return self.visit(ast.BinOp(later, ast.Sub(), earlier))

    def times(self, later: ast.expr, earlier: ast.expr) -> str:
        return self.visit(ast.BinOp(later, ast.Div(), earlier))

    def unknown(self, unit: ast.expr) -> str:
        return self.word("not yet published")

    def undated(self, figure: ast.expr) -> str:
        return self.visit(figure)

    def on(self, figure: ast.expr, date: ast.expr, start: ast.expr | None = None) -> str:
        return self.visit(figure)

    def constant(self, number: ast.expr, unit: ast.expr) -> str:
        words = ast.literal_eval(unit)
        return f"{self.visit(number)} {self.word('years' if words == 'year' else words)}"

    def _operand(self, node: ast.expr, binding: int) -> str:
        """A part of a sum, product or power, in brackets where it binds less than they do."""
        text = self.visit(node)
        return f"({text})" if _binding(node) < binding else text


def _binding(node: ast.expr) -> int:
    """How strongly a part of a formula holds together, as it is written."""
    match node:
        case ast.BinOp():
            return SIGNS[type(node.op)][1]
        case ast.UnaryOp():
            return SIGNS[ast.Add][1]
        case ast.Call(func=ast.Name("counted_as" | "undated" | "on")):
            return _binding(node.args[0])
        case ast.Call(func=ast.Name("since")):
            return SIGNS[ast.Sub][1]
        case ast.Call(func=ast.Name("times")):
            return SIGNS[ast.Div][1]
        case ast.Call(func=ast.Name("percent" | "hull")):
            return 0
    return NAME

"""Quantities by name: the ledger that the steps read and add to, and the formulas in it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pandas as pd
from simpleeval import SimpleEval

from taawun.quantity import Quantity, constant, counted_as, hull, percent, rounded

COLUMNS = ["id", "label", "value", "low", "high", "unit", "qualifier", "formula", "inputs", "date"]
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}


def load(*tables: pd.DataFrame) -> dict[str, Quantity]:
    """The quantities of tables such as `table` makes, by id; inputs are looked up among all of
    them, in order.
    """
    found: dict[str, Quantity] = {}
    # a column of years with a gap comes from a CSV file as floats, hence :g
    for row in pd.concat(tables).itertuples():
        text = {
            name: ""
            if pd.isna(cell := getattr(row, name))
            else f"{cell:g}"
            if isinstance(cell, float)
            else str(cell)
            for name in ("label", "unit", "qualifier", "formula", "inputs", "date")
        }
        inputs = tuple(found[i] for i in text.pop("inputs").split())
        found[row.id] = Quantity(row.value, row.low, row.high, id=row.id, inputs=inputs, **text)
    return found


def table(quantities: Iterable[Quantity], step: str = "") -> pd.DataFrame:
    """One row a quantity: id, label, value, low, high, unit, qualifier, formula, ids of the inputs,
    reference date, and the step that made it.
    """
    rows = [
        [
            q.id,
            q.label,
            q.value,
            q.low,
            q.high,
            q.unit,
            q.qualifier,
            q.formula if q.inputs else "",
            " ".join(i.id for i in q.inputs),
            q.date,
        ]
        for q in quantities
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(step=step)
    twice = frame.loc[frame["id"].duplicated(), "id"]
    if len(twice):
        raise ValueError(f"two quantities are called {twice.iloc[0]!r}")
    return frame


def evaluate(formula: str, quantities: Mapping[str, Quantity]) -> Quantity:
    """The quantity that a formula over ids states, such as `percent(C14 / C13)`.

    Raises simpleeval's errors for anything but arithmetic on known ids.
    """
    return constant(
        SimpleEval(
            operators=OPERATORS,
            functions={
                "percent": percent,
                "rounded": rounded,
                "counted_as": counted_as,
                "constant": constant,
                "hull": hull,
            },
            names=quantities,
        ).eval(formula)
    )


@cache
def needs(formula: str) -> tuple[str, ...]:
    """The ids that a formula names, in order."""
    tree = ast.parse(formula, mode="eval")
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return tuple(
        dict.fromkeys(
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and id(node) not in functions
        )
    )


def order(formulas: Mapping[str, str], known: Iterable[str]) -> tuple[list[str], list[str]]:
    """The names of `formulas`, each after those that it needs; and what is wrong, one sentence
    each: names that are neither in `known` nor in `formulas`, and a cycle (then nothing is in
    order).
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


def below(formulas: Mapping[str, str], id: str) -> set[str]:
    """An entry and all that it rests on; `formulas` is that of every entry, empty for a printed
    figure.
    """
    seen, queue = set(), [id]
    while queue:
        if (id := queue.pop()) not in seen:
            seen.add(id)
            queue += needs(formulas[id]) if formulas[id] else ()
    return seen

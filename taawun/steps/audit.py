"""Step 02: do the figures agree?

Two figures agree when one true value can lie within the bounds of both. Which figures state the
same thing is found here where their keys are equal, and is otherwise a row of
`data/hand/checks.csv`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd

from taawun.formula import evaluate
from taawun.periods import day
from taawun.quantity import Quantity, agree, constant
from taawun.units import UnitError

CHECKS = ["check_id", "kind", "question", "left", "right", "comparable", "note"]
VERDICTS = ["agree", "conflict", "cannot tell"]


def pairs(by_hand: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """One row a check of two sides, by hand or by the figures' keys; of equal sides the first."""
    found = pd.concat([by_hand, same_quantity(figures), reprints(figures)])
    return found.drop_duplicates(["left", "right"], ignore_index=True)


def same_quantity(figures: pd.DataFrame) -> pd.DataFrame:
    """One check a pair of figures of other witnesses that state one quantity: the same indicator,
    entity, place and period, which may be written in several ways.

    Of each group the first figure is set beside every other one; and of every two statements that
    contradict one another, each figure beside the first of the other. What is left out agrees, or
    repeats such a conflict.
    """
    rows = []
    numbers = [row for row in _numbers(figures).itertuples() if row.period_end]
    for group in _grouped(numbers, _statement).values():
        group.sort(key=lambda figure: figure.figure_id)
        rows += [_pair("same", *pair) for pair in _compared(group)]
    return pd.DataFrame(rows, columns=CHECKS)


def reprints(figures: pd.DataFrame) -> pd.DataFrame:
    """One check a figure that stands in a reprint: against the figure of the same indicator, entity
    and place in the text that it repeats, unless both give a period and it is another one.
    """
    rows = []
    numbers = list(_numbers(figures).itertuples())
    stated = _grouped(numbers, lambda figure: (figure.source_id, *_subject(figure)))
    for copy in (figure for figure in numbers if figure.repeats):
        for original in stated.get((copy.repeats, *_subject(copy)), ()):
            dated = original.period_end and copy.period_end
            if not dated or _period(original) == _period(copy):
                rows.append(_pair("reprint", original, copy))
    return pd.DataFrame(rows, columns=CHECKS)


def compare(
    checks: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a check with the ids and values of both sides and the verdict; and the sides that had
    to be computed, for the ledger.

    The verdict is `agree` or `conflict` by the bounds, or `cannot tell` where a person found the
    sides not comparable or one of them had not been published. Raises ValueError naming the check
    whose formula cannot be evaluated.
    """
    rows, computed = [], []
    for check in checks.itertuples():
        sides = [_side(check, name, known) for name in ("left", "right")]
        computed += [side for side in sides if side.id not in known]
        values = {
            f"{name}_{part}": getattr(side, part)
            for name, side in zip(("left", "right"), sides, strict=True)
            for part in ("id", "value", "low", "high", "unit")
        }
        rows.append(
            {
                "check_id": check.check_id,
                "kind": check.kind,
                "question": check.question,
                "verdict": _verdict(check, *sides),
                **values,
                "published": all(side.known for side in sides),
                "note": check.note,
            }
        )
    return pd.DataFrame(rows), list({side.id: side for side in computed}.values())


def tally(checks: pd.DataFrame) -> list[Quantity]:
    """How many checks have each verdict: `checks_agree`, `checks_conflict`, `checks_cannot`."""
    counts = {verdict: float((checks["verdict"] == verdict).sum()) for verdict in VERDICTS}
    return [
        constant(count, "checks").named(
            f"checks_{verdict.split()[0]}", f"checks whose verdict is {verdict}"
        )
        for verdict, count in counts.items()
    ]


def unsettled(
    checks: pd.DataFrame, choices: pd.DataFrame, used: Iterable[str], known: Mapping[str, Quantity]
) -> list[str]:
    """The figures in `used` that conflict with another reading of the same quantity, and for which
    no row of `choices` says why they are used.
    """
    doubtful = checks[(checks["verdict"] == "conflict") & checks["kind"].isin(["same", "reprint"])]
    disputed = {*doubtful["left_id"], *doubtful["right_id"]}
    unexplained = set(used) - set(choices["used"])
    return sorted(figure_id for figure_id in unexplained if known[figure_id].id in disputed)


def _compared(group: list[Any]) -> list[tuple[Any, Any]]:
    """The pairs of a group, in order of their figures, that `same_quantity` compares."""
    first, *others = group
    pairs = [(first, other) for other in others]
    statements = _grouped(group, lambda figure: (figure.value, figure.low, figure.high)).values()
    for ours, theirs in combinations(statements, 2):
        if agree(_quantity(ours[0]), _quantity(theirs[0])) == "conflict":
            pairs += [_beside(figure, theirs) for figure in ours]
            pairs += [_beside(figure, ours) for figure in theirs]
    found = {(one.figure_id, other.figure_id): (one, other) for one, other in pairs}
    return [pair for _, pair in sorted(found.items()) if pair[0].witness != pair[1].witness]


def _quantity(figure: Any) -> Quantity:
    return Quantity(figure.value, figure.low, figure.high)


def _beside(figure: Any, others: list[Any]) -> tuple[Any, Any]:
    """A figure and the first of others that has another witness, if one has, in order."""
    other = next((one for one in others if one.witness != figure.witness), others[0])
    return (figure, other) if figure.figure_id < other.figure_id else (other, figure)


def _grouped(
    figures: Iterable[Any], key: Callable[[Any], tuple[object, ...]]
) -> dict[tuple[object, ...], list[Any]]:
    """The figures that share a key, in their order."""
    groups: dict[tuple[object, ...], list[Any]] = {}
    for figure in figures:
        groups.setdefault(key(figure), []).append(figure)
    return groups


def _numbers(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that are more than words."""
    return figures[figures["measure"] != "text"]


def _subject(figure: Any) -> tuple[str, str, str]:
    return figure.indicator, figure.entity, figure.geo


def _statement(figure: Any) -> tuple[object, ...]:
    """What a figure is about and when: figures of one statement state the same quantity."""
    return *_subject(figure), *_period(figure)


def _period(figure: Any) -> tuple[date | None, date]:
    """The first and last day that the printed period means. A count that a page dates to a month
    was taken at its end.
    """
    start, end = figure.period_start, figure.period_end
    if start == end and figure.measure != "flow" and len(end) > len("2025"):
        return day(end), day(end)
    return (day(start, last=False) if start else None), day(end)


def _pair(kind: str, left: Any, right: Any) -> dict[str, str]:
    question = f"{left.label}, {left.period_end}: {left.publisher} against {right.publisher}"
    return {
        "check_id": f"{kind}_{left.figure_id}_{right.figure_id}",
        "kind": kind,
        "question": question,
        "left": left.figure_id,
        "right": right.figure_id,
        "comparable": "yes",
        "note": "",
    }


def _side(check: Any, name: str, known: Mapping[str, Quantity]) -> Quantity:
    """One side of a check: a figure by its id, or the value of a formula under an id of its own."""
    formula = getattr(check, name)
    if formula in known:
        return known[formula]
    try:
        return evaluate(formula, known).named(f"{check.check_id}_{name}", check.question)
    except Exception as error:
        raise ValueError(
            f"data/hand/checks.csv, {check.check_id}, column {name}: cannot compute "
            f"«{formula}»: {error}"
        ) from error


def _verdict(check: Any, left: Quantity, right: Quantity) -> str:
    if check.comparable == "no":
        return "cannot tell"
    try:
        return agree(left, right)
    except UnitError as error:
        raise ValueError(
            f"data/hand/checks.csv, {check.check_id}: the two sides cannot be compared: "
            f"{error}; accepted: sides in one unit, or counted_as(...)"
        ) from error

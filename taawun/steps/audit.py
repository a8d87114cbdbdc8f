"""Step 02: do the figures agree?

Two figures agree when one true value can lie within the bounds of both. Which figures state the
same thing is found here where their keys are equal, and is otherwise a row of
`data/hand/checks.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from taawun.formula import evaluate
from taawun.quantity import Quantity, agree, constant
from taawun.units import UnitError

KEY = ["indicator", "entity", "geo", "period_start", "period_end"]
CHECKS = ["check_id", "kind", "question", "left", "right", "comparable", "note"]
VERDICTS = ["agree", "conflict", "cannot tell"]


def pairs(by_hand: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """One row a check of two sides, by hand or by the figures' keys; of equal sides the first."""
    found = pd.concat([by_hand, same_quantity(figures), reprints(figures)])
    return found.drop_duplicates(["left", "right"], ignore_index=True)


def same_quantity(figures: pd.DataFrame) -> pd.DataFrame:
    """One check a pair: the first figure of each group with one key (indicator, entity, place,
    period) against every later one of another witness.
    """
    rows = []
    dated = figures[(figures["measure"] != "text") & (figures["period_end"] != "")]
    for group in _grouped(dated, KEY).values():
        first, *others = sorted(group, key=lambda figure: figure.figure_id)
        rows += [_pair("same", first, other) for other in others if other.witness != first.witness]
    return pd.DataFrame(rows, columns=CHECKS)


def reprints(figures: pd.DataFrame) -> pd.DataFrame:
    """One check a figure that stands in a reprint: against the figure of the same indicator, entity
    and place in the text that it repeats.
    """
    rows = []
    originals = figures[figures["measure"] != "text"]
    stated = _grouped(originals, ["source_id", "indicator", "entity", "geo"])
    copy: Any
    for copy in originals[originals["repeats"] != ""].itertuples():
        rows += [
            _pair("reprint", original, copy)
            for original in stated.get((copy.repeats, copy.indicator, copy.entity, copy.geo), ())
        ]
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


def _grouped(figures: pd.DataFrame, columns: list[str]) -> dict[tuple[str, ...], list[Any]]:
    """The figures that share what the columns say, as named tuples, in their order."""
    groups: dict[tuple[str, ...], list[Any]] = {}
    for figure in figures.itertuples():
        groups.setdefault(tuple(getattr(figure, name) for name in columns), []).append(figure)
    return groups


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

"""Step 02: do the figures agree?

Two figures agree when one true value can lie within the bounds of both. Which figures state the
same thing is found here where their keys are equal, and is otherwise a row of
`data/hand/checks.csv`. What it means that no value lies in both depends on what was compared: see
`verdict`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd

from taawun.formula import evaluate
from taawun.periods import day
from taawun.quantity import Quantity, agree, constant
from taawun.tables import each
from taawun.units import UnitError

CHECKS = ["check_id", "kind", "question", "left", "right", "older", "comparable", "note"]
COMPARED = ["figure_id", "source_id", "indicator", "entity", "geo", "period_start", "period_end"]
COMPARED += ["measure", "label", "value", "low", "high", "witness", "repeats"]
AGREE, OUT_OF_DATE, UNEXPLAINED = "agree", "out of date", "unexplained"
CONTRADICT, CANNOT = "contradict each other", "cannot tell"
#: The verdicts, and the ids under which the ledger has how many checks end so.
VERDICTS = {
    AGREE: "checks_agree",
    OUT_OF_DATE: "checks_out_of_date",
    UNEXPLAINED: "checks_unexplained",
    CONTRADICT: "checks_contradict",
    CANNOT: "checks_cannot",
}


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
    numbers = [row for row in _numbers(figures) if row.period_end]
    for group in _grouped(numbers, _statement).values():
        group.sort(key=lambda figure: figure.figure_id)
        rows += [_pair("same", *pair) for pair in _compared(group)]
    return pd.DataFrame(rows, columns=CHECKS)


def reprints(figures: pd.DataFrame) -> pd.DataFrame:
    """One check a figure that stands in a reprint: against the figure of the same indicator, entity
    and place in the text that it repeats, unless both give a period and it is another one.
    """
    rows = []
    numbers = _numbers(figures)
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
    """One row a check with the ids and values of both sides and the `verdict`; and the sides that
    had to be computed, for the ledger.

    Raises ValueError naming the check whose formula cannot be evaluated.
    """
    rows, computed = [], []
    for check in each(checks):
        left, right = sides = [_side(check, name, known) for name in ("left", "right")]
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
                "verdict": verdict(check, left, right, known),
                **values,
                "published": all(side.known for side in sides),
                "note": check.note,
            }
        )
    return pd.DataFrame(rows), list({side.id: side for side in computed}.values())


def statements(checks: pd.DataFrame) -> pd.DataFrame:
    """One row two statements: of the checks whose sides print the same two numbers for one thing
    the first, and in `prints` how many figures print the one and the other.
    """
    rows = []
    for group in _grouped(each(checks, index=False), _stated).values():
        first = group[0]
        prints: dict[float, set[str]] = {first.left_value: set(), first.right_value: set()}
        for check in group:
            prints[check.left_value].add(check.left_id)
            prints[check.right_value].add(check.right_id)
        counts = (str(len(ids)) for ids in prints.values())
        rows.append({**first._asdict(), "prints": " and ".join(counts)})
    return pd.DataFrame(rows, columns=[*checks.columns, "prints"])


def _stated(check: Any) -> tuple[object, ...]:
    """What a check asks and the numbers of its two sides, whichever is the left one."""
    return check.question, *sorted((check.left_value, check.right_value))


def tally(checks: pd.DataFrame) -> list[Quantity]:
    """How many checks there are (`checks_all`), how many have each verdict of `VERDICTS`, and how
    many pairs of statements contradict each other (`statements_contradict`).
    """
    counts = {"checks_all": (len(checks), "checks")}
    for said, name in VERDICTS.items():
        counts[name] = (sum(checks["verdict"] == said), f"checks whose verdict is {said}")
    pairs = len(statements(checks[checks["verdict"] == CONTRADICT]))
    counts["statements_contradict"] = (pairs, "pairs of statements that contradict each other")
    return [
        constant(float(count), "checks").named(name, label)
        for name, (count, label) in counts.items()
    ]


def tellings(
    table: pd.DataFrame, figures: pd.DataFrame, known: Mapping[str, Quantity]
) -> pd.DataFrame:
    """One row a number that was told, with its `id`: `date`, the later of the days for which and on
    which it was printed, and `start`, the day of the count that it `repeats`, empty if it does not
    fit that count.
    """
    told = table.merge(figures[["figure_id", "period_end", "published"]])
    sides = [
        (known[one], known[other or one]) for one, other in told[["figure_id", "repeats"]].values
    ]
    days = [count.date if agree(number, count) == AGREE else "" for number, count in sides]
    starts = [day if other else "" for day, other in zip(days, told["repeats"], strict=True)]
    told["date"] = told[["period_end", "published"]].max(axis=1)
    return told.assign(id=[number.id for number, _ in sides], start=starts)


def unsettled(
    checks: pd.DataFrame, choices: pd.DataFrame, used: Iterable[str], known: Mapping[str, Quantity]
) -> list[str]:
    """The figures in `used` beside which another reading of the same quantity stands that does not
    fit, and for which no row of `choices` says why they are used.
    """
    apart = (checks["left_low"] > checks["right_high"]) | (
        checks["right_low"] > checks["left_high"]
    )
    doubtful = checks[apart & checks["kind"].isin(["same", "reprint"])]
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


def _numbers(figures: pd.DataFrame) -> list[Any]:
    """The figures that are more than words, with what is compared of them."""
    return [*each(figures.loc[figures["measure"] != "text", COMPARED])]


def _subject(figure: Any) -> tuple[str, str, tuple[str, ...]]:
    """What is counted, of whom, and in which places, in whatever order these are joined."""
    return figure.indicator, figure.entity, tuple(sorted(figure.geo.split("+")))


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
    return {
        "check_id": f"{kind}_{left.figure_id}_{right.figure_id}",
        "kind": kind,
        "question": f"{left.label}, {left.period_end}".removesuffix(", "),
        "left": left.figure_id,
        "right": right.figure_id,
        "older": "",
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


def verdict(check: Any, left: Quantity, right: Quantity, known: Mapping[str, Quantity]) -> str:
    """What a check finds: one of `VERDICTS`.

    Where a person found the sides not comparable, or one had not been published, nothing can be
    told. They agree if one true value can lie in both; a side that is at most the other (kind
    `limit`) if it can be no more. Else the kind decides: of a stock and its creations (`flow`) a
    rest stays unexplained, for what left and what entered late is not published; of a later and an
    earlier count (`stale`) one side is out of date if both are true of their dates; and all others
    contradict each other, unless they do so only because a round "more than" is taken to end at
    the next place.
    """
    if check.comparable == "no" or not (left.known and right.known):
        return CANNOT
    try:
        fits = agree(left, right) == AGREE or (check.kind == "limit" and left.low <= right.high)
        if fits:
            return AGREE
        if check.kind == "flow":
            return UNEXPLAINED
        if check.kind == "stale" and _was_true(check, left, right, known):
            return OUT_OF_DATE
        fits = agree(_open_ended(left, right), _open_ended(right, left)) == AGREE
        return CANNOT if fits else CONTRADICT
    except UnitError as error:
        raise ValueError(
            f"data/hand/checks.csv, {check.check_id}: the two sides cannot be compared: "
            f"{error}; accepted: sides in one unit, or counted_as(...)"
        ) from error


def findings(
    checks: pd.DataFrame, known: Mapping[str, Quantity]
) -> list[tuple[str, list[tuple[list[Any], str]]]]:
    """For each check its verdict, and with other numbers all that it could be, the first whose
    comparisons hold: each a sign and two sides, formulas or what is `open` towards the other.
    """
    return [(str(check.verdict), _possible(check, known)) for check in checks.itertuples()]


def _possible(check: Any, known: Mapping[str, Quantity]) -> list[tuple[list[Any], str]]:
    """What `verdict` can find, in its order."""
    left, right, older = check.left_id, check.right_id, check.older or check.left_id
    if check.comparable == "no" or not (known[left].known and known[right].known):
        return [([], check.verdict)]
    opened = ["!~", ["open", left, right], ["open", right, left]]
    if check.kind == "limit":
        apart = [">", left, right]
        return [([apart, opened], CONTRADICT), ([apart], CANNOT), ([], AGREE)]
    found = [([["~", left, right]], AGREE)]
    if check.kind == "flow":
        return [*found, ([], UNEXPLAINED)]
    if check.kind == "stale" and _is_before(evaluate(older, known), known[right]):
        found.append(([["~", left, older]], OUT_OF_DATE))
    return [*found, ([opened], CONTRADICT), ([], CANNOT)]


def _was_true(check: Any, left: Quantity, right: Quantity, known: Mapping[str, Quantity]) -> bool:
    """Whether the left side is true of an earlier day than the right one: of that of the count that
    it repeats (`older`), which it has to fit, or of its own.
    """
    older = _side(check, "older", known) if check.older else left
    return older.known and agree(left, older) == AGREE and _is_before(older, right)


def _is_before(older: Quantity, right: Quantity) -> bool:
    return bool(older.date and right.date) and day(older.date) < day(right.date)


def _open_ended(side: Quantity, other: Quantity) -> Quantity:
    """A printed "more than" with one digit that is not 0, such as more than 30,000, as far as the
    other side: it is as true of much more.
    """
    digits = f"{side.value:.0f}".rstrip("0")
    floor = side.qualifier == "at_least" and not side.formula and len(digits) == 1
    return replace(side, high=max(side.high, other.high)) if floor else side

"""Does the ledger come out the same from printed words, and do its bounds hold?"""

import random
import re
from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpleeval import SimpleEval

from taawun import quantity
from taawun.formula import FUNCTIONS, OPERATORS, below, order
from taawun.paths import PROCESSED, ROOT
from taawun.quantity import Quantity, constant
from taawun.tables import BadTable
from taawun.verify import recompute
from taawun.verify.recompute import recomputed

FIGURES, ROWS, FOUND, PROBLEMS = recomputed(PROCESSED)
RAW = {row["name"] for row in FIGURES if row["measure"] != "text"}
FORMULAS = {name: row["formula"] for name, row in ROWS.items()}
BELOW = {name: below(FORMULAS, name) for name in ROWS}
PRINTED = {name: q for name, q in FOUND.items() if FORMULAS.get(name) == ""}
RESULTS = [name for name in FORMULAS if FORMULAS[name]]
ENGLISH = ROOT / "reports" / "05-brief.en.html"
IN_BRIEF = (
    set(re.findall(r'<article id="n-(\w+)"', ENGLISH.read_text(encoding="utf-8")))
    if ENGLISH.exists()
    else set()
)


def again(changed: dict[str, Quantity]) -> dict[str, Quantity]:
    """The whole ledger reckoned anew with some printed figures replaced."""
    found, problems = recompute.results(ROWS, {**PRINTED, **changed})
    assert not problems
    return found


def differ(one: Quantity, other: Quantity) -> bool:
    return any(
        not isclose(getattr(one, end), getattr(other, end), rel_tol=1e-12)
        for end in ("value", "low", "high")
        if one.known
    )


#: The change of the register stands above and below the line of this result, and cancels.
CANCELS = {"horizon_members"}


def may_stand(id: str, downstream: set[str]) -> bool:
    """Whether a result need not move with a figure below it: the figure may lie inside a span of
    several answers (hull), whose ends are others, or cancel.
    """
    return id in CANCELS or any(
        "hull(" in FORMULAS[part] for part in {id, *BELOW[id]} & downstream if part in FORMULAS
    )


def test_ledger_comes_out_the_same_from_printed_words():
    assert not PROBLEMS
    assert len(FOUND) == len(ROWS)


def test_printed_figure_that_no_ledger_has_is_named():
    without = {name: row for name, row in ROWS.items() if name not in ("A05", "D39b")}
    assert recompute.missing(without, ["A01", "A05", "D39b"]) == [
        "no ledger has «A05» and 1 more of the printed figures; run make report first"
    ]
    assert recompute.missing(ROWS, PRINTED) == []


@pytest.mark.parametrize("id", RESULTS)
def test_result_resolves_to_printed_figures(id):
    leaves = {part for part in BELOW[id] if not FORMULAS[part]}
    assert leaves
    assert leaves <= RAW


@pytest.mark.parametrize("figure", sorted(IN_BRIEF & RAW))
def test_changed_figure_changes_what_rests_on_it_and_nothing_else(figure):
    one = PRINTED[figure]
    span = abs(one.value) * 0.003
    changed = again(
        {
            figure: replace(
                one, value=one.value + span, low=one.low - span / 3, high=one.high + 2 * span
            )
        }
    )
    downstream = {id for id in ROWS if figure in BELOW[id] and FOUND[id].known}
    moved = {id for id in ROWS if differ(FOUND[id], changed[id])}
    assert moved <= downstream
    assert {id for id in downstream - moved if not may_stand(id, downstream)} == set()


def test_changed_words_change_the_same_entries(as_ledger, cleaned):
    """The same once from the words themselves, through step 01."""
    changed = again(as_ledger(cleaned(changes={"D39": {"as_printed": "41.531 coopératives"}})))
    moved = {id for id in ROWS if differ(FOUND[id], changed[id])}
    downstream = {id for id in ROWS if "register_stock_2020_12" in BELOW[id]}
    assert moved <= downstream
    assert {id for id in downstream - moved if not may_stand(id, downstream)} == set()


def point(value: float, unit: str) -> Quantity:
    return Quantity(value, value, value, unit)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_true_values_inside_the_bounds_give_true_results_inside_the_bounds(seed):
    """Every formula is reckoned with one true value for each printed figure, drawn from its bounds;
    a person's rounding and the choice of a scenario are drawn, too.
    """
    draw = random.Random(seed)

    def rounded(true, place):
        return point(true.value + draw.uniform(-place / 2, place / 2), true.unit)

    functions = FUNCTIONS | {
        "percent": quantity.percent,
        "counted_as": quantity.counted_as,
        "constant": constant,
        "rounded": rounded,
        "hull": lambda *true: draw.choice(true),
    }
    true = {
        id: point(draw.choice([q.low, q.high, draw.uniform(q.low, q.high)]), q.unit)
        for id, q in PRINTED.items()
        if q.known
    }
    placed, _ = order({name: FORMULAS[name] for name in RESULTS}, PRINTED)
    for id in placed:
        if FOUND[id].known:
            true[id] = constant(
                SimpleEval(operators=OPERATORS, functions=functions, names=true).eval(FORMULAS[id])
            )
            slack = 1e-9 * max(abs(FOUND[id].low), abs(FOUND[id].high), 1e-6)
            assert FOUND[id].low - slack <= true[id].value <= FOUND[id].high + slack, id


def test_an_id_in_two_ledgers_is_named(tmp_path):
    for name in ("02-ledger.csv", "04-ledger.csv"):
        (tmp_path / name).write_text("id,formula\nx,1 + 1\n", encoding="utf-8")
    with pytest.raises(BadTable, match=r"^04-ledger\.csv: the id «x» stands in two ledgers"):
        recompute.ledgers(tmp_path)


def row(name, **cells):
    blank = dict.fromkeys(
        ["value", "low", "high", "unit", "qualifier", "formula", "start", "date"], ""
    )
    return {name: blank | {"id": name, "file": "03-ledger.csv"} | cells}


def test_every_difference_is_told_and_a_dead_end_too():
    found = {"x": Quantity(2.0, 1.0, 3.0, "members")}
    same = {"value": "2", "low": "1", "high": "3", "unit": "members", "qualifier": "exact"}
    assert recompute.compare(row("x", **same), found) == []
    assert recompute.compare(row("x", **same | {"low": "", "unit": "MAD"}), found) == [
        "03-ledger.csv: low of «x» is empty, reckoned again it is 1",
        "03-ledger.csv: unit of «x» is MAD, not members",
    ]
    assert recompute.compare(row("y"), found) == [
        "03-ledger.csv: «y» has no formula and is no printed figure: a dead end"
    ]
    assert recompute.compare(row("y", formula="z + 1"), found) == []


def test_a_formula_that_cannot_be_computed_is_named():
    rows = row("x", formula="a + b", label="", date="")
    known = {"a": Quantity(1, 1, 1, "members"), "b": Quantity(1, 1, 1, "MAD")}
    _, problems = recompute.results(rows, known)
    assert len(problems) == 1
    assert problems[0].startswith("03-ledger.csv: «x» cannot be reckoned from «a + b»: ")

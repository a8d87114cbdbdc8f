"""All readings as tables."""

import pytest

from taawun import readings
from taawun.ledger import Ledger
from taawun.quantity import Quantity
from taawun.report import multiverse, worth

ROWS = [
    {
        "choice": "old ones",
        "option": "another count",
        "name": "old",
        "stands_for": "other",
        "status": "possible",
    },
    {
        "choice": "new ones",
        "option": "as many",
        "name": "new",
        "stands_for": "new - other",
        "status": "equivalent",
    },
]
GREW = "It grew by {gain}, to {new}.{gain > 0:if}"
SHRANK = "It shrank.{gain < 0:if}"


@pytest.fixture
def ledger(monkeypatch):
    for module in (readings, worth):
        monkeypatch.setattr(module, "typed", lambda: ROWS)
    counts = {"old": 40, "new": 100, "other": 120}
    ledger = Ledger({k: Quantity(v, v, v, "lights", id=k, date="2025") for k, v in counts.items()})
    ledger.add("gain", ledger["new"] - ledger["old"], "gain")
    return ledger


def test_one_row_a_sentence_that_is_said_under_a_condition(ledger):
    ledger.add("late", ledger["new"] * float("nan"), "not yet published")
    said = [
        GREW,
        "No condition {gain}.",
        SHRANK,
        "{:one=a;other=b}",
        "{late > 0:if}",
        "{no > 1:if}",
    ]
    (row,) = multiverse.claims(said, ledger).to_dict("records")
    assert row == {
        "claim": "it-grew-by-to",
        "template": GREW,
        "number": "gain",
        "value": 60,
        "low": -140,
        "high": 60,
        "least": "-140",
        "greatest": "60",
        "equivalent_holds": 1,
        "equivalent_count": 2,
        "all_holds": 1,
        "all_count": 4,
        "moved_by": "new ones",
        "fails_with": "old ones: another count; new ones: as many",
        "about": "",
        "worth_knowing": "new",
        "worth_share": pytest.approx(60),
    }


def test_a_sentence_whose_number_nothing_moves_has_nothing_worth_knowing(ledger):
    (row,) = multiverse.claims(["{other} stay.{other > 0:if}"], ledger).to_dict("records")
    assert (row["worth_knowing"], row["worth_share"], row["moved_by"]) == ("", None, "")


def test_a_curve_has_each_reading_once_and_the_options_that_it_takes(ledger):
    curve, options = multiverse.curve(GREW, ledger)
    assert list(curve) == ["value", "low", "high", "used", "holds"]
    assert list(options) == ["name", "note", "at"]
    assert curve.values.tolist() == [
        [60, 60, 60, True, True],
        [-60, -60, -60, False, False],
        [-20, -20, -20, False, False],
        [-140, -140, -140, False, False],
    ]
    assert options.values.tolist() == [
        ["as read", "old ones", [0, 1]],
        ["another count", "old ones", [2, 3]],
        ["as read", "new ones", [0, 2]],
        ["as many", "new ones", [1, 3]],
    ]


def test_the_curve_of_no_sentence_is_empty(ledger):
    assert [table.empty for table in multiverse.curve("", ledger)] == [True, True]


def test_a_curve_leaves_out_readings_in_which_there_is_no_number(ledger, monkeypatch):
    ledger.add("part", ledger["other"] / ledger["gain"], "part")
    rows = [{**ROWS[0], "stands_for": "new + 0"}]
    monkeypatch.setattr(readings, "typed", lambda: rows)
    curve, options = multiverse.curve("{part} of them.{part > 1:if}", ledger)
    assert curve["value"].tolist() == [2]
    assert options.values.tolist() == [["as read", "old ones", [0]]]


def test_disputes_that_a_sentence_names_are_told(ledger, monkeypatch):
    said = "{old} or {other}, {new} or {fresh}.{old > 0:if}"
    ledger.add("fresh", ledger["other"] * 1, "fresh")
    rows = [ROWS[0], {**ROWS[1], "stands_for": "fresh"}]
    monkeypatch.setattr(readings, "typed", lambda: rows)
    (row,) = multiverse.claims([said], ledger).to_dict("records")
    assert row["about"] == "old ones; new ones"


def test_a_curve_is_that_of_the_first_number_that_moves(ledger):
    ledger.extend([Quantity(7, 7, 7, "lights", id="still", date="2025")])
    curve, _ = multiverse.curve("Of {still} there are {gain} more.{gain > 0:if}", ledger)
    assert curve["value"].tolist() == [60, -60, -20, -140]

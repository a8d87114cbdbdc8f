"""Readings: every option of every choice below a result, exactly, and held against brute force."""

import re
from dataclasses import replace
from itertools import product
from math import inf, prod

import pytest

from taawun import readings
from taawun.build import graph
from taawun.ledger import Ledger
from taawun.paths import PROCESSED
from taawun.quantity import Quantity
from taawun.readings import AS_READ, OPTIONS, RULES, Condition, Readings, _computed, typed
from taawun.report import multiverse
from taawun.report.holding import holding
from taawun.report.template import fields
from taawun.verify import claims
from taawun.verify.recompute import ledgers, recomputed, results

ROWS = ledgers(PROCESSED)
KNOWN = recomputed(PROCESSED).quantities


def printed(name, value, low=None, high=None, qualifier="exact", unit="lights"):
    ends = (value if low is None else low, value if high is None else high)
    return Quantity(value, *ends, unit, qualifier, name, name, date="2025-12-31")


def row(choice, option, name, stands_for, status="equivalent"):
    return {
        "choice": choice,
        "option": option,
        "name": name,
        "stands_for": stands_for,
        "status": status,
    }


@pytest.fixture
def ledger():
    old, new = printed("old", 40), printed("new", 100)
    many = printed("many", 60, 60, 61, "at_least")
    ledger = Ledger({q.id: q for q in (old, new, many, printed("other", 120))}, "03")
    ledger.add("gain", new - old, "gain")
    ledger.add("share", (many / new).percent, "share")
    ledger.add("pace", (new - old) / 2, "pace")
    return ledger


OLD = row("old ones", "another count", "old", "other", "possible")
MORE = row("more than", "no ceiling", "many", "open")
HEDGE = row("more than", "no ceiling", "at_least", "open")


def found(readings, name, **reading):
    quantity = readings.number(name, {key.replace("_", " "): one for key, one in reading.items()})
    return quantity.value, quantity.low, quantity.high


def test_a_result_is_computed_with_the_other_figure_in_the_place_of_the_used_one(ledger):
    readings = Readings(ledger, [OLD])
    assert readings.choices(["gain"]) == ("old ones",)
    assert found(readings, "gain") == (60, 60, 60)
    assert found(readings, "gain", old_ones="another count") == (-20, -20, -20)
    assert found(readings, "share", old_ones="another count") == (60, 60, 61)


def test_a_choice_that_is_not_below_a_name_makes_no_readings_of_it(ledger):
    readings = Readings(ledger, [OLD])
    assert readings.choices(["share", "new"]) == ()
    assert readings.choices(["old"]) == ("old ones",)


def test_a_hedge_is_read_for_all_figures_that_are_printed_with_it(ledger):
    readings = Readings(ledger, [HEDGE, row("more than", "itself", "at_least", "exact")])
    assert readings.choices(["gain"]) == ()
    assert found(readings, "share", more_than="no ceiling") == (60, 60, inf)
    assert found(readings, "share", more_than="itself") == (60, 60, 60)


def test_the_far_side_of_a_hedge_downwards_is_open_below(ledger):
    assert RULES["open"](printed("few", 60, 59, 60, "at_most")).low == -inf
    assert RULES["open"](printed("few", 60, 59, 60, "at_most")).high == 60


def test_the_hedge_of_the_other_figure_counts_too(ledger):
    ledger.add("plain", ledger["old"] + ledger["new"], "plain")
    readings = Readings(ledger, [row("old ones", "many", "old", "many"), HEDGE])
    assert readings.choices(["plain"]) == ("old ones", "more than")
    assert found(readings, "plain", old_ones="many", more_than="no ceiling") == (160, 160, inf)


def test_an_option_may_name_what_it_stands_for(ledger):
    readings = Readings(ledger, [row("old ones", "rounded", "old", "rounded(old, 10)")])
    assert found(readings, "gain", old_ones="rounded") == (60, 55, 65)


def test_an_option_that_counts_something_else_is_refused(ledger):
    readings = Readings(ledger, [row("share", "of jobs", "share", "new")])
    with pytest.raises(ValueError, match=r"options\.csv: «new» is in lights, and share, for which"):
        readings.number("share", {"share": "of jobs"})


def test_an_option_for_what_no_step_found_is_refused(ledger, monkeypatch):
    monkeypatch.setattr(readings, "typed", lambda: [row("a", "b", "no_light", "exact")])
    with pytest.raises(ValueError, match=r"options\.csv names no_light, which no step has found"):
        multiverse.claims([], ledger)


def test_a_result_can_have_another_formula_with_spans_of_time(ledger):
    pace = "(new - old) / years(2020-12-31, 2025-12-31)"
    readings = Readings(ledger, [row("day", "later", "pace", pace), OLD])
    assert _computed("years(2020-12-31, 2025-12-31)") == "4.999315537"
    assert readings.number("pace", {"day": "later"}).value == pytest.approx(60 / 4.999315537)
    both = {"day": "later", "old ones": "another count"}
    assert readings.number("pace", both).value == pytest.approx(-20 / 4.999315537)
    assert found(readings, "gain", day="later") == (60, 60, 60)


def test_what_rests_on_a_result_follows_its_other_formula(ledger):
    ledger.add("twice", 2 * ledger["gain"], "twice")
    readings = Readings(ledger, [row("gain", "all", "gain", "new - 0 * old")])
    assert found(readings, "twice", gain="all") == (200, 200, 200)


def test_of_two_options_for_one_name_the_later_choice_holds(ledger):
    rows = [row("day", "later", "gain", "new * 3"), row("base", "zero", "gain", "new * 2")]
    readings = Readings(ledger, rows)
    for reading in ({"day": "later", "base": "zero"}, {"base": "zero", "day": "later"}):
        assert readings.number("gain", reading).value == 200
    assert readings.number("gain", {"day": "later", "base": AS_READ}).value == 300


def test_a_number_that_cannot_be_computed_in_a_reading_is_unknown_there(ledger):
    ledger.add("ratio", ledger["new"] / ledger["gain"], "ratio")
    readings = Readings(ledger, [row("old ones", "as many", "old", "new * 1")])
    assert readings.number("ratio", {}).known
    assert not readings.number("ratio", {"old ones": "as many"}).known
    assert len(readings.span(["ratio"], lambda numbers: numbers["ratio"], ["old ones"])) == 1
    held = holding("It is {ratio}.{ratio > 1:if}", readings)
    assert (held.equivalent, held.low, held.high) == ((1, 2), 100 / 60, 100 / 60)


def test_a_comparison_with_a_number_that_cannot_be_computed_does_not_hold(ledger):
    ledger.add("ratio", ledger["new"] / ledger["gain"], "ratio")
    readings = Readings(ledger, [row("old ones", "as many", "old", "new * 1")])
    assert holding("Apart: {share}.{ratio !~ share:if}", readings).possible == (1, 2)


def test_an_option_that_was_not_yet_published_is_none(ledger):
    later = {**ledger, "other": replace(ledger["other"], value=float("nan"))}
    assert Readings(later, [OLD]).choices(["gain"]) == ()


def test_what_names_both_sides_is_about_the_dispute(ledger):
    ledger.add("apart", ledger["other"] - ledger["old"], "apart")
    readings = Readings(ledger, [OLD])
    assert readings.about(["apart"]) == ("old ones",)
    assert readings.about(["gain"]) == ()
    held = holding("They are {apart} apart.{apart > 0:if}", readings)
    assert (held.about, held.choices, held.possible) == (("old ones",), (), (1, 1))


def test_two_results_changed_by_one_option_are_no_dispute(ledger):
    both = [row("base", "zero", "gain", "new"), row("base", "zero", "pace", "new / 2")]
    readings = Readings(ledger, both)
    assert readings.about(["gain", "pace"]) == ()
    whole = Condition(("gain", "pace"), lambda numbers: numbers["gain"].value == 100)
    assert readings.count([whole], ["base"]) == (1, 2)


def test_equivalent_readings_are_counted_without_the_merely_possible_ones(ledger):
    readings = Readings(ledger, [OLD, row("old ones", "the same", "old", "rounded(old, 2)")])
    held = holding("It grew by {gain}.{gain > 0:if}", readings)
    assert (held.equivalent, held.possible) == ((2, 2), (2, 3))
    assert (held.number, held.low, held.high) == ("gain", -20, 60)
    assert held.moved_by == "old ones"
    assert held.fails_with == ("old ones: another count",)


def test_a_word_that_is_chosen_has_to_stay_the_same(ledger):
    held = holding("The lights {gain:grew|shrank}.", Readings(ledger, [OLD]))
    assert held.possible == (1, 2)
    near = row("old ones", "rounded", "old", "rounded(old, 200)")
    held = holding("The lights {gain:grew|stayed|shrank}.", Readings(ledger, [near]))
    assert held.possible == (1, 2)
    assert holding("The lights {gain:grew|shrank}.", Readings(ledger, [near])).possible == (1, 2)


def test_a_choice_that_moves_no_number_is_named_if_the_sentence_fails_by_it(ledger):
    held = holding("A share of {share}.{share < 70:if}", Readings(ledger, [OLD, HEDGE]))
    assert (held.low, held.high, held.moved_by) == (60, 60, "more than")
    assert held.fails_with == ("more than: no ceiling",)
    held = holding("A share of {share}.{share > 50:if}", Readings(ledger, [HEDGE]))
    assert (held.possible, held.moved_by, held.fails_with) == ((2, 2), "", ())


def test_the_number_of_a_sentence_without_one_is_how_far_its_sides_are_apart(ledger):
    held = holding("More.{new > old:if}", Readings(ledger, [OLD]))
    assert (held.number, held.low, held.high) == ("new > old", -20, 60)


def test_the_choice_that_moves_most_is_found_one_at_a_time(ledger):
    rows = [row("new ones", "rounded", "new", "new + 5 * old / 40"), OLD]
    held = holding("It grew by {gain}.{new >= 0:if}", Readings(ledger, rows))
    assert held.moved_by == "old ones"
    assert (held.low, held.high) == (-20, 65)


def test_the_table_of_options_names_what_the_ledger_has():
    assert OPTIONS.exists()
    assert Readings(KNOWN).unknown() == []
    assert Readings(KNOWN, [row("a", "b", "no_light", "exact")]).unknown() == ["no_light"]
    assert Readings(KNOWN, [row("a", "b", "Q01", "no_light - 1")]).unknown() == ["Q01", "no_light"]


CLAIMS = [
    claim
    for path in graph.notebooks()
    for claim in claims.claims(path, KNOWN)
    if claim.holds and graph.language_of(path)
]


def brute_force(claim, number):
    """In how many readings a claim holds, all combinations of all options computed by the
    verification with other figures and formulas, and the least and greatest of a number.
    """
    readings = Readings(KNOWN)
    choices = [c for c in readings.choices(claim.names) if c not in readings.about(claim.names)]
    by_choice = [
        [(AS_READ, [])]
        + [
            (option, [r for r in typed() if (r["choice"], r["option"]) == (choice, option)])
            for option in dict.fromkeys(r["option"] for r in typed() if r["choice"] == choice)
        ]
        for choice in choices
    ]
    said = fields(claim.template)
    first = next(field for field in said if field.name == number)
    holds, equivalent, values = [], [], []
    for combination in product(*by_choice):
        changes = [change for _, option in combination for change in option]
        numbers = whole_ledger(changes)
        whole = set(claim.names) <= numbers.keys()
        holds.append(whole and all(field.holds(numbers) for field in said))
        equivalent.append(all(change["status"] == "equivalent" for change in changes))
        values += [first.quantity(numbers).value] if numbers.keys() >= set(first.names) else []
    both = [a for a, same in zip(holds, equivalent, strict=True) if same]
    assert len(holds) == prod(map(len, by_choice))
    return (sum(both), len(both)), (sum(holds), len(holds)), (min(values), max(values))


def whole_ledger(changes):
    rules = {change["name"]: RULES[change["stands_for"]] for change in changes if hedge(change)}
    leaves = {name: q for name, q in KNOWN.items() if name not in ROWS or not ROWS[name]["formula"]}
    leaves = {name: rules.get(q.qualifier, lambda q: q)(q) for name, q in leaves.items()}
    leaves = {name: replace(q, start="", date="") for name, q in leaves.items()}
    rows = {
        name: {**found, "start": "", "date": ""} for name, found in ROWS.items() if found["formula"]
    }
    for change in changes:
        name = change["name"]
        if not hedge(change):
            if name in leaves:  # what is printed stays, under another name
                leaves[f"{name}_printed"] = leaves.pop(name)
            formula = re.sub(rf"\b{name}\b", f"{name}_printed", _computed(change["stands_for"]))
            other = formula if f"{name}_printed" in leaves else _computed(change["stands_for"])
            rows[name] = {"formula": other, "label": "", "start": "", "date": "", "file": ""}
    numbers, _ = results(rows, leaves)
    return numbers


def hedge(change):
    return change["stands_for"] in RULES


@pytest.mark.slow
def test_the_readings_of_three_claims_are_those_of_brute_force():
    every = {claim: holding(claim.template, Readings(KNOWN)) for claim in CLAIMS}
    some = sorted(
        (claim for claim, held in every.items() if 8 < held.possible[1] <= 64),
        key=lambda claim: -every[claim].possible[1],
    )[:3]
    assert len(some) == 3
    for claim in some:
        held = every[claim]
        told = (held.equivalent, held.possible, (held.low, held.high))
        assert told == brute_force(claim, held.number)


def test_claims_that_share_no_choice_are_counted_apart_and_multiplied(ledger):
    readings = Readings(ledger, [OLD, HEDGE])
    tests = [
        Condition(("gain",), lambda numbers: numbers["gain"].low > 0),
        Condition(("share",), lambda numbers: numbers["share"].high < 70),
    ]
    assert readings.count(tests, ["old ones", "more than"]) == (1, 4)
    assert readings.count(tests[:1], ["old ones", "more than"]) == (2, 4)
    assert readings.count([], ["old ones", "more than"]) == (4, 4)
    joined = [*tests, Condition(("gain", "share"), lambda numbers: True)]
    assert readings.count(joined, ["old ones", "more than"]) == (1, 4)
    assert readings.count(tests, ["old ones", "more than"], equivalent=True) == (1, 2)


def test_without_a_table_there_is_one_reading(ledger):
    held = holding("It grew by {gain}.{gain > 0:if}", Readings(ledger, []))
    assert (held.equivalent, held.possible, held.note) == ((1, 1), (1, 1), ("", ()))


def test_a_project_may_do_without_the_table(tmp_path, monkeypatch):
    assert len(typed()) > 20
    typed.cache_clear()
    monkeypatch.setattr("taawun.readings.OPTIONS", tmp_path / "options.csv")
    assert typed() == []
    typed.cache_clear()

"""What a page computes anew with: trees of the same arithmetic, all that may stand in a sentence's
place.
"""

import json
from itertools import product
from math import isclose, nan

import pytest

from taawun.ledger import Ledger
from taawun.quantity import Quantity, constant, counted_as, hull, rounded
from taawun.report.prose import Prose


def given(id, value, low=None, high=None, unit="count", qualifier="exact"):
    ends = (value if low is None else low, value if high is None else high)
    return Quantity(value, *ends, unit, qualifier, id=id, label=id)


@pytest.fixture
def say():
    stock = given("stock", 63445.0, unit="cooperatives")
    before = given("before", 40000.0, 39500, 40500, "cooperatives", "about")
    members = given("members", 878000.0, 878000, 879000, "members", "at_least")
    share = given("share", 34.0, 33.5, 34.5, "percent")
    money = given("money", 368e6, 367.5e6, 368.5e6, "MAD")
    unknown = given("absent", nan, nan, nan, "members")
    ledger = Ledger({q.id: q for q in (stock, before, members, share, money, unknown)})
    ledger.add("change", stock - before, "change")
    ledger.add("rate", ((stock / before) ** (1 / 4.9) - 1).percent, "rate")
    ledger.add("women", members * share, "women")
    ledger.add("half", share / constant(2.0), "half")
    ledger.add("each", money / counted_as(stock, "people"), "each")
    ledger.add("near", rounded(stock, 100), "near")
    ledger.add("either", hull(share, (stock / before).percent), "either")
    ledger.add("again", members, "again")
    return Prose(ledger)


def computed(tree, numbers):
    """The tree as (value, low, high), as the script of the page computes it."""
    if isinstance(tree, int | float):
        return (tree,) * 3
    if isinstance(tree, str):
        ends, *arithmetic = numbers[tree][:1] + numbers[tree][3:]
        return computed(arithmetic[0], numbers) if arithmetic else (ends * 3)[:3]
    sign, *parts = tree
    sides = [computed(part, numbers) for part in parts]
    if sign == "hull":
        return sides[0][0], min(low for _, low, _ in sides), max(high for _, _, high in sides)
    apply = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "^": lambda a, b: a**b,
    }[sign]
    ends = [apply(*corner) for corner in product(*(side[1:] for side in sides))]
    value = apply(*(side[0] for side in sides))
    return value, min(value, *ends), max(value, *ends)


def test_trees_give_what_the_ledger_holds(say):
    names = [name for name in say.ledger if say[name].inputs]
    say(*(f"It is {{{name}}}." for name in names))
    numbers = json.loads(json.dumps(say.what_if.bundle()))["numbers"]
    assert set(names) <= set(numbers)
    for name in names:
        for mine, right in zip(
            computed(name, numbers), (say[name].value, say[name].low, say[name].high), strict=True
        ):
            assert isclose(mine, right, rel_tol=1e-12), name


def test_whatever_may_stand_there_is_kept_with_its_conditions(say):
    first = say.first("More: {change}.{change > 99999:if}", "It is {stock} now.{stock > 1:if}")
    said = str(say("Always {stock}.", first, "Never.{absent:if}"))
    [block] = say.what_if.bundle()["blocks"]
    assert block[:2] == ["p", said]
    always, alternatives, never = block[2]
    assert always == [[["Always ", ["stock", ""], "."], []]]
    assert alternatives[0][0] == ["More: ", ["change", ""], "."]
    assert alternatives[0][1] == [[">", "change", 99999]]
    assert alternatives[1][1] == [[">", "stock", 1]]
    assert never == [[]], "what had not been published can never be said"
    say("Of {stock} it is {absent}.", "Of {stock}.")
    assert say.what_if.bundle()["blocks"][1][2][0] == [[]], "nor what rests on it among others"


def test_words_that_follow_a_sign_or_a_count_keep_all_their_forms(say):
    say("It {change:rose|stayed|fell}{stock ? before: above| below}{stock:one=day;other=days}.")
    [[_, _, [[[pieces, _]]]]] = say.what_if.bundle()["blocks"]
    assert ["?", "change", 0, ["rose", "stayed", "fell"]] in pieces
    assert ["?", "stock", "before", [" above", " below"]] in pieces
    assert ["stock", {"one": "day", "other": "days"}] in pieces


def test_sides_of_a_comparison_are_in_one_unit(say):
    say("A {share}.{share > stock / before:if}", "B {share}.{share < 50:if}")
    [[_, _, [[[_, one]], [[_, two]]]]] = say.what_if.bundle()["blocks"]
    assert one == [[">", "share", ["*", ["/", "stock", "before"], 100.0]]]
    assert two == [["<", "share", 50]]


def test_a_block_without_numbers_is_left_as_it_is(say):
    say("Nothing to move.")
    assert say.what_if.bundle()["blocks"] == []


def test_a_number_says_what_changes_how_it_is_written(say):
    say("{stock} {members} {share} {money} {each} {again}")
    numbers = say.what_if.bundle()["numbers"]
    assert numbers["stock"] == [[63445]]
    assert numbers["members"] == [[878000.0, 878000, 879000], "", "at_least"]
    assert numbers["share"] == [[34.0, 33.5, 34.5], "%"]
    assert numbers["money"][1] == "M"
    assert numbers["each"][1] == "M/"
    assert numbers["again"][3] == "members", "another name for one number"


def test_a_headline_names_what_its_readings_are_counted_of(say):
    said = say.items("It grew.{stock > before:if}", "It is {share}.")
    [[kind, _, [[[_, tests, names, about]], [[_, _, *others]]]]] = say.what_if.bundle()["blocks"]
    assert said
    assert (kind, tests) == ("headlines", [[">", "stock", "before"]])
    assert (names, about, others) == (["stock", "before"], [], [["share"], []])


def test_a_row_says_what_else_could_stand_in_it(say):
    table = {
        "who": ["a", "a", "b"],
        "what": ["one", "{before} two", "three"],
        "n": ["share", "half", "share"],
    }
    said = str(say.table(table, link=["n"], widest=("who", "n")))
    assert "one" in said
    assert "two" not in said, "half of a share is less"
    [[links, others]] = say.what_if.bundle()["rows"]
    assert links == "share"
    printed, other = others
    assert printed == [[[">>", "share", "half"]], []], "what stands there need not be said again"
    assert other == [[[">>", "half", "share"]], [["a"], [["before", ""], " two"], [["half", ""]]]]


def test_a_finding_says_what_else_could_be_found(say):
    found = (
        "apart",
        [
            ([["~", "stock", "before"]], "near"),
            ([["!~", ["open", "stock", "before"], "1"]], "apart"),
        ],
    )
    assert "apart" in str(
        say.table({"a": ["stock"], "b": ["before"], "found": [found]}, link=["a", "b"])
    )
    [[links, [near, apart]]] = say.what_if.bundle()["rows"]
    assert links == "stock,before"
    assert near == [[["~", "stock", "before"]], [["near"]]]
    assert apart == [[["!~", ["open", "stock", "before"], 1]], []]


def test_what_is_divided_by_elsewhere_is_kept(say):
    say("It is {change}.")
    bundle = say.what_if.bundle()
    assert bundle["divided"] == ["before", "stock"], "not what no number of the text is below"
    assert {"before", "stock"} <= {*bundle["numbers"]}
    say("And {each}.")
    assert say.what_if.bundle()["divided"] == ["before"], "each is seen to be divided by the stock"


def test_what_it_is_most_worth_to_know_can_be_each_figure_below(say):
    say("Most is to be known of {change:loosest}.{change:if}")
    [[_, _, [[[pieces, _]]]]] = say.what_if.bundle()["blocks"]
    assert {"of": "change", "stock": "stock", "before": "before"} in pieces


def test_words_that_hedge_have_one_meaning_in_the_page(say):
    words = say.what_if.bundle()["signs"]["hedging"]
    assert {"more than", "plus de", "أكثر من"} <= set(words["at_least"])
    every = [word for some in words.values() for word in some]
    assert len(every) == len(set(every))
    assert "sous" not in every, "in another place it hedges nothing"

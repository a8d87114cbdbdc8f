"""What it is worth to know: the width of a number that goes with the room of one figure."""

import pytest

from taawun.ledger import Ledger
from taawun.quantity import Quantity
from taawun.report import worth as module
from taawun.report.prose import Prose
from taawun.report.worth import Worth, labelled, worth


def printed(name, value, low, high):
    return Quantity(value, low, high, "lights", "exact", name, f"the {name} lights", date="2025-06")


@pytest.fixture
def ledger():
    figures = [
        printed("old", 40, 38, 42),
        printed("new", 100, 100, 110),
        printed("lost", 5, 5, 5),
        printed("other", 30, 30, 30),
    ]
    ledger = Ledger({figure.id: figure for figure in figures}, "03")
    new, old, lost = (ledger[name] for name in ("new", "old", "lost"))
    ledger.add("gain", new - old - lost, "gain")
    ledger.add("surely", lost * 2, "surely")
    return ledger


def told(ledger, name):
    return [
        (one.name, round(one.share, 6)) for one in worth([name], lambda found: found[name], ledger)
    ]


@pytest.fixture
def disputed(monkeypatch):
    def options(*rows):
        columns = ("choice", "option", "name", "stands_for", "status")
        rows = [dict(zip(columns, row, strict=True)) for row in rows]
        monkeypatch.setattr(module, "typed", lambda: rows)

    options()
    return options


def test_the_widest_figure_is_worth_most(ledger, disputed):
    # 100..110 less 38..42 less 5 is 14 wide; without the room of new 4, of old 10
    assert told(ledger, "gain") == [("new", round(1000 / 14, 6)), ("old", round(400 / 14, 6))]


def test_an_exact_figure_that_is_disputed_is_worth_knowing(ledger, disputed):
    disputed(("lost", "30", "lost", "other", "possible"))
    # the width is 14 + 25; 14 with lost settled, 29 with new, 35 with old
    assert told(ledger, "gain") == [
        ("lost", round(2500 / 39, 6)),
        ("new", round(1000 / 39, 6)),
        ("old", round(400 / 39, 6)),
    ]
    assert told(ledger, "surely") == [("lost", 100)]


def test_a_figure_with_room_and_a_rival_is_known_without_both(ledger, disputed):
    disputed(("new", "30", "new", "other", "equivalent"))
    # from 30 - 42 - 5 to 110 - 38 - 5: 84 wide, 4 with new settled, 80 with old
    assert told(ledger, "gain") == [("new", round(8000 / 84, 6)), ("old", round(400 / 84, 6))]


def test_how_hedges_are_read_makes_nothing_wider(ledger, disputed):
    disputed(("more than", "no end", "exact", "open", "possible"))
    assert told(ledger, "surely") == []
    assert told(ledger, "gain")[0] == ("new", round(1000 / 14, 6))


def test_a_number_without_room_has_nothing_to_narrow(ledger, disputed):
    assert worth(["surely"], lambda found: found["surely"], ledger) == []


def test_a_sentence_names_the_figure_by_label_and_month(ledger, disputed):
    say = Prose(ledger)
    assert (
        str(say("Worth most: {gain:loosest}."))
        == "Worth most: [the new lights, June 2025](#n-new)."
    )
    assert say.plain("{gain:loosest}") == "the new lights, June 2025"
    assert "new" in say.used
    assert say.loosest("gain")[0] == Worth("new", pytest.approx(1000 / 14))


def test_a_figure_without_a_date_is_named_by_its_label():
    assert labelled("lights", "", "en") == "lights"
    assert labelled("phares", "2025-06-30", "fr") == "phares, juin 2025"


def test_a_sentence_about_nothing_loose_is_not_said(ledger, disputed):
    assert str(Prose(ledger)("Worth most: {surely:loosest}.")) == ""
    with pytest.raises(ValueError, match="surely:loosest}: nothing below it leaves room or is"):
        Prose(ledger).plain("{surely:loosest}")

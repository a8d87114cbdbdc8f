"""Claims: a sentence stands only while its condition holds, and a word that states needs one."""

from dataclasses import replace

import pytest

from taawun import readings
from taawun.ledger import Ledger
from taawun.quantity import Quantity
from taawun.report import claims
from taawun.report.prose import LEDGER, MARKDOWN, Prose

PLANTED = {
    "en": ["fell", "shrinking", "grew", "most", "few", "twice", "jumped", "only", "largest"],
    "fr": ["a augmenté", "recule", "la plupart", "rarement", "petites", "décroissante"],
    "ar": ["وتراجع", "معظم", "قفزة", "أكثر", "صغيرة"],
}
WORDS = [(language, word) for language, words in PLANTED.items() for word in words]
#: Words that none of the project's sentences have had yet.
FURTHER = {
    "en": "soared tumbled dwindled quadrupled accelerated stagnated outnumber threefold slight "
    "substantially marginal overwhelming predominant scarcely worst unprecedented dominate peaked",
    "fr": "explosé effondre grimpe stagne accélère quadruplé multiplié davantage rares négligeable "
    "considérablement fortement majoritairement domine pire",
    "ar": "انهارت تسارع تباطأ ازداد متزايد منخفضة هائل ضئيلة طفيف أضعاف أغلبية ذروة",
}
EXTRA = [(language, word) for language, words in FURTHER.items() for word in words.split()]


@pytest.fixture
def say():
    found = [Quantity(value, value, value, "members", id=id) for id, value in (("a", 5), ("b", 3))]
    late = Quantity(float("nan"), float("nan"), float("nan"), "members", id="late")
    return Prose(Ledger({q.id: q for q in (*found, late)}))


def test_twenty_words_are_planted():
    assert len(WORDS) == 20


@pytest.mark.parametrize(("language", "word"), WORDS)
def test_a_word_that_states_is_refused_without_a_condition(language, word):
    text = f"x {word} x {{a}}."
    with pytest.raises(ValueError, match=r"«x .*»: «.*» states .*accepted: a condition") as refused:
        claims.refuse(text, text, language)
    assert word.split()[-1].removeprefix("la ") in str(refused.value)
    claims.refuse(text + "{a > b:if}", text, language)


@pytest.mark.parametrize(("language", "word"), EXTRA)
def test_so_is_a_word_that_no_sentence_has_had_yet(language, word):
    assert claims.stating(f"x {word} x {{a}}.", language) == {word}


def test_a_word_that_is_part_of_a_name_states_nothing():
    assert not claims.stating("the High Commission; no longer needed if; multiplied by {a}", "en")


def test_a_word_in_a_field_states_nothing_by_itself(say):
    assert str(say("It {a:rose|fell}.")) == "It rose."


def test_a_question_a_label_and_a_hedge_that_is_printed_are_none():
    assert not claims.stating("It is {a} of {b}: no word", "en")
    assert not claims.stating("the fellow mostar", "en")


def test_one_use_is_excused_and_no_other(tmp_path, monkeypatch):
    rows = tmp_path / "excused.csv"
    rows.write_text("begins,language,word,reason\nOne use,en,only,because\n", encoding="utf-8")
    monkeypatch.setattr(claims, "EXCUSED", rows)
    claims.refuse("**One use** of only.", "**One use** of only.", "en")
    for text in ("Another use of only.", "One use of most."):
        with pytest.raises(ValueError, match="states"):
            claims.refuse(text, text, "en")


def test_a_sentence_whose_condition_fails_falls_silent(say):
    assert str(say("More.{a > b:if}", "Fewer.{a < b:if}", "It is {a}.")) == "More. It is [5](#n-a)."
    assert str(say.items("It is {a}.", "Fewer.{a < b:if}")) == "- It is [5](#n-a)."
    assert say.first("Fewer{a < b:if}", "More{a > b:if}") == "More{a > b:if}"


def test_a_heading_is_the_first_that_holds(say):
    heading = say.heading("A shrinking {a}{a < b:if}", "The {a}")
    assert heading.bundle[MARKDOWN] == "## The [5](#n-a)"
    assert say.heading("Fewer{a < b:if}").bundle[MARKDOWN] == ""


def test_the_annex_lists_each_claim_with_its_conditions_and_those_that_fail(say):
    say("More of {a}.{a > b:if}", "Fewer.{a < b:if}", "{late} fell.{late < b:if}", "It is {a}.")
    rows = say.annex("Numbers").bundle[LEDGER]["claims"]
    assert [(row["id"], row["conditions"], row["published"], row["failed"]) for row in rows] == [
        ("more-of", ["a > b"], True, []),
        ("fewer", ["a < b"], True, ["a < b"]),
        ("fell", ["late < b"], False, []),
    ]
    assert rows[0]["names"] == ["a", "b"]
    assert say.used == {"a": None}


OPTION = {
    "choice": "a in another count",
    "option": "one",
    "name": "a",
    "stands_for": "other",
    "status": "equivalent",
}


@pytest.fixture
def disputed(say, monkeypatch):
    """A report in which a is 5 or, just as well, 1, and possibly more than 4."""
    figures = [Quantity(v, v, v, "members", id=id) for id, v in (("a", 5), ("b", 3), ("other", 1))]
    hedged = replace(figures[0], value=4, low=4, high=5, id="more", qualifier="at_least")
    rows = [OPTION, {**OPTION, "option": "more", "stands_for": "more", "status": "possible"}]
    monkeypatch.setattr(readings, "typed", lambda: rows)
    ledger = Ledger({q.id: q for q in (*figures, hedged)})
    return lambda language="en": Prose(ledger, None, language)


ITEM = "**So it is:** {a} there.{a > b:if}"


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "Holds in 1 of 2 equivalent readings, and in 2 of 3 with all that are possible."),
        ("fr", "Tient dans 1 lectures équivalentes sur 2, et dans 2 sur 3 avec toutes"),
        ("ar", "القراءات المتكافئة التي يصح فيها: 1 من 2؛ ومع كل قراءة ممكنة: 2 من 3."),
    ],
)
def test_a_key_message_says_in_how_many_readings_it_holds(disputed, language, note):
    assert f" *{note}" in str(disputed(language).items(ITEM))


def test_a_message_that_holds_in_all_readings_says_so_in_fewer_words(disputed):
    said = str(disputed().items("**So:** {a}.{a > 0:if}", "**Or:** {b}.{b > 0:if}", "**No:** {b}."))
    assert said.splitlines() == [
        "- **So:** [5](#n-a). *Holds in 3 of 3 readings.*",
        "- **Or:** [3](#n-b).",
        "- **No:** [3](#n-b).",
    ]


def test_items_that_are_no_headlines_stand_without_a_note(disputed):
    say = disputed()
    assert str(say.items(ITEM, headlines=False)) == "- **So it is:** [5](#n-a) there."
    assert ITEM not in say.claims.headlines


def test_the_annex_says_of_each_claim_how_it_holds_and_whether_it_is_a_headline(disputed):
    say = disputed()
    say.items(ITEM)
    say.heading("A head{a > b:if}")
    say.document(title=say.first("A title{b > a:if}", "B title{a >= b:if}"))
    say("In a sentence {b}.{b > 0:if}")
    rows = say.annex("Annex").bundle[LEDGER]["claims"]
    told = {row["template"]: row for row in rows}
    assert [row["headline"] for row in rows] == [True, True, False, True, False]
    assert told["A title{b > a:if}"]["readings"] is None
    assert told[ITEM]["readings"] == {
        "equivalent": (1, 2),
        "possible": (2, 3),
        "number": "a",
        "low": 1,
        "high": 5,
        "moved_by": "a in another count",
        "fails_with": ("a in another count: one",),
        "choices": ("a in another count",),
        "about": (),
    }


def test_the_title_of_a_figure_is_a_headline(disputed):
    say = disputed()
    figure = say.figure(
        "f", ("<svg/>", "<svg/>"), title=say.first("Up{a > b:if}"), subtitle="s", caption="c",
        alt="d", table=say.table({"A": ["b"]}, ["A"]),
    )  # fmt: skip
    assert figure.bundle
    assert "Up{a > b:if}" in say.claims.headlines


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "In 3 readings of its sources: between 1 and 5."),
        ("fr", "Selon 3 lectures des sources : entre 1 et 5."),
        ("ar", "بحسب 3 من قراءات المصادر: بين 1 و5."),
    ],
)
def test_the_card_of_a_number_says_between_which_values_its_readings_are(disputed, language, words):
    say = disputed(language)
    say("{a} and {b}")
    entries = {entry["id"]: entry for entry in say.annex("Annex").bundle[LEDGER]["entries"]}
    assert entries["a"]["readings"] == words
    assert entries["b"]["readings"] == ""


def test_a_number_that_is_the_same_in_all_readings_has_no_span(disputed, monkeypatch):
    monkeypatch.setattr(readings, "typed", lambda: [{**OPTION, "stands_for": "rounded(a, 2)"}])
    assert disputed().spread(disputed()["a"]) == ""

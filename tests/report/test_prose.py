"""Sentences: every number a link to its entry, no sentence about what was not published."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from taawun.ledger import Ledger, UnknownName
from taawun.quantity import Quantity
from taawun.report.prose import DOCUMENT, FIGURE, LEDGER, TABLE, Prose, Shown

NARROW, WIDE = "\u202f", "\u00a0"


def q(value, low=None, high=None, unit="cooperatives", **more) -> Quantity:
    low, high = (value if end is None else end for end in (low, high))
    return Quantity(value, low, high, unit, **more)


STOCK = q(
    63_445, 63_444, 63_445, id="A03", label="cooperatives", date="2025-12", qualifier="nearly"
)
WOMEN = q(7_750, id="A09", label="women's cooperatives", date="2025")
SHARE = (WOMEN / STOCK).percent.named("women_share", "share of women's cooperatives")
DOUBLE = (2 * SHARE).named("double_share", "twice the share")
LATE = q(math.nan, id="late", label="not yet")
LATE_SHARE = (LATE / STOCK).named("late_share", "share of what is not yet known")
RISE, FALL, FLAT = (
    q(value, value - 1, value + 1, "percent", id=id)
    for value, id in [(5, "rise"), (-5, "fall"), (0.2, "flat")]
)
FOUND = {
    quantity.id: quantity
    for quantity in (STOCK, WOMEN, SHARE, DOUBLE, LATE, LATE_SHARE, RISE, FALL, FLAT)
}
FIGURES = pd.DataFrame(
    [
        {
            "figure_id": "A03",
            "as_printed": "قرابة 63.445 تعاونية",
            "read_as": "",
            "language": "ar",
            "publisher": "Zanka",
            "title": "t",
            "published": "2026-01-19",
            "url": "https://example.org",
            "note": "n",
            "value": 63_445.0,
        },
        {
            "figure_id": "A09",
            "as_printed": "7.750",
            "read_as": "7.750 coopératives",
            "language": "fr",
            "publisher": "ODCO",
            "title": "r",
            "published": "2025",
            "url": "",
            "note": None,
            "value": 7_750.0,
        },
    ]
)


@pytest.fixture
def say() -> Prose:
    return Prose(FOUND, FIGURES)


def test_every_number_of_a_sentence_is_a_link_to_its_entry(say):
    assert (
        str(say("There are {A03} cooperatives; {women_share} are women’s."))
        == "There are [nearly 63,445](#n-A03) cooperatives; [12.2%](#n-women_share) are women’s."
    )
    assert list(say.used) == ["A03", "women_share"]


def test_plain_text_has_the_same_numbers_without_links(say):
    assert say.plain("{A03} and {women_share}") == "nearly 63,445 and 12.2%"
    assert list(say.used) == [
        "A03",
        "women_share",
    ]


def test_a_sentence_whose_number_was_not_published_is_dropped_whole(say):
    assert (
        str(say("One: {A09}.", "Two: {late} of {A03}.", "Three: {late_share}.", "Four."))
        == "One: [7,750](#n-A09). Four."
    )
    assert str(say.items("{A09} of them", "{late} of them")) == "- [7,750](#n-A09) of them"
    assert say.first("{late}", "{late_share}", "{A09}", "{A03}") == "{A09}"
    assert say.first("{late}") == ""
    assert list(say.used) == ["A09"]


def test_a_number_that_was_not_published_is_never_printed_as_nan(say):
    for write in (say.link, say.plain):
        with pytest.raises(ValueError, match="not been published"):
            write("{late}")


def test_a_number_can_be_required_without_being_printed(say):
    assert str(say("{A03:if}The register is.", "{late:if}It is not.")) == "The register is."
    assert not say.used


@pytest.mark.parametrize(
    "write",
    [
        lambda say: say("{women_shar}"),
        lambda say: say("{late} {women_shar}"),
        lambda say: say.items("{women_shar}"),
        lambda say: say.first("{women_shar}"),
        lambda say: say.link("{women_shar}"),
        lambda say: say.plain("{women_shar:rose|fell}"),
        lambda say: say.table({"x": ["{women_shar}"]}),
        lambda say: say["women_shar"],
    ],
)
def test_an_unknown_id_is_an_error_that_suggests_the_nearest(say, write):
    with pytest.raises(UnknownName) as error:
        write(say)
    assert str(error.value).startswith(
        "there is no {women_shar} in the ledger; the nearest are women_share"
    )
    assert isinstance(error.value, LookupError)


@pytest.fixture
def named() -> Prose:
    found = {"stock": STOCK.named("stock", "cooperatives"), "women": WOMEN.named("women", "w")}
    found = {name: replace(q, inputs=(), formula="") for name, q in found.items()}
    return Prose(Ledger(found, names={"A03": "stock", "A09": "women"}), FIGURES)


def test_a_printed_id_in_a_sentence_suggests_its_name(named):
    for write in (named, named.items, named.link, lambda text: named.table({"n": [text]})):
        with pytest.raises(UnknownName, match=r"no \{A03\} in the ledger; the nearest are stock$"):
            write("{A03:if}")
    assert "[nearly 63,445](#n-stock)" in str(named.table({"n": ["A03"]}, link=["n"]))
    assert list(named.rows(["A09"])["id"]) == ["women"]
    assert named.field("A09") == "{women}"


def test_an_entry_prints_the_code_and_the_words_of_its_figure(named):
    named("{stock}")
    entry = entries(named)["stock"]
    assert (entry["code"], entry["words"]) == ("A03", "قرابة 63.445 تعاونية")


def test_an_entry_names_who_else_prints_its_number(say):
    page = {"figure_id": "B1", "publisher": "Atlas", "as_printed": "63.445", "language": "fr"}
    both = pd.concat([FIGURES.assign(also="B1"), pd.DataFrame([page | {"url": "https://a.ma"}])])
    known = Prose(FOUND, both)
    known("{A03}")
    [other] = entries(known)["A03"]["also"]
    assert other == {
        "publisher": "Atlas",
        "words": "63.445",
        "words_language": "fr",
        "url": "https://a.ma",
    }
    say("{A03}")
    assert entries(say)["A03"]["also"] == []


def test_an_id_like_no_other_still_gets_examples(say):
    with pytest.raises(UnknownName, match="the nearest are A03, A09, women_share"):
        say["zzzzzzzz"]


@pytest.mark.parametrize(
    ("id", "two", "three"),
    [("rise", "rose", "rose"), ("fall", "fell", "fell"), ("flat", None, "did not change")],
)
def test_a_word_of_direction_follows_the_number(say, id, two, three):
    assert two is None or say.link(f"It {{{id}:rose|fell}}.") == f"It {two}."
    assert say.link(f"It {{{id}:rose|did not change|fell}}.") == f"It {three}."
    assert id in say.used


def test_arabic_says_per_cent_in_a_sentence_and_keeps_the_sign_in_a_table():
    say = Prose({**FOUND, "r": q(14, 13, 15, "percent", id="r", qualifier="range")}, language="ar")
    assert "بين 13 و15 في المائة" in say.link("{r}")
    assert "15%" in str(say.table({"x": ["{r}"]}))
    assert "بين 13% و15%" in say.link("**{r}**")  # a number that stands out by itself


def test_a_date_comes_from_the_quantity(say):
    assert say.link("in {A03:date} and {A09:date}") == "in December 2025 and 2025"
    assert Prose(FOUND, language="fr").link("{A03:date}") == "décembre 2025"


def test_sentences_take_the_number_format_of_their_language():
    assert (
        Prose(FOUND, language="fr").link("{A09}; {women_share}").replace(WIDE, " ")
        == f"[7{NARROW}750](#n-A09); [12,2 %](#n-women_share)"
    )
    assert (
        re.sub("[\u200e\u200f]", "", Prose(FOUND, language="ar").link("{A09}; {women_share}"))
        == "[7.750](#n-A09); [12,2 في المائة](#n-women_share)"
    )


def test_a_translation_may_move_its_numbers_and_is_hedged_in_its_own_words(monkeypatch):
    french = {
        "{A03} cooperatives, {A09} of women": "{A09} de femmes sur {A03}",
        "nearly {}": "près de {}",
    }
    monkeypatch.setattr(
        "taawun.report.writer.translate", lambda text, language: french.get(text, text)
    )
    assert (
        Prose(FOUND, language="fr").link("{A03} cooperatives, {A09} of women")
        == f"[7{NARROW}750](#n-A09) de femmes sur [près de 63{NARROW}445](#n-A03)"
    )


def test_a_sentence_without_a_translation_is_marked_and_listed():
    french = Prose(FOUND, language="fr")
    assert (
        french.link("No such sentence in any catalogue: {A09}.")
        == f"⟦No such sentence in any catalogue: [7{NARROW}750](#n-A09).⟧"
    )
    assert (
        "No such sentence in any catalogue: {A09}." in french.annex("").bundle[LEDGER]["messages"]
    )


@pytest.mark.parametrize(
    ("value", "language", "category"),
    [
        (1, "en", "one"),
        (2, "en", "other"),
        (0, "fr", "one"),
        (1.5, "fr", "one"),
        (2, "fr", "other"),
        (2, "ar", "two"),
        (3, "ar", "few"),
        (11, "ar", "many"),
        (100, "ar", "other"),
    ],
)
def test_a_noun_takes_the_plural_form_of_its_number(value, language, category):
    template = "{one:zero=a;one=b;two=c;few=d;many=e;other=f}"
    assert (
        Prose({"one": q(value, id="one")}, language=language).plain(template).strip("⟦⟧")
        == dict(zip(["zero", "one", "two", "few", "many", "other"], "abcdef", strict=True))[
            category
        ]
    )


def test_text_without_fields_is_left_alone(say):
    assert say.link("Law 112-12 {of} 2014".replace("{of}", "of")) == "Law 112-12 of 2014"
    assert not say.used


def test_a_table_is_markdown_with_links_and_marks_what_is_unknown(say):
    made = str(
        say.table(
            {
                "what": ["stock", "women's share", "later"],
                "number": ["{A03}", "{women_share}", "{late}"],
                "of": ["", "{A03}", "{A09}"],
            },
            numbers=["number"],
        )
    )
    assert made.split("\n") == [
        "| what | number | of |",
        "| :--- | ---: | :--- |",
        "| stock | [nearly 63,445](#n-A03) |  |",
        "| women’s share | [12.2%](#n-women_share) | [nearly 63,445](#n-A03) |",
        "| later | – | [7,750](#n-A09) |",
    ]


def test_a_row_of_unknown_numbers_is_left_out_and_a_row_of_words_stays(say):
    made = str(
        say.table(
            {"what": ["a", "b", "c"], "number": ["{late}", "not reported", "{A09}"]}, unknown="?"
        )
    )
    assert made.split("\n")[2:] == ["| b | not reported |", "| c | [7,750](#n-A09) |"]
    assert str(say.table({"what": ["a"], "number": ["{late}"]})) == ""


def test_a_caption_stands_above_its_table_and_never_without_one(say):
    assert str(say.table({"n": ["{A09}"]}, caption="Counts")).startswith("Table: Counts\n\n| n |\n")
    assert str(say.table({"n": ["{late}"]}, caption="Counts")) == ""


def test_a_table_is_also_given_in_its_parts(say):
    shown = say.table(
        {"what": ["a", "b"], "number": ["{A09}", "{late}"]}, numbers=["number"], caption="Counts"
    )
    assert shown.bundle[TABLE] == {
        "caption": "Counts",
        "columns": ["what", "number"],
        "numbers": [False, True],
        "rows": [["a", "[7,750](#n-A09)"]],
    }
    assert TABLE not in say.table({"n": ["{late}"]}, caption="Counts").bundle


@pytest.mark.parametrize(
    ("cell", "written"),
    [("a | b", r"a \| b"), (r"a \| b", r"a \| b"), (r"a \\| b", r"a \\\| b"), ("a\nb", "a b")],
)
def test_a_bar_or_a_line_break_does_not_end_a_cell(say, cell, written):
    assert str(say.table({"n": [cell]})).split("\n")[2:] == [f"| {written} |"]


def test_a_column_of_names_is_shown_as_their_numbers(say):
    frame = pd.DataFrame({"what": ["a", "b", "c"], "one": ["A03", "", "late"]})
    for linked in (frame.assign(two=["A09", "A09", "A09"]), frame.assign(two=[WOMEN] * 3)):
        made = str(say.table(linked, link=["one", "two"], empty="no count"))
        assert made.split("\n") == [
            "| what | one | two |",
            "| :--- | ---: | ---: |",
            "| a | [nearly 63,445](#n-A03) | [7,750](#n-A09) |",
            "| b | no count | [7,750](#n-A09) |",
            "| c | – | [7,750](#n-A09) |",
        ]
    assert "| :--- |" in str(say.table({"n": ["A09"]}, link=["n"], numbers=[]))
    with pytest.raises(UnknownName, match=r"there is no \{A3\} .*nearest are A03"):
        say.table({"n": ["A3"]}, link=["n"])


@pytest.mark.parametrize("role", ["link", "numbers"])
def test_a_column_that_the_table_has_not_is_an_error(say, role):
    with pytest.raises(ValueError, match=r"no column «Sad»; its columns are Said, Why"):
        say.table({"Said": ["{A09}"], "Why": [""]}, **{role: ["Sad"]})


def test_columns_of_unequal_length_are_an_error(say):
    with pytest.raises(ValueError, match=r"longer than|shorter than"):
        say.table({"what": ["a", "b"], "number": ["{A09}"]})


def test_a_figure_carries_all_its_words_with_numbers_of_the_ledger(say):
    shown = say.figure(
        "stock",
        ("<svg/>", "<svg narrow/>"),
        title="{A03} now",
        subtitle="number",
        caption="ODCO",
        alt="A line up to {A03}",
        table=say.table({"n": ["{A09}"]}),
    )
    part = shown.bundle[FIGURE]
    assert part["id"] == "stock"
    assert (part["svg"], part["svg_narrow"]) == ("<svg/>", "<svg narrow/>")
    assert part["title"] == "[nearly 63,445](#n-A03) now"
    assert part["alt"] == "A line up to nearly 63,445"
    assert part["table"]["columns"] == ["n"]
    assert part["table"]["rows"] == [["[7,750](#n-A09)"]]
    assert "<svg/>" in shown.bundle["text/html"]
    assert "nearly 63,445" in shown.bundle["text/html"]
    assert "#n-" not in shown.bundle["text/html"]
    assert (
        FIGURE
        not in say.figure(
            "none", ("", ""), title="{late}", subtitle="", caption="", alt="", table=Shown({})
        ).bundle
    )


def test_a_figure_whose_alt_cannot_be_said_is_described_by_its_subtitle(say):
    words = {"title": "Members", "subtitle": "{A03} in all", "caption": ""}
    shown = say.figure("m", ("<svg/>", "<svg/>"), **words, alt="up to {late}", table=Shown({}))
    assert shown.bundle[FIGURE]["alt"] == "nearly 63,445 in all"


def test_points_of_a_plot_are_the_known_quantities_with_their_printed_labels(say):
    points = say.rows([STOCK, LATE, SHARE], label=["A03"])
    assert list(points["id"]) == ["A03", "women_share"]
    assert list(points["label"]) == ["nearly 63,445", ""]
    assert list(points["low"]) == [63_444, SHARE.low]
    assert set(say.used) == {"A03", "women_share"}
    assert list(say.rows([WOMEN])["label"]) == ["7,750"]
    assert say.rows(["A03", "late", SHARE], label=[STOCK]).equals(points)


def test_an_axis_has_the_digits_of_its_language_and_its_unit(say):
    assert say.axis()(2_000_000) == "2,000,000"
    assert say.axis("percent")(12.5) == "12.5%"
    assert Prose(FOUND, language="fr").axis()(1_000) == f"1{NARROW}000"


def test_a_document_has_its_title_as_plain_text_and_its_language(say):
    shown = say.document(title="{A03} cooperatives", subtitle="How many?")
    assert shown.bundle[DOCUMENT] == {
        "title": "nearly 63,445 cooperatives",
        "subtitle": "How many?",
        "language": "en",
    }
    assert str(shown).startswith("# nearly 63,445 cooperatives")


def entries(say: Prose) -> dict[str, dict]:
    return {entry["id"]: entry for entry in say.annex("Sources").bundle[LEDGER]["entries"]}


def test_the_annex_holds_all_that_was_said_and_what_it_rests_on_with_no_dead_end(say):
    say("{double_share} beside {women_share}.")
    found = entries(say)
    assert set(found) == {"double_share", "women_share", "A09", "A03"}
    for entry in found.values():
        assert set(entry["inputs"]) <= set(found)
        assert bool(entry["inputs"]) == bool(entry["formula"])
        assert entry["value"]
        assert entry["inputs"] or entry["words"], f"{entry['id']} rests on nothing"
        assert set(re.findall(r"#n-(\w+)", entry["formula"])) == set(entry["inputs"])


def test_the_annex_counts_what_stands_in_figures_tables_and_words_but_nothing_else(say):
    say.table({"n": ["{A09}"]})
    assert set(entries(say)) == {"A09"}
    say("It {rise:rose|fell}.", "{late}")
    assert set(entries(say)) == {"A09", "rise"}


def test_the_annex_tells_of_every_name_whether_it_had_been_published(named):
    named("{stock}")
    assert named.annex("").bundle[LEDGER]["published"] == {"stock": True, "women": True}
    published = Prose(FOUND).annex("").bundle[LEDGER]["published"]
    assert list(published) == list(FOUND)
    assert [name for name, known in published.items() if not known] == ["late", "late_share"]


def test_an_entry_shows_the_words_as_printed_or_the_arithmetic_with_linked_numbers(say):
    say("{women_share}")
    found = entries(say)
    assert found["women_share"]["formula"] == "[7,750](#n-A09) ÷ [nearly 63,445](#n-A03)"
    assert found["women_share"]["inputs"] == ["A09", "A03"]
    assert found["women_share"]["words"] == ""
    stock = found["A03"]
    assert (
        stock["words"],
        stock["words_language"],
        stock["publisher"],
        stock["title"],
        stock["published"],
        stock["url"],
        stock["note"],
        stock["date"],
    ) == (
        "قرابة 63.445 تعاونية",
        "ar",
        "Zanka",
        "t",
        "2026-01-19",
        "https://example.org",
        "n",
        "2025-12",
    )
    assert stock["value"] == "nearly 63,445", "the label says cooperatives"
    assert found["women_share"]["value"] == "12.2%"
    assert stock["formula"] == ""
    assert found["A09"]["read_as"] == "7.750 coopératives"
    assert found["A09"]["note"] == ""


def test_who_says_on_one_line_whose_words_a_number_is(say):
    assert str(say.who("A03")) == (
        "nearly 63,445 cooperatives (Zanka, 19 January 2026: «قرابة 63.445 تعاونية»)"
    )
    assert str(say.who(WOMEN)) == "7,750 cooperatives (ODCO, 2025: «7.750»)"
    french = Prose(FOUND, FIGURES, "fr")
    assert "(Zanka, 19 janvier 2026: «قرابة 63.445 تعاونية»)" in str(french.who("A03"))


def test_who_shows_the_arithmetic_of_a_result_and_counts_as_said(say):
    assert str(say.who("women_share")) == ("12.2% ([7,750](#n-A09) ÷ [nearly 63,445](#n-A03))")
    assert set(entries(say)) == {"women_share", "A09", "A03"}
    assert str(say.who("late")) == "not yet published (not yet)"
    with pytest.raises(UnknownName, match="nearest are women_share"):
        say.who("women_shar")


def test_a_reason_of_a_person_is_filled_and_no_word_of_it_refused(say):
    reason = "only {A03} is higher, and most of it"
    assert say.reason(reason) == "only [nearly 63,445](#n-A03) is higher, and most of it"
    assert say.reason("as {late} would be") == ""
    assert say.reason("of a day in 2020") == "of a day in 2020"
    said = r"^data/hand/\*\.csv, «of \{A033\}»: there is no \{A033\} in the ledger"
    with pytest.raises(ValueError, match=said):
        say.reason("of {A033}")


def test_the_annex_is_also_markdown(say):
    say("{A09}")
    assert (
        str(say.annex("Where from"))
        == '## Where from\n\n- <a id="n-A09"></a>**women’s cooperatives**: 7,750. 7.750'
    )


def test_an_output_hands_jupyter_every_form_it_has(say):
    shown = say("{A09}")
    assert shown._repr_mimebundle_() == {"text/markdown": "[7,750](#n-A09)"}

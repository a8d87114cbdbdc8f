"""Counted nouns: each takes the form that its number asks for, by the plural categories of CLDR,
and the gender of what is counted.
"""

import json
import re

import pandas as pd
import pytest
from babel import Locale
from bs4 import BeautifulSoup

from taawun.locales import LOCALES, SOURCE, TRANSLATED
from taawun.mime import LEDGER
from taawun.mime import shown as outputs
from taawun.paths import HAND, ROOT, TRANSLATIONS
from taawun.quantity import Quantity
from taawun.report import translation
from taawun.report.annex import Annex, says
from taawun.report.prose import Prose

NOUNS = pd.read_csv(HAND / "nouns.csv", keep_default_na=False)
#: What stands behind numbers, as a person wrote it down for each counted noun.
RIGHT = pd.read_csv(ROOT / "tests/expected/nouns.csv", keep_default_na=False)
NUMBERS = {
    "2.5": Quantity(2.5, 2.45, 2.55, "", id="n"),
    "3 to 5": Quantity(4, 3, 5, "", "range", id="n"),
    "more than 128": Quantity(128, 128, 1e9, "", "at_least", id="n"),
}
#: A number, its millions if it is written in them, and the words behind it.
COUNTED = re.compile(r"(?<![\d.,:-])(\d[\d.,\u202f\u00a0]*)(?<![.,])\s((?:[\w’]+\s){0,2}[\w’]+)")
MILLIONS = re.compile(
    r"^(?:million|milliard|billion|trillion|مليون|ملايين|مليار|ملايير|ترليون)s?\s"
)


def spaced(text):
    return " ".join(text.split())


def counted(unit, number):
    """How many of something, as a quantity."""
    if number in NUMBERS:
        found = NUMBERS[number]
        return Quantity(found.value, found.low, found.high, unit, found.qualifier, id="n")
    return Quantity(float(number), float(number), float(number), unit, id="n")


def entry(unit, number, language):
    """What an entry of the annex says for so many of something."""
    quantity = counted(unit, number)
    return spaced(Annex(Prose({"n": quantity}, language=language), {}).value(quantity))


@pytest.mark.parametrize(
    "row", RIGHT.to_dict("records"), ids=lambda row: "-".join([*row.values()][:2])
)
def test_a_counted_noun_has_the_form_that_a_person_wrote_down(row):
    language, unit, *right = row.values()
    assert [entry(unit, number, language) for number in RIGHT.columns[2:]] == right


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_noun_of_a_catalogue_is_among_those(language):
    messages = translation.catalogue(TRANSLATIONS, language)
    inflected = {message.id for message in messages if str(message.string).startswith("{:")}
    assert inflected == set(RIGHT.loc[RIGHT["language"] == language, "counted"])


@pytest.mark.parametrize(
    ("unit", "number", "words"),
    [
        ("cooperatives", "1", "1 cooperative"),
        ("cooperatives", "2.5", "2.5 cooperatives"),
        ("members/cooperatives", "3", "3 members per cooperative"),
        ("MAD/cooperatives*year", "1", "1 Moroccan dirham per cooperative and year"),
        ("jobs/year", "3 to 5", "between 3 and 5 jobs a year"),
    ],
)
def test_english_says_what_one_or_several_are(unit, number, words):
    assert entry(unit, number, SOURCE) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "3 000 000 de coopératives"),
        ("ar", "3.000.000 تعاونية"),
        ("en", "3,000,000 cooperatives"),
    ],
)
def test_whole_millions_have_a_form_of_their_own_in_french(language, words):
    assert entry("cooperatives", "3000000", language) == words


@pytest.mark.parametrize(
    ("millions", "words"),
    [(6, "6 ملايين درهم"), (10, "10 ملايين درهم"), (11, "11 مليون درهم"), (368, "368 مليون درهم")],
)
def test_three_to_ten_millions_are_several_in_arabic(millions, words):
    assert entry("MAD", str(millions * 1_000_000), "ar") == words


def forms(language):
    """The forms of each noun of a language, by category."""
    rows = NOUNS[NOUNS["language"] == language].to_dict("records")
    return [{"other": row.pop("noun"), **row} for row in rows]


def category(number, behind, language):
    """The plural category that a printed number asks for; millions in words are whole ones."""
    marks = {"en": ",", "fr": "\u202f\u00a0", "ar": "."}[language]
    exact = number.translate(dict.fromkeys(map(ord, marks))).replace(",", ".")
    value = 1_000_000 if MILLIONS.match(behind) else float(exact)
    return Locale.parse(LOCALES[language]).plural_form(int(value) if value == int(value) else value)


def wrong(text, language):
    """The numbers of a text behind which a noun stands in another form than they ask for."""
    found = []
    for match in COUNTED.finditer(text):
        number, behind = match[1].rstrip("\u202f\u00a0"), match[2]
        asked, behind = category(number, behind, language), MILLIONS.sub("", behind)
        for noun in forms(language):
            stands = {key for key, form in noun.items() if form and re.match(rf"{form}\b", behind)}
            right = asked if noun.get(asked) else "other"
            if stands - {"language"} and right not in stands:
                found.append(f"{match[0]}: {noun[right]}")
                break
    return found


@pytest.mark.parametrize(
    ("language", "text", "faults"),
    [
        ("ar", "778.654 منخرط", 1),
        ("ar", "778.654 منخرطا و9.909 تعاونيات", 0),
        ("ar", "9.909 تعاونية و368 مليون درهم", 1),
        ("ar", "11 مشروع، 103 مشاريع، 100 مشروعا", 2),
        ("fr", "1 coopératives, 0 coopérative, 368 millions de dirhams", 1),
        ("fr", "46 000 dirhams et 368 millions dirhams", 1),
        ("en", "1 cooperatives and 2 cooperatives", 1),
    ],
)
def test_a_wrong_form_is_found(language, text, faults):
    assert len(wrong(text, language)) == faults


@pytest.mark.parametrize("language", LOCALES)
def test_every_number_of_the_brief_has_its_noun_in_the_form_it_asks_for(language):
    page = (ROOT / f"reports/05-brief.{language}.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html.parser")
    for own in soup.select("blockquote, q, cite, script, style"):
        own.decompose()  # words of others
    parts = soup.select("h1, h2, h3, p, li, td, th, caption, figcaption, dt, dd")
    texts = [part.get_text() for part in parts]
    texts += [part["aria-label"] for part in soup.select("figure [aria-label]")]
    assert sum(len(COUNTED.findall(text)) for text in texts) > 200
    assert {fault for text in texts for fault in wrong(text, language)} == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_women_who_are_counted_are_women_in_every_language(language):
    women = {"ar": "منخرطة", "fr": "adhérentes"}[language]
    figures = {"W1": {"noun": "women members"}, "W2": {"noun": "women members"}, "M": {}}
    w1, w2, m = (
        Quantity(value, value, value, "members", id=name)
        for name, value in (("W1", 300.0), ("W2", 200.0), ("M", 500.0))
    )
    more, men = (w1 - w2).named("more", "more"), (m - w1).named("men", "men")
    ledger = {one.id: one for one in (w1, w2, m, more, men)}
    annex = Annex(Prose(ledger, language=language), figures)
    assert annex.value(w1).endswith(women)
    assert annex.value(more).endswith(women)
    assert annex.counted(men) == annex.counted(m) == "members"


def test_a_label_that_says_what_is_counted_needs_no_unit():
    assert says("members per cooperative, end 2020", "members/cooperatives")
    assert says("women members of cooperatives", "women members")
    assert not says("members of women's cooperatives", "women members")
    assert not says("latest count of the register", "cooperatives")


def test_each_entry_of_the_annex_counts_what_its_figure_counts():
    nouns = pd.read_csv(HAND / "indicators.csv", keep_default_na=False)
    women = set(
        nouns.loc[
            nouns["label"].str.contains(r"^women members|members of (?:the )?women's")
            & (nouns["unit"] == "members"),
            "indicator",
        ]
    )
    assert women
    assert set(nouns.loc[nouns["noun"] == "women members", "indicator"]) == women


@pytest.mark.parametrize("language", LOCALES)
def test_every_entry_says_its_number_and_its_noun(language):
    path = ROOT / f"build/published/notebooks/05-brief.{language}.ipynb"
    _, annex = next(outputs(json.loads(path.read_text(encoding="utf-8"))["cells"], LEDGER))
    values = [item["value"] for item in annex["entries"]]
    assert len(values) > 200
    assert [fault for value in values for fault in wrong(value, language)] == []

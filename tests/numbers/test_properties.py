"""What holds for every phrase: nothing inserted changes it in silence, no form of its letters does,
numbers in words read back, and nothing but a refusal is ever raised.
"""

import random
import re
import time
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from spelling import SPELL

from taawun.numbers import UnreadableFigure, parse_figure
from taawun.numbers.folding import fold
from taawun.numbers.vocabulary import vocabulary
from taawun.paths import HAND
from taawun.tables import read_rows

PHRASES = [
    ("plus de 878.000 adhérents", "fr"),
    ("un chiffre d'affaires de près de 19,2 millions de dirhams", "fr"),
    ("34 % des coopérants", "fr"),
    ("entre 20 et 30 MDH", "fr"),
    ("20.000 coopératives à fin 2017", "fr"),
    ("more than 3.5 million members", "en"),
    ("between 4,000 and 5,000 tons annually", "en"),
    ("$250 million", "en"),
    ("قرابة 63.445 تعاونية", "ar"),
    ("تجاوزت قيمة صادراتها 1.11 مليار درهم", "ar"),
    ("حوالي 347 ألفا و256 منخرطا", "ar"),
    ("12 ألف و443 تعاونية في 2014", "ar"),
    ("نسبة 34 في المائة", "ar"),
]
FORMS = {
    "ي": "یى",
    "ك": "ک",
    "ا": "أإآ",
    "أ": "ا",
    "آ": "ا",
    "إ": "ا",
    "ة": "ه",
    " ": "\u00a0\u202f\u2009\t",
    "'": "’ʼ",
    "-": "\u2010\u2011",
}
MARKS = "\u200b\u200f\u2060\u00ad\ufeff"
VOWELS = "\u0640\u064e\u064f\u0650\u0651\u0652"
DIGITS = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"]


def reading(printed: str, language: str) -> tuple:
    read = parse_figure(printed, language)
    return read.value, read.low, read.high, read.unit, read.qualifier


def attempted(printed: str, language: str) -> tuple | None:
    try:
        return reading(printed, language)
    except UnreadableFigure:
        return None


def presentation(char: str) -> str:
    """An Arabic letter as an old PDF holds it."""
    forms = [chr(code) for code in range(0xFE80, 0xFEF5)]
    return next((f for f in forms if unicodedata.normalize("NFKC", f) == char), char)


def reprinted(printed: str, draw: random.Random) -> str:
    """The same phrase in another form of its letters, digits, spaces and marks."""
    digits = draw.choice([*DIGITS, "0123456789"])
    text = printed.translate(str.maketrans("0123456789", digits))
    found = []
    for char in text:
        other = char
        if char in FORMS and draw.random() < 0.4:
            other = draw.choice(FORMS[char])
        elif "ء" <= char <= "ي" and draw.random() < 0.3:
            other = presentation(char)
        if "ء" <= char <= "ي" and draw.random() < 0.2:
            other += draw.choice(VOWELS)
        if draw.random() < 0.1:
            other += draw.choice(MARKS)
        found.append(other + " " * (char == " " and draw.random() < 0.3))
    text = "".join(found)
    return unicodedata.normalize("NFD", text) if draw.random() < 0.4 else text


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from(PHRASES), st.randoms(use_true_random=False))
def test_letters_in_any_form_read_the_same(phrase, draw):
    printed, language = phrase
    assert reading(reprinted(printed, draw), language) == reading(printed, language)


@pytest.mark.parametrize("printed", ["10²", "½ million", "3Ⅳ", "12 ‰", "①"])
def test_a_form_that_would_be_another_number_is_not_folded(printed):
    assert fold(printed) == printed
    with pytest.raises(UnreadableFigure):
        parse_figure(printed, "en")


@settings(deadline=None)
@given(
    st.sampled_from(PHRASES),
    st.text("BCDFGHJKLMNPQRSTVWXZ", min_size=1, max_size=4),
    st.integers(0, 1),
)
def test_an_unknown_abbreviation_beside_the_number_is_refused_or_changes_nothing(
    phrase, inserted, side
):
    printed, language = phrase
    assume("unknown" in vocabulary(language).find(inserted)[-1].meanings)
    place = re.search(r"\d(?:[\d., ]*\d)?", printed).span()[side]
    text = f"{printed[:place]} {inserted} {printed[place:]}"
    assert attempted(text, language) in (None, reading(printed, language))


@settings(deadline=None)
@given(st.integers(0, 10**12 - 1), st.sampled_from(sorted(SPELL)))
def test_a_whole_number_in_words_reads_back(number, language):
    assert parse_figure(SPELL[language](number), language).value == number


@pytest.mark.parametrize(
    ("language", "ways"),
    [
        ("fr", ["un million", "1 million", "1.000.000", "1 000 000", "1 mln"]),
        ("en", ["one million", "a million", "1m", "1 mln", "1,000,000", "1 million"]),
        ("ar", ["مليون", "1 مليون", "1.000.000", "1,000,000", "١ مليون"]),
    ],
)
def test_a_million_is_a_million_however_it_is_written(language, ways):
    assert {parse_figure(way, language).value for way in ways} == {10**6}


WORDS = [row["words"] for row in read_rows(HAND / "words.csv")]
LANGUAGES = ["ar", "en", "es", "fa", "fr", "tr"]
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([*"0123456789.,'٫٬٪%-–+()[]\"/$€£²½ \n", "1e5", "2026", "000", "\u064b"]),
    st.integers(0, 10**7).map(str),
    st.characters(codec="utf-8"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["", " "]), st.sampled_from(LANGUAGES))
def test_nothing_but_a_refusal_is_raised(pieces, space, language):
    read = attempted(space.join(pieces), language)
    assert read is None or read[1] <= read[0] <= read[2]


@pytest.mark.parametrize(
    "pattern", ["1,", "1 ", "1.000 ", "(1", "مليون و", "1" * 50, "e1", "-1", "plus de ", "٫", "و1"]
)
@pytest.mark.parametrize("length", [999, 10_000])
def test_no_input_takes_long(pattern, length):
    text = (pattern * length)[:length]
    for language in LANGUAGES:
        vocabulary(language, every_currency=True)
        assert min(seconds(text, language) for _ in range(3)) < 0.05


def seconds(text: str, language: str) -> float:
    """How long a refusal takes; the least of several leaves out what else the machine does."""
    start = time.process_time()
    with pytest.raises(UnreadableFigure):
        parse_figure(text, language)
    return time.process_time() - start

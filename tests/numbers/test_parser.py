"""Printed words become the quantity that a careful reader takes from them, or are refused
with manners.

The expected values are worked out by hand from the rule in `precision.bounds`, never copied from
its output.
"""

import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taawun.numbers import UnreadableFigure, parse_figure, parser
from taawun.paths import HAND
from taawun.tables import read_rows

K, M, BN = 1_000, 1_000_000, 1_000_000_000

READ = [
    # plain digits are exact, in every way of grouping them
    ("63.445", "ar", 63_445, 63_445, 63_445, "count", "exact"),
    ("63.445", "fr", 63_445, 63_445, 63_445, "count", "exact"),
    ("63 445", "fr", 63_445, 63_445, 63_445, "count", "exact"),
    ("63\u00a0445", "fr", 63_445, 63_445, 63_445, "count", "exact"),
    ("63\u202f445", "fr", 63_445, 63_445, 63_445, "count", "exact"),
    ("63,445", "en", 63_445, 63_445, 63_445, "count", "exact"),
    ("63'445", "fr", 63_445, 63_445, 63_445, "count", "exact"),
    ("63445", "en", 63_445, 63_445, 63_445, "count", "exact"),
    ("٦٣٬٤٤٥", "ar", 63_445, 63_445, 63_445, "count", "exact"),
    ("٦٣٬٠٤٥", "ar", 63_045, 63_045, 63_045, "count", "exact"),
    ("63 ألفا و445", "ar", 63_445, 63_445, 63_445, "count", "exact"),
    ("19 مليون و225 ألف و110", "ar", 19_225_110, 19_225_110, 19_225_110, "count", "exact"),
    ("10 آلاف و140", "ar", 10_140, 10_140, 10_140, "count", "exact"),
    ("ألفان و300 تعاونية", "ar", 2_300, 2_300, 2_300, "count", "exact"),
    ("1.234.567,8 dirhams", "fr", 1_234_567.8, 1_234_567.75, 1_234_567.85, "MAD", "exact"),
    ("1,234.56 dirhams", "en", 1_234.56, 1_234.555, 1_234.565, "MAD", "exact"),
    # a magnitude word, a decimal or a percentage is rounded to its last printed digit
    ("2.6 مليون", "ar", 2.6 * M, 2.55 * M, 2.65 * M, "count", "exact"),
    ("1,23 milliard", "fr", 1.23 * BN, 1.225 * BN, 1.235 * BN, "count", "exact"),
    ("19,2 millions de dirhams", "fr", 19.2 * M, 19.15 * M, 19.25 * M, "MAD", "exact"),
    ("3.45 ملايين", "ar", 3.45 * M, 3.445 * M, 3.455 * M, "count", "exact"),
    ("19.225 million", "en", 19_225_000, 19_224_500, 19_225_500, "count", "exact"),
    ("68m dirham", "en", 68 * M, 67.5 * M, 68.5 * M, "MAD", "exact"),
    ("1.2bn", "en", 1.2 * BN, 1.15 * BN, 1.25 * BN, "count", "exact"),
    ("25 MDH", "fr", 25 * M, 24.5 * M, 25.5 * M, "MAD", "exact"),
    ("25,4 MDH", "fr", 25.4 * M, 25.35 * M, 25.45 * M, "MAD", "exact"),
    ("1,5 MMDH", "fr", 1.5 * BN, 1.45 * BN, 1.55 * BN, "MAD", "exact"),
    ("MDH 25", "fr", 25 * M, 24.5 * M, 25.5 * M, "MAD", "exact"),
    ("984 millions de dirhams (MDH)", "fr", 984 * M, 983.5 * M, 984.5 * M, "MAD", "exact"),
    ("368 مليون درهم", "ar", 368 * M, 367.5 * M, 368.5 * M, "MAD", "exact"),
    ("ألفين", "ar", 2_000, 1_500, 2_500, "count", "exact"),
    ("34%", "en", 34, 33.5, 34.5, "percent", "exact"),
    ("%34", "ar", 34, 33.5, 34.5, "percent", "exact"),
    ("٪34", "ar", 34, 33.5, 34.5, "percent", "exact"),
    ("34 pc", "fr", 34, 33.5, 34.5, "percent", "exact"),
    ("34 pour cent", "fr", 34, 33.5, 34.5, "percent", "exact"),
    ("34 في المائة", "ar", 34, 33.5, 34.5, "percent", "exact"),
    ("20,57 %", "fr", 20.57, 20.565, 20.575, "percent", "exact"),
    ("3٫05 %", "ar", 3.05, 3.045, 3.055, "percent", "exact"),
    ("1,234 %", "fr", 1.234, 1.2335, 1.2345, "percent", "exact"),
    # a range is its own bounds, its value the middle
    ("entre 20 et 30", "fr", 25, 20, 30, "count", "range"),
    ("20-30", "en", 25, 20, 30, "count", "range"),
    ("20–30 %", "en", 25, 20, 30, "percent", "range"),
    ("من 20 إلى 30", "ar", 25, 20, 30, "count", "range"),
    ("between 20 and 30 million dirhams", "en", 25 * M, 20 * M, 30 * M, "MAD", "range"),
    ("between 1.5 and 2.5 million", "en", 2 * M, 1.5 * M, 2.5 * M, "count", "range"),
    ("entre 5 et 10 MDH", "fr", 7.5 * M, 5 * M, 10 * M, "MAD", "range"),
    # small numbers in words
    ("trente et une coopératives", "fr", 31, 31, 31, "count", "exact"),
    ("soixante et onze", "fr", 71, 71, 71, "count", "exact"),
    ("twenty-one regions", "en", 21, 21, 21, "count", "exact"),
    ("ثمانية", "ar", 8, 8, 8, "count", "exact"),
    ("three million", "en", 3 * M, 2.5 * M, 3.5 * M, "count", "exact"),
    # a hedged number is bounded by its own place, no coarser than its second significant digit
    ("more than 878,000", "en", 878_000, 878_000, 879_000, "count", "at_least"),
    ("أكثر من 878 ألف", "ar", 878_000, 878_000, 879_000, "count", "at_least"),
    ("أزيد من 63.445", "ar", 63_445, 63_445, 63_446, "count", "at_least"),
    ("nearly 200 million", "en", 200 * M, 190 * M, 200 * M, "count", "nearly"),
    ("قرابة 63.445 تعاونية", "ar", 63_445, 63_444, 63_445, "count", "nearly"),
    ("près de 20.000", "fr", 20_000, 19_000, 20_000, "count", "nearly"),
    ("plus de 3.600", "fr", 3_600, 3_600, 3_700, "count", "at_least"),
    ("plus de 100", "fr", 100, 100, 110, "count", "at_least"),
    ("plus d'un million", "fr", 1 * M, 1 * M, 1.1 * M, "count", "at_least"),
    ("plus de 1,23 milliard", "fr", 1.23 * BN, 1.23 * BN, 1.24 * BN, "count", "at_least"),
    ("about 63,440", "en", 63_440, 63_435, 63_445, "count", "about"),
    ("حوالي 15 ألفا", "ar", 15_000, 14_500, 15_500, "count", "about"),
    ("environ 15 %", "fr", 15, 14.5, 15.5, "percent", "about"),
    ("plus de 7 %", "fr", 7, 7, 8, "percent", "at_least"),
    ("jusqu’à 50 000 DH", "fr", 50_000, 49_000, 50_000, "MAD", "at_most"),
    ("up to 30%", "en", 30, 29, 30, "percent", "at_most"),
    # a year that only dates the number is not a second number
    ("12 coopératives (2025)", "fr", 12, 12, 12, "count", "exact"),
    ("22.914 أحدثت بين 2021 و2025", "ar", 22_914, 22_914, 22_914, "count", "exact"),
    ("2025 coopératives", "fr", 2_025, 2_025, 2_025, "count", "exact"),
]

REFUSED = [
    ("", "en", "no number"),
    ("aucune coopérative", "fr", "no number"),
    ("une coopérative", "fr", "no number"),
    ("fin 2025", "fr", "no number"),
    ("between 2021 and 2025", "en", "no number"),
    ("2021-2025", "en", "no number"),
    ("63,445 cooperatives with 878,000 members", "en", "2 numbers"),
    ("12 34", "en", "2 numbers"),
    ("63, 445", "en", "2 numbers"),
    ("63 4450", "fr", "2 numbers"),
    ("3 sur 10", "fr", "2 numbers"),
    ("20 and 30", "en", "2 numbers"),
    ("20;57 %", "fr", "2 numbers"),
    ("between 30 and 20 million", "en", "2 numbers"),
    ("between 900,000 and 1.2 million", "en", "2 numbers"),
    ("1.234 dirhams", "en", "thousands or a decimal"),
    ("1,234 dirhams", "fr", "thousands or a decimal"),
    ("19,225 million", "en", "thousands or a decimal"),
    ("19.225 millions", "fr", "thousands or a decimal"),
    ("19.225 مليون", "ar", "thousands or a decimal"),
    ("about nearly 30", "en", "hedged in two ways: about and nearly"),
    ("plus de 20 environ", "fr", "hedged in two ways"),
    ("about 20-30", "en", "hedged in two ways: about and range"),
    ("30 % des dirhams", "fr", "two units: MAD and percent"),
    ("5 euros en dirhams", "fr", "two units: EUR and MAD"),
    ("63,44", "en", "no fraction"),
    ("1234,567", "en", "no fraction"),
    ("63.4", "fr", "no fraction"),
    ("6,3445", "fr", "no fraction"),
    ("6,3445E+04", "fr", "spreadsheet"),
    ("6.3445e4", "en", "spreadsheet"),
    ("2026-01-19 00:00:00", "en", "spreadsheet"),
    ("#REF!", "en", "spreadsheet"),
    ("#####", "en", "spreadsheet"),
    ("063", "en", "spreadsheet"),
    ("19/01/2026", "fr", "spreadsheet"),
    ("1.2.3", "en", "not written as a number"),
    ("12,34,567", "en", "not written as a number"),
    ("1,234,56", "en", "not written as a number"),
    ("1.234.567.8 dirhams", "fr", "not written as a number"),
    ("6344O", "en", "not written as a number"),
    ("Q3", "en", "not written as a number"),
    ("-12 %", "fr", "not written as a number"),
    ("−12 %", "fr", "not written as a number"),
    ("~63,445", "en", "not written as a number"),
    (">63,445", "en", "not written as a number"),
    ("12 ‰", "fr", "not written as a number"),
]
SENTENCE = {
    "ar": "سجلت {} {} تعاونية",
    "fr": "on compte {} {} coopératives",
    "en": "there are {} {} cooperatives",
    "fa": "{} {} نفر",
    "es": "hay {} {} cooperativas",
    "tr": "{} {} kooperatif",
}
HEDGED = {
    "at_least": (63_445, 63_446),
    "at_most": (63_444, 63_445),
    "nearly": (63_444, 63_445),
    "about": (63_444.5, 63_445.5),
}


@pytest.mark.parametrize(("printed", "language", "value", "low", "high", "unit", "qualifier"), READ)
def test_reads_the_forms_that_moroccan_sources_print(
    printed, language, value, low, high, unit, qualifier
):
    read = parse_figure(printed, language)
    assert (read.value, read.low, read.high) == pytest.approx((value, low, high), rel=1e-12)
    assert (read.unit, read.qualifier) == (unit, qualifier)


@pytest.mark.parametrize(("printed", "language", "why"), REFUSED)
def test_refuses_what_cannot_be_read_safely_and_says_why_and_what_is_accepted(
    printed, language, why
):
    with pytest.raises(UnreadableFigure) as refusal:
        parse_figure(printed, language)
    assert isinstance(refusal.value, ValueError)
    words, reason, accepted = re.fullmatch(
        r"cannot read «(.*?)»: (.+); accepted: (.+)", str(refusal.value)
    ).groups()
    assert words == printed
    assert why in reason
    assert len(accepted) > 5


@pytest.mark.parametrize(
    ("printed", "language", "value", "low", "high", "unit", "qualifier"),
    [
        ("casi 19.000 empresas", "es", 19_000, 18_000, 19_000, "count", "nearly"),
        ("próximos a los 280.000 trabajadores", "es", 280_000, 275_000, 285_000, "count", "about"),
        ("son mujeres (30,5%)", "es", 30.5, 30.45, 30.55, "percent", "exact"),
        ("1.476 adede", "tr", 1_476, 1_476, 1_476, "count", "exact"),
        ("6,6 milyon ortağı", "tr", 6.6 * M, 6.55 * M, 6.65 * M, "count", "exact"),
        ("ne dépassait pas les 4827", "fr", 4_827, 4_826, 4_827, "count", "at_most"),
        ("AU MIEUX 1% DU PIB", "fr", 1, 0, 1, "percent", "at_most"),
        ("estimée à 1,6%", "fr", 1.6, 1.55, 1.65, "percent", "about"),
        ("de l’ordre de 48.000 postes", "fr", 48_000, 47_500, 48_500, "count", "about"),
        ("فاق الستة ملايين درهم", "ar", 6 * M, 6 * M, 6.1 * M, "MAD", "at_least"),
        ("US$2.4tn", "en", 2_400 * BN, 2_350 * BN, 2_450 * BN, "USD", "exact"),
    ],
)
def test_reads_the_forms_that_sources_on_other_countries_and_laws_print(
    printed, language, value, low, high, unit, qualifier
):
    read = parse_figure(printed, language)
    assert (read.value, read.low, read.high) == pytest.approx((value, low, high), rel=1e-12)
    assert (read.unit, read.qualifier) == (unit, qualifier)


def test_a_fraction_is_read_where_the_figure_is_a_mean_and_nowhere_else():
    mean = parse_figure("socios en las nuevas cooperativas fue de 4,1", "es", mean=True)
    assert (mean.value, mean.low, mean.high) == pytest.approx((4.1, 4.05, 4.15), rel=1e-12)
    assert (mean.unit, mean.qualifier) == ("count", "exact")
    with pytest.raises(UnreadableFigure, match="no fraction"):
        parse_figure("socios en las nuevas cooperativas fue de 4,1", "es")


def hedges() -> list[tuple[str, str, str]]:
    return [
        (row["language"], row["words"], row["meaning"])
        for row in read_rows(HAND / "words.csv")
        if row["kind"] in ("hedge", "verb")
    ]


@pytest.mark.parametrize(("language", "words", "meaning"), hedges())
def test_every_hedge_of_the_table_is_heard_in_a_sentence(language, words, meaning):
    sentence = SENTENCE[language].format(words, "63445")
    sentence = sentence.replace("' ", "'") if words.endswith("'") else sentence
    read = parse_figure(sentence, language)
    assert (read.value, read.qualifier, read.low, read.high) == (63_445, meaning, *HEDGED[meaning])


def test_a_hedge_of_another_language_is_not_heard():
    assert parse_figure("plus de 63445", "en").qualifier == "exact"


def test_an_unknown_language_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="no words of the language 'de'"):
        parse_figure("63.445", "de")


MARKS = {
    "en": [",", ".", " ", "\u00a0", "\u202f", "'", "’", ""],
    "fr": [",", ".", " ", "\u00a0", "\u202f", "'", "’", ""],
    "ar": [",", ".", "٬", "،", " ", "\u00a0", "\u202f", ""],
}
SCRIPTS = {"en": ["0123456789"], "fr": ["0123456789"], "ar": ["0123456789", "٠١٢٣٤٥٦٧٨٩"]}


@given(st.integers(1, 10**9), st.sampled_from(["en", "fr", "ar"]), st.data())
def test_a_whole_number_in_any_grouping_and_script_reads_back_exactly(number, language, data):
    mark = data.draw(st.sampled_from(MARKS[language]))
    script = data.draw(st.sampled_from(SCRIPTS[language]))
    printed = f"{number:,}".replace(",", mark).translate(str.maketrans("0123456789", script))
    read = parse_figure(printed, language)
    assert (read.value, read.low, read.high, read.unit, read.qualifier) == (
        number,
        number,
        number,
        "count",
        "exact",
    )


@given(st.integers(1, 999), st.integers(0, 999), st.integers(0, 999))
def test_arabic_places_spelt_out_read_back_exactly(millions, thousands, units):
    assume(units and thousands)
    assert (
        parse_figure(f"{millions} مليون و{thousands} ألف و{units}", "ar").value
        == millions * M + thousands * K + units
    )


@given(
    st.integers(1, 99_999),
    st.sampled_from([0, 1, 2, 4]),
    st.sampled_from([("en", ".", "million"), ("fr", ",", "millions"), ("ar", ".", "مليون")]),
)
def test_a_number_with_a_magnitude_word_is_rounded_to_its_last_printed_digit(
    number, decimals, manner
):
    language, mark, word = manner
    value = Decimal(number).scaleb(-decimals)
    read = parse_figure(f"{value:f} {word}".replace(".", mark), language)
    half = Decimal(M).scaleb(-decimals) / 2
    assert (read.value, read.low, read.high) == pytest.approx(
        (float(value * M), float(value * M - half), float(value * M + half))
    )


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("many مليون درهم", "ar"),
        ("plusieurs milliers", "fr"),
        ("quelques belles millions", "fr"),
        ("several thousand members", "en"),
    ],
)
def test_a_magnitude_without_its_number_is_refused(words, language):
    with pytest.raises(UnreadableFigure, match="number"):
        parse_figure(words, language)


def test_words_that_were_read_are_not_read_again_for_what_was_passed_over(monkeypatch):
    assert parse_figure("300 zélés membres", "fr").value == 300
    monkeypatch.setattr(parser, "Reader", None)
    assert parser.passed_over("300 zélés membres", "fr") == ("zélés", "membres")

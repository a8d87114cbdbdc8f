"""Phrases as papers of the region print them: budgets, trade, farming, tourism, banks. Each is read
as a careful reader would, or refused because it can be read in two ways.
"""

import pytest

from taawun.numbers import UnreadableFigure, parse_figure

M, BN = 10**6, 10**9

READ = [
    # hedges of all genders and tenses, and marks that are passed or not
    ("la dette dépasse les 60 % du PIB", "fr", 60, "percent", "at_least"),
    ("des recettes supérieures à 12 MMDH", "fr", 12 * BN, "MAD", "at_least"),
    ("une part inférieure à 5 %", "fr", 5, "percent", "at_most"),
    ("un taux plafonné à 3,5 %", "fr", 3.5, "percent", "at_most"),
    ("de l'ordre de 40 MDH", "fr", 40 * M, "MAD", "about"),
    ("aux alentours de 300 emplois", "fr", 300, "count", "about"),
    ("a franchi le cap de 20.000 visiteurs", "fr", 20_000, "count", "at_least"),
    ("qui frôle les 9 %", "fr", 9, "percent", "nearly"),
    ("n'a pas dépassé les 5 %", "fr", 5, "percent", "at_most"),
    ("sans dépasser 300 000 DH", "fr", 300_000, "MAD", "at_most"),
    ("sous la barre des 1.000 tonnes", "fr", 1_000, "count", "at_most"),
    ("12 % au moins", "fr", 12, "percent", "at_least"),
    ("عدد تجاوز 300 تعاونية", "ar", 300, "count", "at_least"),
    ("تجاوزت قيمة المبيعات 14 مليون درهم", "ar", 14 * M, "MAD", "at_least"),
    ("لم يتجاوز عدد المستفيدين 300", "ar", 300, "count", "at_most"),
    ("لا تتعدى مساحتها 5 هكتارات", "ar", 5, "count", "at_most"),
    ("بنسبة ناهزت 27 في المائة", "ar", 27, "percent", "nearly"),
    ("ما دون 20 في المائة", "ar", 20, "percent", "at_most"),
    ("يقل عن 5 في المائة", "ar", 5, "percent", "at_most"),
    ("بما لا يقل عن 300 درهم", "ar", 300, "MAD", "at_least"),
    ("كحد أقصى 50 ألف درهم", "ar", 50_000, "MAD", "at_most"),
    ("10% على الأقل", "ar", 10, "percent", "at_least"),
    ("تقدر بأكثر من 400 ألف طن", "ar", 400_000, "count", "at_least"),
    ("the total exceeds 300", "en", 300, "count", "at_least"),
    ("did not exceed 36 tons", "en", 36, "count", "at_most"),
    ("doesn't exceed 36 tons", "en", 36, "count", "at_most"),
    ("as many as 300 visitors", "en", 300, "count", "at_most"),
    ("well over 5 million", "en", 5 * M, "count", "at_least"),
    ("just under 5 million", "en", 5 * M, "count", "nearly"),
    ("is estimated at more than 300", "en", 300, "count", "at_least"),
    ("≈ 300", "en", 300, "count", "about"),
    # magnitudes
    ("10,9 Mds de dirhams", "fr", 10.9 * BN, "MAD", "exact"),
    ("3,2 Mrd DH", "fr", 3.2 * BN, "MAD", "exact"),
    ("5,2 Md DH", "fr", 5.2 * BN, "MAD", "exact"),
    ("2,5 mln de tonnes", "fr", 2.5 * M, "count", "exact"),
    ("mille milliards", "fr", 10**12, "count", "exact"),
    ("7.5 bln", "en", 7.5 * BN, "count", "exact"),
    ("6.4 بليون درهم", "ar", 6.4 * BN, "MAD", "exact"),
    ("زهاء ألفي مستفيد", "ar", 2_000, "count", "nearly"),
    ("مليونا درهم", "ar", 2 * M, "MAD", "exact"),
    ("خمسة ملايين وألفي عضو", "ar", 5_002_000, "count", "exact"),
    ("2,6 milliards de dirhams (MMDH)", "fr", 2.6 * BN, "MAD", "exact"),
    ("84,656 MDH", "fr", 84.656 * M, "MAD", "exact"),
    # currencies, and a conversion in brackets
    ("1,5 Md€", "fr", 1.5 * BN, "EUR", "exact"),
    ("45 MDT", "fr", 45 * M, "TND", "exact"),
    ("896 millions de dinars algériens", "fr", 896 * M, "DZD", "exact"),
    ("1,2 milliard de livres égyptiennes", "fr", 1.2 * BN, "EGP", "exact"),
    ("5 millions de dollars canadiens", "fr", 5 * M, "CAD", "exact"),
    ("$7 bn", "en", 7 * BN, "USD", "exact"),
    ("CA$5m", "en", 5 * M, "CAD", "exact"),
    ("EUR214.2 million", "en", 214.2 * M, "EUR", "exact"),
    ("E£500bn for 2019-20", "en", 500 * BN, "EGP", "exact"),
    ("5 ملايين دينار تونسي", "ar", 5 * M, "TND", "exact"),
    ("5 ملايين د.ت", "ar", 5 * M, "TND", "exact"),
    ("5,7 milliards de dirhams (595 millions de dollars)", "fr", 5.7 * BN, "MAD", "exact"),
    ('37.4 مليار درهم "4.8 مليار دولار"', "ar", 37.4 * BN, "MAD", "exact"),
    ("7.4 مليار درهم (زهاء 925 مليون دولار)", "ar", 7.4 * BN, "MAD", "exact"),
    ("623 مليار درهم (أزيد من 62 ألف مليار سنتيم)", "ar", 623 * BN, "MAD", "exact"),
    ("250 مليون دج", "ar", 250 * M, "DZD", "exact"),
    # glued words and signs
    ("ب57 في المائة", "ar", 57, "percent", "exact"),
    ("بلغت ال70 بالمائة", "ar", 70, "percent", "exact"),
    ("بـ163 مليونا و536 ألفا", "ar", 163_536_000, "count", "exact"),
    ("حوالي14.5مليار درهم", "ar", 14.5 * BN, "MAD", "about"),
    ("77,1Mds DH", "fr", 77.1 * BN, "MAD", "exact"),
    ("230-mln-USD loan", "en", 230 * M, "USD", "exact"),
    ("solde de -20,8 MMDH", "fr", -20.8 * BN, "MAD", "exact"),
    ("-26 مليار درهم", "ar", -26 * BN, "MAD", "exact"),
    # when it was is not how many
    ("10,5 MMDH au 30 juin 2025", "fr", 10.5 * BN, "MAD", "exact"),
    ("300 until January 20, 2016", "en", 300, "count", "exact"),
    ("300 coopératives au 1er janvier 2024", "fr", 300, "count", "exact"),
    ("جوان 2024: 300 تعاونية", "ar", 300, "count", "exact"),
    ("12.5% خلال الربع الثالث", "ar", 12.5, "percent", "exact"),
    ("2.4% in the third quarter", "en", 2.4, "percent", "exact"),
    ("en 3ème position avec 13 %", "fr", 13, "percent", "exact"),
    ("137 000 en moyenne sur 2006", "fr", 137_000, "count", "exact"),
    ("300 projets jusqu'à fin 2025", "fr", 300, "count", "exact"),
    ("plus de 2000 coopératives en 2023", "fr", 2_000, "count", "at_least"),
    ("10,000 tons by 2020-2022", "en", 10_000, "count", "exact"),
    # measures can have a fraction
    ("9,7 km de routes", "fr", 9.7, "count", "exact"),
    ("22.9 قنطار في الهكتار", "ar", 22.9, "count", "exact"),
    ("un dépôt de 160 m2", "fr", 160, "count", "exact"),
]
RANGES = [
    ("ما بين 15 و24 سنة", "ar", 15, 24, "count"),
    ("entre 20 % et 30 %", "fr", 20, 30, "percent"),
    ("de 18 à 35 ans", "fr", 18, 35, "count"),
    ("entre 2000 et 3000 coopératives", "fr", 2_000, 3_000, "count"),
]
REFUSED = [
    # an unknown abbreviation beside the number or its unit
    ("12 XYZ", "fr", "«XYZ» beside the number looks like an abbreviation"),
    ("12 xk membres", "fr", "«xk» beside the number"),
    ("plus de 12 (ZKB)", "fr", "«ZKB» beside the number"),
    ("12 millions de XYZ", "fr", "«XYZ» beside the number"),
    ("20 م.د", "ar", "«م» beside the number"),
    # what looks like a number or a magnitude
    ("5 miliards", "fr", "«miliards» looks like a number"),
    ("4 fois", "fr", "«fois» looks like a number"),
    ("8,7 points", "fr", "«points» looks like a number"),
    ("1.2 نقطة", "ar", "«نقطة» looks like a number"),
    ("3 أضعاف", "ar", "«أضعاف» looks like a number"),
    ("54 ooo tonnes", "fr", "«ooo» looks like a number"),
    ("50 basis points", "en", "«basis» looks like a number"),
    ("billions of dirhams", "en", "«billions» has no number before it"),
    ("2 billions de dirhams", "fr", "«billions»"),
    # what looks like a hedge, a limit or a negation
    ("avoisinerait 300", "fr", "«avoisinerait» may hedge"),
    ("à peine 12 %", "fr", "«peine» may hedge"),
    ("ne compte que 12 membres", "fr", "«ne» may hedge"),
    ("300 et plus", "fr", "«plus» may hedge"),
    ("isn't 300", "en", "«isn't» may hedge"),
    ("might reach 300", "en", "«might» may hedge"),
    ("ليس 300", "ar", "«ليس» may hedge"),
    ("بلغ ناقص 1.086.000", "ar", "«ناقص» may hedge"),
    # a hedge that does not stand beside the number
    ("12 coopératives près de Rabat", "fr", "«près de» does not stand beside"),
    ("5 million over the year", "en", "«over» does not stand beside"),
    # currencies
    ("5 millions de dinars", "fr", "«dinars» is a currency"),
    ("2 milliards FCFA", "fr", "«FCFA» is a currency"),
    ("5 dirhams émiratis", "fr", "«émiratis» is a currency"),
    ("5 ملايين دينار", "ar", "«دينار» is a currency"),
    ("807 MD", "fr", "«MD»"),
    ("₿ 5", "en", "«₿» is not written as a number"),
    # a change is not a range, nor a number with its sign
    ("passé de 70 à 200", "fr", "may begin a change"),
    ("ارتفع من 14 إلى 15 في المائة", "ar", "may begin a change"),
    ("من 1,387,000 إلى 1,543,000", "ar", "may begin a change"),
    ("rose from 16% to 17%", "en", "may begin a change"),
    ("+4,5 %", "fr", "is a change"),
    ("+26 MMDH", "fr", "is a change"),
    ("- 20 MMDH", "fr", "«-» is not written as a number"),
    # two figures
    ("près de 27 millions de passagers (+3%)", "fr", "2 numbers"),
    ("12 % (contre 9 %)", "fr", "2 numbers"),
    ("174 MDH, soit 26,4 % du total", "fr", "two units"),
    ("29 ألف مشروع و5 آلاف نشاط", "ar", "2 numbers"),
    ("une femme sur cinq", "fr", "«sur» and the number after it may be a share"),
    ("in the 1990s", "en", "«s» is not written as a number"),
    ("2ر20 مليار", "ar", "not written as a number"),
    ("29‚2 %", "ar", "2 numbers"),
    ("2.822 MDT", "fr", "thousands or a decimal"),
    ("ألفا وخمسمائة عضو", "ar", "«ألفا» may be one or two"),
    ("TOP 10", "fr", "«TOP»"),
    ("total en dirhams du secteur 300", "fr", "«dirhams» stands apart"),
    ("9" * 30, "en", "too many digits"),
    # Spanish and Turkish
    ("apenas 300 cooperativas", "es", "«apenas» may hedge"),
    ("300 docenas de cooperativas", "es", "«docenas» looks like a number"),
    ("300 pesetas", "es", "«pesetas» is a currency"),
    ("300'den fazla kooperatif", "tr", "«fazla» may hedge"),
    ("300 lira", "tr", "«lira» is a currency"),
]


@pytest.mark.parametrize(("printed", "language", "value", "unit", "qualifier"), READ)
def test_a_phrase_is_read_as_a_careful_reader_reads_it(printed, language, value, unit, qualifier):
    read = parse_figure(printed, language)
    assert (read.unit, read.qualifier) == (unit, qualifier)
    assert read.value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("printed", "language", "low", "high", "unit"), RANGES)
def test_a_range_is_its_own_bounds(printed, language, low, high, unit):
    read = parse_figure(printed, language)
    assert (read.low, read.high, read.unit, read.qualifier) == (low, high, unit, "range")


@pytest.mark.parametrize(("printed", "language", "why"), REFUSED)
def test_what_is_not_understood_is_refused_by_name(printed, language, why):
    with pytest.raises(UnreadableFigure) as refusal:
        parse_figure(printed, language)
    assert why in refusal.value.why
    assert len(refusal.value.accepted) > 5


def test_a_word_is_named_as_it_is_printed():
    with pytest.raises(UnreadableFigure, match="«أَضْعَافٍ» looks like a number"):
        parse_figure("٣ أَضْعَافٍ", "ar")
    with pytest.raises(UnreadableFigure, match="«Dinars»"):
        parse_figure("Près de 5 Dinars", "fr")


def test_a_word_in_capitals_is_no_abbreviation_where_all_is_in_capitals():
    assert parse_figure("MORE THAN 300 WOMEN", "en").value == 300
    assert parse_figure("IN THE AMOUNT OF EUR214.2 MILLION", "en").unit == "EUR"

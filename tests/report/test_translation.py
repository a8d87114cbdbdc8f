"""The brief in three languages: every message is translated, with the same ids and the terms of the
glossary, and says the same facts.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from zipfile import ZipFile

import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup
from flit_core import buildapi

from taawun.changes import causes, sentences
from taawun.export.document import IMPRINT
from taawun.locales import TRANSLATED
from taawun.mime import DOCUMENT, LEDGER
from taawun.numbers.formatting import BETWEEN, HEDGES, PER_CENT
from taawun.paths import ROOT, TRANSLATIONS
from taawun.report import translation
from taawun.report.holding import HOLDS, SPREAD
from taawun.report.prose import Prose
from taawun.report.template import bare

GLOSSARY = pd.read_csv(TRANSLATIONS / "glossary.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def texts():
    return translation.messages(
        json.loads(
            (ROOT / "build/published/notebooks/05-brief.en.ipynb").read_text(encoding="utf-8")
        )
    )


@pytest.fixture(scope="module")
def pages():
    return {
        language: BeautifulSoup(
            (ROOT / f"reports/05-brief.{language}.html").read_text(encoding="utf-8"), "html.parser"
        )
        for language in ("en", "fr", "ar")
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(texts, language):
    assert len(texts) > 150
    assert translation.faults(texts, language) == []


#: Signs of a typewriter where print has others: quotation marks, apostrophes, dashes.
TYPEWRITTEN = re.compile(r"\"|(?<!\d)'|(?<=\d{4})-(?=\d{4}\b)|(?<=\w) --? (?=\w)")


def typewritten(text):
    """The words around the first such sign of a text outside its fields; empty for none."""
    found = TYPEWRITTEN.search(bare(text))
    return bare(text)[max(0, found.start() - 25) : found.end() + 25] if found else ""


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("folder", [TRANSLATIONS, translation.SHIPPED])
def test_catalogues_have_no_signs_of_a_typewriter(folder, language):
    messages = translation.catalogue(folder, language)
    odd = {message.lineno: typewritten(str(message.string)) for message in messages if message.id}
    assert {line: words for line, words in odd.items() if words} == {}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_have_no_signs_of_a_typewriter_but_in_words_of_others(pages, language):
    page = pages[language]
    own = page.select("h1, h2, h3, main p, main li, main td, main th, caption, figcaption, dt")
    texts = {typewritten(part.get_text()) for part in own if not part.find_parent("blockquote")}
    assert texts - {""} == set()


def test_english_is_printed_with_apostrophes_and_dashes():
    assert translation.typeset("women's 2021-2025, 5-6") == "women’s 2021–2025, 5-6"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_left_over(texts, language):
    assert {
        message.id for message in translation.catalogue(TRANSLATIONS, language) if message.id
    } <= set(texts)


def test_a_changed_sentence_names_both_outdated_translations(texts, tmp_path, monkeypatch):
    changed = [text.replace("Call a job a job", "Call jobs jobs") for text in texts]
    [sentence] = set(changed) - set(texts)
    for language in TRANSLATED:
        (tmp_path / f"{language}.po").write_bytes((TRANSLATIONS / f"{language}.po").read_bytes())
    monkeypatch.setattr(translation, "TRANSLATIONS", tmp_path)
    assert [translation.faults(changed, language) for language in ("fr", "ar")] == [
        [f"fr: not translated: {sentence}"],
        [f"ar: not translated: {sentence}"],
    ]
    for language in TRANSLATED:
        translation.update(changed, language)
    found = [fault for language in TRANSLATED for fault in translation.faults(changed, language)]
    assert found == [
        f"{language}: outdated, for the English is now: {sentence}" for language in TRANSLATED
    ]
    assert "⟦" in translation.translate(sentence, "fr")


def test_a_translation_that_loses_a_number_is_a_fault(tmp_path, monkeypatch):
    one = Catalog(locale="fr")
    one.add("{A03} of {Q01}", "{A03}")
    with (tmp_path / "fr.po").open("wb") as file:
        write_po(file, one)
    monkeypatch.setattr(translation, "TRANSLATIONS", tmp_path)
    assert translation.faults(["{A03} of {Q01}"], "fr") == [
        "fr: other ids than the English: {A03} of {Q01}"
    ]


def extracted():
    """The words in the templates and the code of the package that call for a translation."""
    kinds = [("**.html", "jinja2"), ("**.js", "jinja2"), ("**.py", "python")]
    keywords = {"_": None, "word": None}
    return {
        text
        for room in ("export", "changes")
        for _, _, text, _, _ in extract_from_dir(ROOT / "taawun" / room, kinds, keywords=keywords)
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_package_translates_all_that_it_says_of_itself(language):
    said = extracted() | {*IMPRINT.values(), *HEDGES.values(), BETWEEN}
    said |= {PER_CENT} if language == "ar" else set()  # others have a sign
    said |= {*HOLDS, SPREAD, "years", "(in per cent)", "not yet published"}
    said |= {causes.WORDS, causes.ADDED, causes.GONE, causes.CHOICE, causes.DATE, causes.FORMULA}
    said |= {causes.BOUNDS, causes.CODE, causes.TOGETHER}
    said |= {sentences.FAILS, sentences.SILENT, sentences.WORD, sentences.STANDS}
    shipped = translation.catalogue(translation.SHIPPED, language)
    assert {message.id for message in shipped if message.id} == said
    assert all(message.string and not message.fuzzy for message in shipped)


def test_what_nobody_translated_stays_english_in_the_interface():
    assert translation.interface("Contents", "fr-MA") == "Sommaire"
    assert translation.interface("Contents", "nl") == "Contents"
    assert translation.interface("No such word", "fr") == "No such word"


def written(folder, **messages):
    """A French catalogue with these messages in a folder, as the project's."""
    own = Catalog(locale="fr")
    for text, string in messages.items():
        own.add(text, string)
    with (folder / "fr.po").open("wb") as file:
        write_po(file, own)
    return folder


def test_a_project_may_choose_another_word_and_keeps_it(tmp_path, monkeypatch):
    place = written(tmp_path, Contents="Table des matières", Old="Ancien")
    monkeypatch.setattr(translation, "TRANSLATIONS", place)
    translation.update(["New"], "fr")
    kept = translation.catalogue(place, "fr")
    assert {message.id for message in kept if message.id} == {"Contents", "New"}
    assert translation.interface("Contents", "fr") == "Table des matières"
    assert translation.translate("nearly {}", "fr") == "près de {}"


def test_a_remark_is_translated_where_a_catalogue_has_it(tmp_path, monkeypatch):
    monkeypatch.setattr(translation, "TRANSLATIONS", written(tmp_path, said="dit"))
    say = Prose({}, language="fr")
    assert [say.name(words) for words in ("said", "Le Matin", "")] == ["dit", "Le Matin", ""]
    assert list(say.messages) == ["said"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("women's and members' shares", "women’s and members’ shares"),
        ('Coop\'IN "integrates"', "Coop’IN “integrates”"),
        ("since(on(a, '2020-12-31'))", "since(on(a, '2020-12-31'))"),
    ],
)
def test_english_is_printed_with_curved_marks(typed, printed):
    assert translation.typeset(typed) == printed
    assert Prose({}).text(typed) == printed


def test_words_of_the_package_are_no_messages_of_the_report(texts):
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "source": "",
                "outputs": [
                    {"data": {DOCUMENT: {}}},
                    {"data": {LEDGER: {"messages": ["nearly {}", "Contents", "A sentence"]}}},
                ],
            }
        ]
    }
    assert translation.messages(notebook) == ["A sentence"]
    assert not extracted() & set(texts)


def test_the_catalogues_are_part_of_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    wheel = buildapi.build_wheel(str(tmp_path))
    names = set(ZipFile(tmp_path / wheel).namelist())
    assert {f"taawun/translations/{language}.po" for language in TRANSLATED} <= names


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("term", GLOSSARY.to_dict("records"), ids=lambda term: term["term"])
def test_terms_are_those_of_the_glossary(texts, language, term):
    said = [
        (text, translation.translate(text, language))
        for text in texts
        if re.search(term["en"], text)
    ]
    assert said
    assert not [pair for pair in said if not re.search(term[language], pair[1])]


def test_the_three_briefs_state_the_same_facts(pages):
    ids = {
        language: Counter(
            link["href"]
            for link in page.main.select('a[href^="#n-"]')
            if not link.find_parent(id="ledger")
        )
        for language, page in pages.items()
    }
    assert ids["en"] == ids["fr"] == ids["ar"]
    assert len(ids["en"]) > 60


def test_no_page_has_a_mark_of_a_missing_translation(pages):
    assert not [language for language, page in pages.items() if "⟦" in str(page)]


def test_pages_say_their_language(pages):
    assert {
        language: (page.html["lang"], page.html.get("dir")) for language, page in pages.items()
    } == {"en": ("en", "ltr"), "fr": ("fr", "ltr"), "ar": ("ar", "rtl")}


def test_numbers_follow_the_language(pages):
    stock = {
        language: page.select_one('main li a[href="#n-register_stock_2025_11"]').get_text()
        for language, page in pages.items()
    }
    assert {language: re.sub(r"\s", " ", text) for language, text in stock.items()} == {
        "en": "65,315",
        "fr": "65 315",
        "ar": "65.315",
    }


def test_arabic_text_has_no_latin_comma_or_hidden_mark(pages):
    text = " ".join(
        item.get_text()
        for item in pages["ar"].main.select("p, li")
        if not item.find_parent(id="ledger")
    )
    assert not re.search("[\u200b-\u200d\u202a-\u202e\u0640\ufb50-\ufdff\ufe70-\ufefc]", text)
    assert not re.search(r"[\u0621-\u064a]\s*[,;?]", text)


@pytest.mark.parametrize("arguments", [[], ["no-such.ipynb"]])
def test_the_command_says_what_it_needs(arguments):
    command = [sys.executable, "-m", "taawun.report.translation", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("It needs the executed English brief: build/published/")
    assert "Traceback" not in done.stderr

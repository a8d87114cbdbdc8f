"""The brief in three languages: every message is translated, with the same ids and the terms of the
glossary, and says the same facts.
"""

import json
import re
from collections import Counter

import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup

from taawun.locales import TRANSLATED
from taawun.paths import ROOT, TRANSLATIONS
from taawun.report import translation as catalogue

GLOSSARY = pd.read_csv(TRANSLATIONS / "glossary.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def texts():
    return catalogue.messages(
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
    assert catalogue.faults(texts, language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_left_over(texts, language):
    assert {message.id for message in catalogue._catalogue(language) if message.id} <= set(texts)


def test_a_changed_sentence_names_both_outdated_translations(texts, tmp_path, monkeypatch):
    changed = [text.replace("describe June 2025", "are those of June 2025") for text in texts]
    [sentence] = set(changed) - set(texts)
    for language in TRANSLATED:
        (tmp_path / f"{language}.po").write_bytes((TRANSLATIONS / f"{language}.po").read_bytes())
    monkeypatch.setattr(catalogue, "TRANSLATIONS", tmp_path)
    catalogue._catalogue.cache_clear()
    assert [catalogue.faults(changed, language) for language in ("fr", "ar")] == [
        [f"fr: not translated: {sentence}"],
        [f"ar: not translated: {sentence}"],
    ]
    for language in TRANSLATED:
        catalogue.update(changed, language)
    found = [fault for language in TRANSLATED for fault in catalogue.faults(changed, language)]
    assert found == [
        f"{language}: outdated, for the English is now: {sentence}" for language in TRANSLATED
    ]
    assert "⟦" in catalogue.translate(sentence, "fr")
    catalogue._catalogue.cache_clear()


def test_a_translation_that_loses_a_number_is_a_fault(tmp_path, monkeypatch):
    one = Catalog(locale="fr")
    one.add("{A03} of {Q01}", "{A03}")
    with (tmp_path / "fr.po").open("wb") as file:
        write_po(file, one)
    monkeypatch.setattr(catalogue, "TRANSLATIONS", tmp_path)
    catalogue._catalogue.cache_clear()
    assert catalogue.faults(["{A03} of {Q01}"], "fr") == [
        "fr: other ids than the English: {A03} of {Q01}"
    ]
    catalogue._catalogue.cache_clear()


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("term", GLOSSARY.to_dict("records"), ids=lambda term: term["term"])
def test_terms_are_those_of_the_glossary(texts, language, term):
    said = [
        (text, catalogue.translate(text, language)) for text in texts if re.search(term["en"], text)
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
        language: page.select_one('main a[href="#n-Q06"]').get_text()
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

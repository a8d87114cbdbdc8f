"""Catalogues of translations are read as strictly as tables: what gettext would drop is named."""

import pytest

from taawun.locales import TRANSLATED
from taawun.paths import TRANSLATIONS
from taawun.report.catalogue import catalogue_faults
from taawun.report.translation import SHIPPED

CATALOGUE = """# French translations.
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "## In short"
msgstr "## L’essentiel"

msgid ""
"They were {Q04} in all.\\n"
"Said \\"so\\"."
msgstr ""
"Ils étaient {Q04} en tout.\\n"
"Dit «ainsi»."

msgid "Not yet {Q05}"
msgstr ""

#, fuzzy
msgid "Changed {Q06}"
msgstr "Modifié {Q07}"
"""


@pytest.fixture
def faults(tmp_path):
    """The faults of the catalogue with one place changed."""

    def told(old="", new="", encoding="utf-8") -> list[str]:
        path = tmp_path / "fr.po"
        assert not old or CATALOGUE.count(old) == 1
        path.write_text(CATALOGUE.replace(old, new) if old else CATALOGUE, encoding=encoding)
        return catalogue_faults(path)

    return told


def test_a_sound_catalogue_has_no_fault(faults):
    assert faults() == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("folder", [TRANSLATIONS, SHIPPED])
def test_the_catalogues_of_project_and_package_are_sound(folder, language):
    assert catalogue_faults(folder / f"{language}.po") == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('## L’essentiel"', "## L’essentiel", 'line 8: «msgstr "## L’essentiel» is out of place'),
        (
            'msgstr "## L’essentiel"',
            "msgstr ## L’essentiel",
            "line 8: «msgstr ## L’essentiel» is out",
        ),
        (
            "«ainsi»",
            '"ainsi"',
            'line 15: «"Dit "ainsi"."» is out of place; accepted: msgid or msgst',
        ),
        ("«ainsi»", "\\q", "line 15"),
        ('msgstr "## L’', 'msgstr "x"\nmsgstr "## L’', 'line 9: «msgstr "## L’essentiel"» is out'),
        ("# French", "Frenchn", "line 1: «Frenchn translations.» is out of place"),
        (
            "charset=utf-8",
            "charset=iso-8859-1",
            "its header names no charset; accepted: charset=utf",
        ),
        ("Ils étaient {Q04}", "Ils étaient {Q05}", "the translation lacks {Q04}"),
        ("Ils étaient {Q04}", "Ils étaient {Q05}", "has {Q05}, which the English has not"),
        ("Ils étaient {Q04}", "Ils étaient", "the translation lacks {Q04}"),
        ("Ils étaient {Q04}", "Ils étaient {Q04 }", "«{Q04 }» looks like a field and is none"),
        ("Ils étaient {Q04}", "Ils étaient {Q04", "«{Q04 en tout.» looks like a field and is none"),
        ("Ils étaient {Q04}", "Ils étaient {Q04} }", "«}» looks like a field and is none"),
        ("## L’essentiel", "{}", "the translation has not as many {} as the English"),
        ("They were {Q04}", "They were { Q04 }", "«{ Q04 }» looks like a field and is none"),
        ("## In short", "Not yet {Q05}", "line 17: «Not yet {Q05}»: the message stands in line 7"),
        ('msgstr "## L’essentiel"\n', "", "line 7: «## In short»: it has no msgstr"),
        ("Ils étaient", "Ils \u202eétaient", "it holds the control character U+202E; accepted: pl"),
        ("Ils étaient", "Ils \0étaient", "it holds the control character U+0000; accepted: plain"),
        ("# French", "<<<<<<< HEAD\n# French", "line 1: «<<<<<<< HEAD» is left of a merge"),
    ],
)
def test_a_broken_catalogue_is_named_with_its_line(faults, old, new, fault):
    assert any(fault in problem for problem in faults(old, new)), faults(old, new)
    assert all(problem.startswith("fr.po") for problem in faults(old, new))


def test_another_encoding_is_named(faults):
    (problem,) = faults(encoding="cp1252", old="«ainsi»", new="ainsi")
    assert "not UTF-8" in problem


def test_a_form_of_the_same_field_may_differ(faults):
    assert faults("Ils étaient {Q04}", "Ils étaient {Q04}{Q04:one=;other=}") == []

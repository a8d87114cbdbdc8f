"""The brief in other languages: gettext catalogues in `translations/`, whose messages are the
English templates of the notebook with their ids in braces.

The words that the package adds of itself (Contents, Figure, more than {}) are in catalogues of its
own, `taawun/translations/`; a project that wants another word puts it into its own.
`python -m taawun.report.translation NOTEBOOK [LANGUAGE ...]` takes the messages of an executed
English brief into the project's catalogues: a new sentence waits for its translation, a changed one
marks it as outdated (fuzzy).
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from taawun.locales import SOURCE, TRANSLATED
from taawun.mime import DOCUMENT, LEDGER, shown
from taawun.paths import TRANSLATIONS
from taawun.report.template import asked, has_words

#: The catalogues that come with the package.
SHIPPED = Path(__file__).parents[1] / "translations"


def translate(text: str, language: str) -> str:
    """The message in `language`; the English text between double brackets where the catalogue has
    none or an outdated one; a text without words as it is.
    """
    if language == SOURCE or not has_words(text):
        return text
    return _translation(text, language) or re.sub(r"(?s)^(#{1,6} )?(.*)$", r"\1⟦\2⟧", text)


def typeset(text: str) -> str:
    """An English text as it is printed: with curved apostrophes and quotation marks, and dashes
    between years.
    """
    text = re.sub(r"\b(\d{4})-(?=\d{4}\b)", r"\1–", text)
    return re.sub(r'"([^"]*)"', r"“\1”", re.sub(r"(?<=[^\W\d_])'", "’", text))


def interface(text: str, language: str) -> str:
    """A word that the package adds of itself, in `language`; in English where it has none."""
    return _translation(text, language.split("-")[0]) or text


def _translation(text: str, language: str) -> str:
    """The valid translation of a message, the project's before the package's; empty for none."""
    for folder in (TRANSLATIONS, SHIPPED):
        message = catalogue(folder, language).get(text)
        if message and message.string and not message.fuzzy:
            return str(message.string)
    return ""


def is_translated(text: str, language: str) -> bool:
    """Whether the project's catalogue of a language has the message; no page reads another's."""
    return bool(text) and language != SOURCE and text in catalogue(TRANSLATIONS, language)


def _is_shipped(text: str) -> bool:
    """Whether the package itself knows the message."""
    return any(text in catalogue(SHIPPED, language) for language in TRANSLATED)


def messages(notebook: dict[str, Any]) -> list[str]:
    """The messages of an executed brief in the order of its cells: templates and labels that the
    annex lists and the Markdown cells below the title; not what the package translates.
    """
    cells = notebook["cells"]
    title, _ = next(shown(cells, DOCUMENT))
    _, annex = next(shown(cells, LEDGER))
    written = ["".join(c["source"]) for c in cells[title:] if c["cell_type"] == "markdown"]
    said = dict.fromkeys([*written, *annex["messages"]])
    return [text for text in said if has_words(text) and not _is_shipped(text)]


def faults(texts: list[str], language: str) -> list[str]:
    """A line a message whose translation is missing, outdated, or has not the English's ids."""
    own, found = catalogue(TRANSLATIONS, language), []
    for text in texts:
        message = own.get(text)
        if not message or not message.string:
            found.append(f"{language}: not translated: {text}")
        elif message.fuzzy:
            found.append(f"{language}: outdated, for the English is now: {text}")
        elif asked(text) != asked(str(message.string)):
            found.append(f"{language}: other ids than the English: {text}")
    return found


def update(texts: list[str], language: str) -> None:
    """Bring a catalogue up to the messages: new ones empty, changed ones outdated, others out."""
    own, template = catalogue(TRANSLATIONS, language), Catalog()
    chosen = [str(message.id) for message in own if message.id and _is_shipped(str(message.id))]
    for text in texts + chosen:
        template.add(text)
    own.update(template, keep_user_comments=True, update_creation_date=False)
    own.obsolete.clear()
    for message in own:
        message.flags -= {"python-format", "python-brace-format"}  # the fields are ours
    with (TRANSLATIONS / f"{language}.po").open("wb") as file:
        write_po(file, own, width=0, omit_header=False, include_previous=False)
    catalogue.cache_clear()


@cache
def catalogue(folder: Path, language: str) -> Catalog:
    """The catalogue of a language in a folder; an empty one where there is none."""
    path = folder / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="Taawun", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def main(path: str, *languages: str) -> None:
    """Update catalogues from an executed English brief and say what is left to translate: those of
    `languages`, or else all that the project has.
    """
    texts = messages(json.loads(Path(path).read_text(encoding="utf-8")))
    there = [language for language in TRANSLATED if (TRANSLATIONS / f"{language}.po").exists()]
    for language in languages or there:
        update(texts, language)
        waiting = faults(texts, language)
        print(
            f"translations/{language}.po: {len(texts)} messages, {len(waiting)} to translate or "
            f"check"
        )


if __name__ == "__main__":
    if len(sys.argv) == 1 or not Path(sys.argv[1]).is_file():
        sys.exit("It needs the executed English brief: build/published/notebooks/<brief>.en.ipynb")
    main(*sys.argv[1:])

"""The brief in other languages: gettext catalogues in `translations/`, whose messages are the
English templates of the notebook with their ids in braces.

`python -m taawun.report.translation NOTEBOOK` takes the messages of an executed English brief into the
catalogues: a new sentence waits for its translation, a changed one marks it as outdated (fuzzy).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from taawun.locales import SOURCE, TRANSLATED
from taawun.paths import TRANSLATIONS

IDS = re.compile(r"\{(\w+)[^{}]*\}")
WORD = re.compile(r"[^\W\d_]")


class Untranslated(LookupError):
    """A message without a valid translation."""


def translate(text: str, language: str) -> str:
    """The message in `language`; the English text between double brackets where the catalogue has
    none or an outdated one; a text without words as it is.
    """
    if language == SOURCE or not WORD.search(IDS.sub("", text)):
        return text
    message = _catalogue(language).get(text)
    if message and message.string and not message.fuzzy:
        return message.string
    heading = re.match(r"(?:#{1,6} )?", text)[0]
    return f"{heading}⟦{text[len(heading) :]}⟧"


def messages(notebook: dict) -> list[str]:
    """The messages of an executed brief in the order of its cells: templates and labels that the
    annex lists, and the Markdown cells below the title.
    """
    ledger = next(
        output["data"][mime]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        for mime in output.get("data", {})
        if mime.endswith("ledger+json")
    )
    titled = next(
        i
        for i, cell in enumerate(notebook["cells"])
        if any(
            "document+json" in mime
            for output in cell.get("outputs", [])
            for mime in output.get("data", {})
        )
    )
    written = [
        "".join(cell["source"])
        for cell in notebook["cells"][titled:]
        if cell["cell_type"] == "markdown"
    ]
    return [
        text
        for text in dict.fromkeys([*written, *ledger["messages"]])
        if WORD.search(IDS.sub("", text))
    ]


def faults(texts: list[str], language: str) -> list[str]:
    """What is wrong with the translations of the messages: missing, outdated, or with other ids
    than the English; one line each with the sentence.
    """
    catalogue, found = _catalogue(language), []
    for text in texts:
        message = catalogue.get(text)
        if not message or not message.string:
            found.append(f"{language}: not translated: {text}")
        elif message.fuzzy:
            found.append(f"{language}: outdated, for the English is now: {text}")
        elif Counter(set(IDS.findall(text))) != Counter(set(IDS.findall(message.string))):
            found.append(f"{language}: other ids than the English: {text}")
    return found


def update(texts: list[str], language: str) -> None:
    """Take the messages into `translations/<language>.po`: new ones empty, changed ones as
    outdated, vanished ones out.
    """
    template = Catalog()
    for text in texts:
        template.add(text)
    catalogue = _catalogue(language)
    catalogue.update(template, keep_user_comments=True, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags -= {"python-format", "python-brace-format"}  # the fields are ours
    with (TRANSLATIONS / f"{language}.po").open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=False, include_previous=False)
    _catalogue.cache_clear()


@cache
def _catalogue(language: str) -> Catalog:
    path = TRANSLATIONS / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="Taawun", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def main(path: str) -> None:
    """Update all catalogues from an executed English brief and say what is left to translate."""
    texts = messages(json.loads(Path(path).read_text(encoding="utf-8")))
    for language in TRANSLATED:
        update(texts, language)
        waiting = faults(texts, language)
        print(
            f"translations/{language}.po: {len(texts)} messages, {len(waiting)} to translate or "
            f"check"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])

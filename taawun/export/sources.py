"""What an annex prints of the sources of its entries: dates in words, publications, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from taawun.locales import LOCALES, SOURCE
from taawun.numbers.formatting import day

#: Who published something, its title, when, and its address.
Publication = tuple[str, str, str, str]
NOWHERE: Publication = ("", "", "", "")
#: The entries of a ledger by id.
Entries = dict[str, dict[str, Any]]
#: As far as an address is printed in full.
LETTERS = 70
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")


def in_words(date: str, language: str) -> str:
    """An ISO date in words, such as «19 December 2025»; any other text as it is."""
    language = language if language in LOCALES else SOURCE
    return _day(date, language) if _DATE.fullmatch(date) else date


def when(date: str, label: str, language: str) -> str:
    """The date of an entry in words; none if the label names its year."""
    return "" if date and date[:4] in label else in_words(date, language)


def _day(date: str, language: str) -> str:
    """The date in words; as it stands if there is no such day."""
    try:
        return day(date, language)
    except ValueError:
        return date


def publication(entry: Mapping[str, Any]) -> Publication:
    """The publication that an entry of the ledger quotes; empty texts if it quotes none."""
    publisher, title, published, url = (
        str(entry[key] or "") for key in ("publisher", "title", "published", "url")
    )
    return (publisher, title, published, url) if publisher or title else NOWHERE


def on_paper(entries: Mapping[str, dict[str, Any]], said: Iterable[str]) -> tuple[Entries, Entries]:
    """The entries that an annex on paper prints: those of the numbers that the text says, and of
    the results below them; and the printed figures that stand in the formulas of these alone.
    """
    shown, figures = set(said), set()
    below = list(shown)
    while below:
        entry = entries.get(below.pop())
        for name in inputs(entry) if entry else ():
            if entries[name]["formula"] and name not in shown:
                shown.add(name)
                below.append(name)
            figures.add(name)
    cited = figures - shown
    return (
        {name: entry for name, entry in entries.items() if name in shown},
        {name: entry for name, entry in entries.items() if name in cited},
    )


def inputs(entry: Mapping[str, Any]) -> list[str]:
    """The ids of the numbers in the formula of an entry."""
    return re.findall(r"\(#n-([^)]+)\)", entry["formula"])


def source_of(entry: dict[str, Any], entries: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The entry itself, or the printed figure that it is without any arithmetic."""
    found = re.fullmatch(r"\[[^]]*\]\(#n-([^)]+)\)", entry["formula"])
    figure = entries.get(found[1]) if found else None
    return figure if figure and not figure["formula"] else entry


def printed_address(url: str) -> str:
    """An address as paper shows it: without its scheme, and of a very long one the site alone."""
    address = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    return address if len(address) <= LETTERS else f"{urlsplit(url).netloc.removeprefix('www.')}/…"

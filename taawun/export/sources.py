"""What an annex prints of the sources of its entries: dates in words, publications, addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from taawun.locales import LOCALES, SOURCE
from taawun.numbers.formatting import day

#: Who published something, its title, when, and its address.
Publication = tuple[str, str, str, str]
#: As far as an address is printed in full.
LETTERS = 90
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
    return (publisher, title, published, url) if publisher or title else ("", "", "", "")


def printed_address(url: str) -> str:
    """An address as paper shows it: without its scheme, and of a very long one the site alone."""
    address = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    return address if len(address) <= LETTERS else f"{urlsplit(url).netloc.removeprefix('www.')}/…"

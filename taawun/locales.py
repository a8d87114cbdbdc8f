"""The languages that the report speaks: their CLDR locale, and which are written from the right."""

import re

LOCALES = {"en": "en", "fr": "fr_MA", "ar": "ar_MA"}
#: The language that everything is written in first.
SOURCE = "en"
TRANSLATED = tuple(language for language in LOCALES if language != SOURCE)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def direction(language: str) -> str:
    """The direction of a language's script, `ltr` or `rtl`; a code may have a region (`ar-MA`)."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def isolated(text: str, direction: str) -> str:
    """The text between marks that keep its own order, `ltr` or `rtl`, whatever stands around it."""
    return f"{chr(0x2066 if direction == 'ltr' else 0x2067)}{text}{chr(0x2069)}"


#: A percentage: among Arabic words its sign would go from one side to the other.
PERCENTAGE = re.compile(r"[-−]?\d[\d.,]*\s?%")

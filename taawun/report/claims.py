"""Claims: sentences that stand only under a condition, and the words that need one.

A word that states a direction, a degree or a rank (rows of `data/hand/direction_words.csv`) may
stand outside the fields of a template only if the template has a condition such as {a > b:if}; a
word in a field, such as {a:rose|fell}, is chosen anew in every build. One use can be excused by a
row of `data/hand/excused_words.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from taawun.locales import SOURCE
from taawun.messages import Refused
from taawun.paths import HAND
from taawun.quantity import Quantity
from taawun.readings import Readings
from taawun.report.holding import Holding, holding
from taawun.report.template import Field, bare, fields
from taawun.tables import read_rows

WORDS = HAND / "direction_words.csv"
EXCUSED = HAND / "excused_words.csv"


class Claims:
    """What was said under a condition, or would have been, in order, and which of it in a headline;
    each in all readings of the quantities in a ledger.
    """

    def __init__(self, known: Mapping[str, Quantity], language: str = SOURCE):
        self.language = language
        self.headlines: set[str] = set()
        self.readings = Readings(known)
        self._found: dict[str, dict[str, Any]] = {}
        self._held: dict[str, Holding] = {}

    def note(
        self,
        template: str,
        said: Sequence[Field],
        ledger: Mapping[str, Quantity],
        known: bool,
    ) -> None:
        """Keep a template that has a condition or chooses a word, and whether it stands."""
        conditions = [field for field in said if field.is_condition or field.is_choice]
        if not conditions:
            return
        failed = [field.name for field in conditions if known and not field.holds(ledger)]
        self._found[template] = {
            "id": slug(template),
            "template": template,
            "conditions": [field.name for field in conditions if field.is_condition],
            "choices": [f"{field.name}:{field.form}" for field in conditions if field.is_choice],
            "names": list(dict.fromkeys(name for field in said for name in field.names)),
            "published": known,
            "failed": failed,
        }

    def holding(self, template: str) -> Holding | None:
        """In how many readings a claim that is said holds; None for any other template."""
        claim = self._found.get(template)
        if not claim or claim["failed"] or not claim["published"]:
            return None
        if template not in self._held:
            self._held[template] = holding(template, self.readings)
        return self._held[template]

    def table(self) -> list[dict[str, Any]]:
        """One row a claim: its id, template, conditions, words chosen, the names of all its
        quantities, whether they had been published, the conditions that fail, whether it is a
        headline, and in how many readings it holds.
        """
        held = {text: self.holding(text) for text in self._found}
        return [
            claim
            | {"headline": text in self.headlines}
            | {"readings": asdict(found) if (found := held[text]) else None}
            for text, claim in self._found.items()
        ]


def slug(template: str, words: int = 6) -> str:
    """The first words of a template, as an address that stays while they stay."""
    return "-".join(re.findall(r"[^\W_]+", bare(template).lower())[:words])


def refuse(template: str, text: str, language: str) -> None:
    """Raise ValueError if the text, which is the template in a language, holds a word that states a
    direction, a degree or a rank, and the template has no condition.
    """
    if any(field.is_condition or field.is_rank for field in fields(template)):
        return
    if words := stating(text, language) - excused(template, language):
        word = min(words)
        raise Refused(
            f"«{text}»: «{word}» states a direction, a degree or a rank, and no condition says "
            f"when it holds; accepted: a condition such as {{a > b:if}}, a word that is chosen, "
            f"such as {{a:rose|fell}}, or a row of data/hand/excused_words.csv"
        )


def stating(text: str, language: str, what: str = "") -> set[str]:
    """The words of a text outside its fields that state a direction, a degree or a rank, or only
    one of these.
    """
    words = bare(text).lower().replace("’", "'")
    together, patterns = _patterns(language, what)
    if not together.search(words):
        return set()
    return {found[0] for pattern in patterns for found in pattern.finditer(words)}


def excused(template: str, language: str) -> set[str]:
    """The words that may stand in a sentence without a condition."""
    said = bare(template).lower().replace("*", "").lstrip("# ")
    return {
        row["word"]
        for row in _rows(EXCUSED)
        if row["language"] == language and said.startswith(row["begins"].lower())
    }


@cache
def _patterns(language: str, what: str) -> tuple[re.Pattern[str], list[re.Pattern[str]]]:
    """The words to look for: all in one pattern, which is sooner done, and each in its own."""
    words = [
        row["pattern"]
        for row in _rows(WORDS)
        if row["language"] == language and what in ("", row["states"])
    ]
    each = [re.compile(rf"(?<!\w)(?:{word})(?!\w)") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words) or '(?!)'})(?!\w)"), each


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table that a project may do without."""
    return read_rows(path) if path.exists() else []

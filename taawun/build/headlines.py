"""Which numbers the key messages of a brief state, and how they moved. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from taawun.build.files import rows

BRIEFS = "[0-9][0-9]-*.*.html"
_KEY = re.compile(r'<section class="panel key".*?</section>', re.S)
_LINK = re.compile(r'href="#n-(\w+)"')


def shown(reports: Path) -> dict[str, bool]:
    """The names of the numbers that the briefs state, those of their key messages (True) first."""
    texts = [
        path.read_text(encoding="utf-8").partition('id="ledger"')[0]
        for path in sorted(reports.glob(BRIEFS))
    ]
    keys = [part for text in texts for part in _KEY.findall(text)]
    names = {name: True for part in keys for name in _LINK.findall(part)}
    return names | {name: name in names for text in texts for name in _LINK.findall(text)}


def entries(tables: Path) -> dict[str, dict[str, str]]:
    """The rows of all ledgers by name."""
    paths = sorted(tables.glob("[0-9][0-9]-ledger.csv"))
    return {row.get("id", ""): row for path in paths for row in rows(path)}


def moved(before: Mapping[str, dict[str, str]], reports: Path, tables: Path) -> Iterator[str]:
    """A line for each number of the key messages that is no longer what it was: from, and to."""
    from taawun.periods import dated

    after = entries(tables)
    for name, is_key in shown(reports).items():
        was, now = _number(before.get(name, {})), _number(after.get(name, {}))
        if is_key and was != now:
            row = after.get(name, {"label": name, "start": "", "date": "", "unit": ""})
            label = dated(row["label"], row["start"], row["date"])
            yield f"{label}: {was} -> {now} {row['unit']}".rstrip()


def _number(row: dict[str, str]) -> str:
    """The value of an entry, with its bounds where they differ."""
    value, low, high = (row.get(end) or "none" for end in ("value", "low", "high"))
    ends = f" ({_short(low)} to {_short(high)})" if low != high else ""
    return _short(value) + ends


def _short(number: str) -> str:
    """A number for people: whole from a thousand on, else with four digits."""
    try:
        return f"{float(number):{',.0f' if abs(float(number)) >= 1000 else '.4g'}}"
    except ValueError:
        return number

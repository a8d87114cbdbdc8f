"""Catalogues of translations as people edit them, read strictly: gettext's readers take what they
understand and leave out the rest, and a heading is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from taawun.forms import CONTROL
from taawun.report.template import asked, stray_braces
from taawun.tables import BadTable, read_text, shown

LINE = re.compile(r'(?P<keyword>msgid |msgstr )?"(?P<words>(?:[^"\\]|\\[nt"\\])*)"\s*')
FUZZY = re.compile(r"#,.*\bfuzzy\b")
ESCAPED = {"n": "\n", "t": "\t"}
ACCEPTED = 'msgid or msgstr with words between " and ", and \\" for a quotation mark among them'


@dataclass
class Message:
    """One message of a catalogue: its line, English, translation, and whether that is outdated."""

    line: int
    english: str = ""
    translation: str | None = None
    fuzzy: bool = False

    def take(self, keyword: str | None, words: str) -> bool:
        """Whether a line belongs to the message; its words then do."""
        words = re.sub(r"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), words)
        if keyword == "msgstr ":
            if self.translation is not None:
                return False
            self.translation = words
        elif self.translation is None:
            self.english += words
        else:
            self.translation += words
        return True


def catalogue_faults(path: Path) -> list[str]:
    """What is wrong with a catalogue, one sentence a fault: lines that are none, messages that
    stand there twice, and translations with other fields than the English.
    """
    name = shown(path)
    try:
        messages, problems = _messages(read_text(path))
    except BadTable as error:
        return error.problems
    found = [f"{name}, line {line}: {fault}" for line, fault in problems]
    header = messages[0].translation if messages and not messages[0].english else ""
    if "charset=utf-8" not in (header or "").lower():
        found.append(f"{name}: its header names no charset; accepted: charset=utf-8")
    first: dict[str, int] = {}
    for message in messages:
        faults = list(_message_faults(message))
        if message.english in first:
            faults.append(f"the message stands in line {first[message.english]}, too")
        first.setdefault(message.english, message.line)
        said = message.english if len(message.english) <= 60 else f"{message.english[:60]}…"
        found += [f"{name}, line {message.line}: «{said}»: {fault}" for fault in faults]
    return found


def _messages(text: str) -> tuple[list[Message], list[tuple[int, str]]]:
    """The messages of a catalogue, and the lines that are none of one, each with what is wrong."""
    messages: list[Message] = []
    problems: list[tuple[int, str]] = []
    fuzzy = False
    for i, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            fuzzy = FUZZY.match(line) is not None or (fuzzy and line.startswith("#"))
            continue
        found = LINE.fullmatch(line)
        if found and found["keyword"] == "msgid ":
            messages.append(Message(i, fuzzy=fuzzy))
        if not (found and messages and messages[-1].take(found["keyword"], found["words"])):
            problems.append((i, f"«{line.strip()[:60]}» is out of place; accepted: {ACCEPTED}"))
    return messages, problems


def _message_faults(message: Message) -> Iterator[str]:
    if message.translation is None:
        yield "it has no msgstr"
    for text in (message.english, message.translation or ""):
        if unseen := CONTROL.search(re.sub(r"[\n\t]", "", text)):
            yield f"it holds the control character U+{ord(unseen[0]):04X}; accepted: plain text"
            return
        if braces := stray_braces(text):
            yield f"«{braces}» looks like a field and is none; accepted: a field such as {{Q06}}"
            return
    if message.english and message.translation and not message.fuzzy:
        try:
            english, other = asked(message.english), asked(message.translation)
        except ValueError as error:
            yield str(error)
            return
        if message.english.count("{}") != message.translation.count("{}"):
            yield "the translation has not as many {} as the English"
        for name in sorted(english - other):
            yield f"the translation lacks {{{name}}}"
        for name in sorted(other - english):
            yield f"the translation has {{{name}}}, which the English has not"

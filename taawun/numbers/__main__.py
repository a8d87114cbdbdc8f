"""How one printed figure is read: `python -m taawun.numbers "plus de 1,5 Md€" --language fr`.

Prints the words that were recognised and what each means, the number, its bounds and the rule
behind them; or why the figure is refused, and what would be accepted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from taawun.numbers.grammar import Number
from taawun.numbers.lexer import Token
from taawun.numbers.parser import Reader, UnreadableFigure
from taawun.numbers.vocabulary import read_words
from taawun.quantity import Quantity
from taawun.tables import BadTable

#: What a hedge says of the true value.
RULES = {
    "at_least": "the true value is the printed one or up to one place above it",
    "at_most": "the true value is the printed one or up to one place below it",
    "nearly": "the true value is the printed one or up to one place below it",
    "about": "the true value is within half a place of the printed one",
    "range": "the two printed numbers are the bounds, the value is their middle",
}


def main() -> int:
    """Explain one phrase; 0 if it was read, 1 if it was refused."""
    try:
        languages = sorted({row["language"] for row in read_words()})
    except BadTable as fault:
        print(fault)
        return 1
    parser = argparse.ArgumentParser(prog="python -m taawun.numbers", description=__doc__)
    parser.add_argument("phrase", help="the words as a source prints them")
    parser.add_argument("--language", choices=languages, required=True)
    arguments = parser.parse_args()
    reader = Reader(arguments.phrase, arguments.language)
    try:
        quantity = reader.quantity()
    except UnreadableFigure as refusal:
        print("\n".join(_words(reader)))
        print(f"Refused: {refusal.why}\nAccepted: {refusal.accepted}")
        return 1
    print("\n".join([*_words(reader), *_reading(reader, quantity)]))
    return 0


def _words(reader: Reader) -> Iterator[str]:
    """One line a word or number of the phrase: what it means, by kind."""
    counted = {at for number in reader.numbers for at in range(number.first, number.last + 1)}
    for at, token in enumerate(reader.tokens):
        apart = "digits" in token.meanings and reader.numbers and at not in counted
        aside = "; it only says when, or which" if apart else ""
        yield f"  {reader.as_printed(token):<24} {_meanings(token)}{aside}"


def _meanings(token: Token) -> str:
    if "unknown" not in token.meanings:
        kinds = sorted(token.meanings.items())
        return ", ".join(f"{kind} {meaning}".strip() for kind, meaning in kinds)
    looks_like = token.meanings.get("suspect")
    return f"not known; looks like: {looks_like}" if looks_like else "not known"


def _reading(reader: Reader, quantity: Quantity) -> Iterator[str]:
    for number in reader.numbers:
        yield f"Number: {_number(reader, number)}"
    yield f"Bounds: {quantity.low:.15g} to {quantity.high:.15g}: {_rule(reader, quantity)}"
    yield f"Read as: {quantity.value:.15g} {quantity.unit}, {quantity.qualifier}"
    passed_over = reader.not_understood()
    if passed_over:
        yield f"Passed over, for they are not known: {', '.join(passed_over)}"


def _number(reader: Reader, number: Number) -> str:
    scale = f", times {reader.scale} by its unit" if reader.scale != 1 else ""
    return f"{number.value:f}{scale}; its last printed digit stands at {number.place:f}"


def _rule(reader: Reader, quantity: Quantity) -> str:
    if quantity.qualifier in RULES:
        return RULES[quantity.qualifier]
    if quantity.low == quantity.high:
        return "plain digits are exact"
    return "a rounded number may be off by half its last place"


if __name__ == "__main__":
    sys.exit(main())

"""Why a figure cannot be read, said of its words and not yet of the whole."""

from __future__ import annotations

from taawun.numbers.lexer import Token

DECISION = "the number itself, or a decision in data/hand/readings.csv"


class Refusal(Exception):
    """What is wrong with a figure, and what is accepted; «{}» is the printed words of `token`."""

    def __init__(self, why: str, token: Token | None = None, accepted: str = DECISION) -> None:
        self.why, self.token, self.accepted = why, token, accepted
        super().__init__(why)

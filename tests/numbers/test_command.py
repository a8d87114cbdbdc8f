"""One phrase read from the command line, with its words, its rule and its bounds."""

import subprocess
import sys

from taawun.paths import ROOT


def explained(phrase: str, language: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-m", "taawun.numbers", phrase, "--language", language],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_reading_is_explained_with_its_words_rule_and_bounds():
    code, text = explained("Plus de 1,5 million de membres en 2024", "fr")
    assert code == 0
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "Plus de hedge at_least" in lines
    assert "million magnitude 1000000" in lines
    assert "membres not known" in lines
    assert "2024 digits; it only says when, or which" in lines
    assert any(line.startswith("Bounds: 1500000 to 1600000: ") for line in lines)
    assert "Read as: 1500000 count, at_least" in lines
    assert "Passed over, for they are not known: membres" in lines


def test_a_refusal_is_explained_too():
    code, text = explained("5 millions de dinars", "fr")
    assert code == 1
    assert "not known; looks like: currency" in text
    assert "Refused: «dinars» is a currency" in text
    assert "Accepted: its full name" in text

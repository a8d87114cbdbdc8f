"""Whether the page answers "and if that number were another?" as a build does: random edits, each
asked of the page in every language and built as `make report` builds it, and all that is said then
compared. `build/ci-browser/bin/python benchmarks/what_if.py [EDITS [SEED]]`, after `make report`.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "build/what-if/reports"
LANGUAGES = ("en", "fr", "ar")
FACTORS = (0.01, 0.5, 0.9, 0.97, 1.03, 1.1, 2, 40)
HEDGED = ("more than {}", "nearly {}", "about {}", "at most {}", "plus de {}", "près de {}")
HEDGED += ("environ {}", "moins de {}", "أكثر من {}", "حوالي {}", "قرابة {}", "أقل من {}")
MONEY = ("{} dirhams", "{} DH", "{} درهم")
#: Texts that may move, without those that fell silent, a text each; rows of tables; entries; and
#: that a build would refuse what is asked.
SAID = """() => {
  const text = e => {
    const whole = e.cloneNode(true);
    whole.querySelectorAll("del, #card").forEach(gone => gone.remove());
    return whole.textContent.replace(/\\s+/g, " ").trim();
  };
  const all = (selector, of) => [...document.querySelectorAll(selector)].map(of).filter(Boolean);
  const entry = e => text(e) && e.closest("article").id.replace("n-", "") + ": " + text(e);
  return {
    texts: all("[data-w]", text),
    tables: all("tr", text),
    entries: all("#ledger .value bdi, #ledger .formula, #ledger .readings", entry).sort(),
    refused: all("#what-if-banner em:not([hidden])", text),
    title: [document.title],
  };
}"""


def asked_of(language: str) -> dict[str, Any]:
    """What a page computes with."""
    html = (ROOT / f"reports/05-brief.{language}.html").read_text(encoding="utf-8")
    [data] = re.findall(r'<script type="application/json" id="what-if">(.*?)</script>', html)
    return {"html": html, **json.loads(data)}


def edits(times: int, seed: int) -> Iterator[dict[str, str]]:
    """Words by name of the figure: digits, hedges in three languages, shares, the number of another
    year, which may leave nothing to divide by, and several at once.
    """
    chance, page = random.Random(seed), asked_of("en")
    printed = {
        name: row
        for name, row in page["numbers"].items()
        if len(row) < 4 and row[0] and f'id="n-{name}"' in page["html"]
    }
    counts = [name for name, row in printed.items() if not any(row[1:2])]
    for number in range(times):
        found = {}
        for name in chance.sample(sorted(printed), 1 if number % 4 else 3):
            [value, *_], unit = printed[name][0], "".join(printed[name][1:2])
            new = value * chance.choice(FACTORS)
            if unit != "%" and chance.random() < 0.15:
                new = printed[chance.choice(counts)][0][0]
            digits = f"{min(new, 99):.{chance.choice((0, 1))}f}%" if unit == "%" else f"{new:.0f}"
            if chance.random() < 0.3 and unit != "%":
                digits = f"{float(f'{new:.2g}'):.0f}"
            if "M" in unit:
                digits = chance.choice(MONEY).format(digits)
            hedge = chance.choice(HEDGED) if chance.random() < 0.4 else "{}"
            found[name] = hedge.format(digits)
        yield found


def build() -> None:
    """Build each set of words that a line of standard input has, by name, and answer with a line
    that is empty or says what was refused: as `make watch` does, in processes that stay warm.
    """
    from taawun.build import BuildError, schedule
    from taawun.build.edition import open_edition

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what steps say is no answer
    edition = open_edition("what-if", {"register_stock_2025_11": "1"})
    with schedule.processes(edition) as start:
        for line in sys.stdin:
            open_edition("what-if", json.loads(line))
            refused = ""
            for language in LANGUAGES:
                step = f"05-brief.{language}"
                (edition / "watched").write_text(step, encoding="utf-8")
                try:
                    ended = list(schedule.bring_up_to_date(edition, [step], 2, start))
                except BuildError as error:
                    refused = str(error)
                refused = refused or " ".join(step for step, _, code in ended if code)
            print(json.dumps(refused), file=answers, flush=True)


@contextmanager
def builder() -> Iterator[Callable[[dict[str, str]], dict[str, str]]]:
    """Yields what builds the page of each language with other words, by language; or under "" the
    reason why it is refused.
    """
    code = [ROOT / ".venv/bin/python", "-E", "-s", __file__, "build"]
    env = {key: value for key, value in os.environ.items() if not re.match("MAKE|MFLAGS", key)}
    env["PYTHONPATH"] = str(ROOT)
    with TemporaryFile("w+") as told, Popen(code, stdin=PIPE, stdout=PIPE, stderr=told) as process:

        def built(words: dict[str, str]) -> dict[str, str]:
            at = told.seek(0, os.SEEK_END)
            process.stdin.write(json.dumps(words).encode() + b"\n")
            process.stdin.flush()
            if refused := json.loads(process.stdout.readline()):
                told.seek(at)
                return {"": f"{refused}: {told.read().strip()}"}
            made = {language: REPORTS / f"05-brief.{language}.html" for language in LANGUAGES}
            return {language: path.read_text(encoding="utf-8") for language, path in made.items()}

        try:
            yield built
        finally:
            process.stdin.close()
            process.wait()
            shutil.rmtree(REPORTS.parent, ignore_errors=True)


def said(browser: Any, address: str) -> Any:
    """What a page says."""
    page = browser.new_page()
    page.goto(address)
    found = page.evaluate(SAID)
    page.close()
    return found


def differences(asked: dict[str, list[str]], right: dict[str, list[str]]) -> list[str]:
    """What only the question says (-), and what only the build does (+); of the entries of numbers
    that both state.
    """
    entries = [{line.partition(":")[0] for line in page["entries"]} for page in (asked, right)]
    asked, right = (
        page | {"entries": [e for e in page["entries"] if e.partition(":")[0] in both]}
        for both in [entries[0] & entries[1]]
        for page in (asked, right)
    )
    return [
        f"{sign} {line[:400]}"
        for part in asked
        for sign, one, other in (("-", asked, right), ("+", right, asked))
        for line in one[part]
        if line not in other[part]
    ]


def main(times: int = 50, seed: int = 1) -> None:
    """Print a line an edit, what differs below it, and how many pages are equal: they say what the
    build says, or that there could be none.
    """
    from playwright.sync_api import sync_playwright

    equal = compared = 0
    copy = ROOT / "build" / "what-if.html"
    with builder() as built, sync_playwright() as playwright:
        options = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
        browser = playwright.chromium.launch(**options)
        for words in edits(times, seed):
            pages = built(words)
            print(words, "refused: " + pages[""] if "" in pages else "", flush=True)
            for language in LANGUAGES:
                question = ",".join(f"{name}:{quote(text)}" for name, text in words.items())
                page = (ROOT / f"reports/05-brief.{language}.html").as_uri()
                asked = said(browser, f"{page}#what-if={question}")
                if "" in pages:
                    found = [] if asked["refused"] else ["+ refused, and the page does not say so"]
                else:
                    copy.write_text(pages[language], encoding="utf-8")
                    found = differences(asked, said(browser, copy.as_uri()))
                equal, compared = equal + (not found), compared + 1
                print(*(f"  {language} {line}" for line in found), sep="\n", end="\n" * bool(found))
        browser.close()
    copy.unlink(missing_ok=True)
    print(f"{equal} of {compared} pages equal")


if __name__ == "__main__":
    build() if sys.argv[1:] == ["build"] else main(*map(int, sys.argv[1:]))

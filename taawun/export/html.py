"""An executed notebook as one self-contained page: it asks nobody and is read without script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JavascriptLexer, PythonLexer
from pygments.token import Keyword, Name, Punctuation, Text, Whitespace

from taawun.export import document as model
from taawun.export.cells import PANELS, Part
from taawun.export.document import Document, is_web
from taawun.export.downloads import FIGURES, as_files, offered
from taawun.export.fonts import faces
from taawun.export.markdown import Markdown, letters
from taawun.export.pictures import Picture
from taawun.export.printer import plain
from taawun.export.sources import inputs
from taawun.export.svg import Sprite, is_drawing
from taawun.locales import SOURCE

#: As what else a brief is printed, by the ends of the files' names.
OTHERS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
TEMPLATES = Path(__file__).with_name("templates")
#: The names that a script declares, and what stands for those that it has most often.
_DECLARED = re.compile(
    r"(?<![.\w])(\w+) = |\b(?:const|let) \[([^\]]+)\]|\(\[([\w, .]+)\][^()]*\) =>"
    r"|\(([\w, ]+)\) =>|\b(\w+) =>"
)
_SHORT = [*string.ascii_uppercase]
_SHORT += [a + b for a in "$_" for b in string.ascii_letters + string.digits]


class Page:
    """One page in the making."""

    def __init__(self, document: Document) -> None:
        self.document, self.markdown, self.sprite = document, Markdown(document), Sprite()
        self.figures = 0
        #: What is made beside the page, by its address from there: the drawings of its figures.
        self.files: dict[str, bytes] = {}
        self.what_if = document.what_if
        self.blocks = {said: i for i, (_, said, _) in enumerate(self.what_if.get("blocks", ()))}

    def html(self) -> str:
        """The finished page."""
        document, markdown = self.document, self.markdown
        markdown.section = document.word("Title")
        # What is printed first uses its numbers first.
        title = self._line(document.meta["title"])
        subtitle = self._line(document.meta.get("subtitle"))
        body = self._parts(document.parts)
        annex = self._annex()
        formulas = {number: self._formula(entry) for number, entry in document.entries.items()}
        script = self._script(body + annex)
        page = _template("page.html").render(
            _=document.word,
            d=document,
            meta=document.meta,
            imprint=document.imprint,
            title=title,
            subtitle=subtitle,
            body=body,
            annex=annex,
            formulas=formulas,
            uses={number: list(self._uses(number)) for number in document.entries},
            results=self._results(),
            sections=markdown.sections,
            moved={anchor: i for i, anchor in re.findall(r'<h\d data-w="(\d+)" id="(.*?)"', body)},
            sprite=self.sprite,
            plain_title=plain(document.meta["title"]) or document.name,
            description=plain(document.meta.get("subtitle")),
            script=script,
            what_if=self._data(),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            nav=self._navigation(),
            others=OTHERS if document.brief and document.name in document.pages else {},
            described=self._described(),
            picture=self._picture(),
            css=_source("page.css") + ("" if document.brief else _source("appendix.css")),
            code=any(part.kind == "code" for part in model.flat(document.parts)),
        )
        return page.replace("/*fonts*/", faces(page, document.language))

    def _annex(self) -> str:
        """What stands behind the text, under a heading of its own; empty if nothing does."""
        if not self.document.annex:
            return ""
        heading = self.markdown.heading(self.document.word("Annex"), 2)
        return heading + "".join(self._parts(part.content) for part in self.document.annex)

    def _script(self, text: str) -> str:
        """The script of a page with this text: it says what wide tables are and, where there are
        entries, shows these as cards.
        """
        cards = ["cards.js", *(["whatif.js"] if self.what_if else [])]
        names = ["tables.js"] if 'class="stacks"' in text else []
        names += cards if self.document.entries else []
        return "".join(script(name).render(_=self.document.word) for name in names)

    def _data(self) -> str:
        """What the script computes with, as JSON that ends no element of the page."""
        if not self.what_if:
            return ""
        blocks = [[kind, sentences] for kind, _, sentences in self.what_if["blocks"]]
        data = self.what_if | {"blocks": blocks}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return text.replace("<", "\\u003c")

    def _line(self, text: str | None) -> str:
        """A line; if another could stand in its place, marked so that the script finds it."""
        line = self.markdown.line(text)
        place = self.blocks.get(text or "")
        return line if place is None else f'<span data-w="{place}">{line}</span>'

    def _block(self, part: Part) -> str:
        """Paragraphs, lists and headings, marked as lines are."""
        html = self.markdown.blocks(part.content, part.attachments)
        text = re.sub(r"^#+ ", "", part.content.strip())
        place = self.blocks.get(text)
        if place is None:
            return html
        return re.sub(r"^(\s*<\w+)", rf'\1 data-w="{place}"', html, count=1)

    def _parts(self, parts: list[Part]) -> str:
        """Parts of the text in order; cells of code that follow one another share a fold."""
        printed: list[str] = []
        for is_code, together in groupby(parts, key=lambda part: part.kind == "code"):
            group = list(together)
            printed += [self._code(group)] if is_code else map(self._part, group)
        return "\n".join(printed)

    def _part(self, part: Part) -> str:
        """One part of the text that is not code."""
        if part.kind in PANELS:
            return self._panel(part)
        printers: dict[str, Callable[[Part], str]] = {
            "markdown": self._block,
            "table": lambda part: self.markdown.cells(part.content),
            "html": lambda part: self.markdown.tokens(part.content),
            "figure": lambda part: self._figure(part.content),
            "text": _output,
            "warning": _output,
        }
        return printers[part.kind](part)

    def _panel(self, part: Part) -> str:
        """A tinted panel, named by its first heading."""
        inside = self._parts(part.content)
        heading = re.search(r'<h\d id="(.*?)"', inside)
        label = f' aria-labelledby="{heading[1]}"' if heading else ""
        return f'<section class="panel {part.kind}"{label}>{inside}</section>'

    def _code(self, parts: list[Part]) -> str:
        """Folded code, its words marked by kind; the fold names the first and the last cell."""
        places = dict.fromkeys([str(parts[0].place), str(parts[-1].place)])
        name = " ".join([self.document.word("Code"), "–".join(places)])
        cells = "".join(f"<pre><code>{_highlight(part.content)}</code></pre>" for part in parts)
        return f'<details class="code"><summary>{escape(name)}</summary>{cells}</details>'

    def _figure(self, figure: dict[str, Any]) -> str:
        """A figure: number, finding, subtitle, drawings, data (folded), source and files."""
        self.figures += 1
        anchor = self.markdown.anchor("fig-" + re.sub(r"[^\w-]", "-", str(figure["id"])))
        where = self.document.numbered_figure(self.figures)
        for number in model.drawn(figure):
            if number in self.document.entries:
                self.markdown.use(number, anchor, where)
        charts = [
            (kind, self._chart(figure[key], f"{anchor}-{kind}"))
            for kind, key in (("wide", "svg"), ("narrow", "svg_narrow"))
            if figure.get(key)
        ]
        lines = {
            key: Markup(self._line(figure.get(key))) for key in ("title", "subtitle", "caption")
        }
        self.markdown.belongs = where
        table = Markup(self.markdown.cells(figure["table"])) if figure.get("table") else ""
        self.markdown.belongs = ""
        ways = self._ways(anchor, figure["svg"], self.markdown.words if table else "")
        return _template("figure.html").render(
            _=self.document.word,
            anchor=anchor,
            where=where,
            charts=charts,
            alt=figure["alt"],
            table=table,
            get=Markup(offered(self.document.word("Download"), where, ways)) if ways else "",
            linked=any("<a " in chart for _, chart in charts),
            **lines,
        )

    def _ways(self, anchor: str, svg: str, words: str) -> list[tuple[str, str, str]]:
        """As what a figure can be taken away, (kind, address, name): its numbers, and the drawing
        in files of a folder beside the page; none but on a page of a report.
        """
        name = f"{self.document.name}.{anchor.removeprefix('fig-')}"
        if not self.document.pages:
            return []
        drawn = as_files(name, svg) if is_drawing(svg) else {}
        self.files |= {f"{FIGURES}/{file}": content for file, content in drawn.items()}
        ways = [("CSV", words, f"{name}.csv")] if words else []
        kinds = {file: file.rpartition(".")[2].upper() for file in drawn}
        return ways + [(kind, f"{FIGURES}/{file}", file) for file, kind in kinds.items()]

    def _chart(self, svg: str, prefix: str) -> str:
        """A drawing as part of the page; as a picture that can do nothing if it is more."""
        if is_drawing(svg):
            return self.sprite.inline(svg, prefix, self._name)
        return f'<img alt="" src="{Picture("image/svg+xml", svg.encode()).address}">'

    def _name(self, number: str) -> str | None:
        """What a link in a drawing is about, or None if the page has no entry for it."""
        entry = self.document.entries.get(number)
        return entry["label"] if entry else None

    def _formula(self, entry: dict[str, Any]) -> str:
        """The arithmetic of an entry."""
        self.markdown.counts = False
        return self.markdown.line(entry.get("formula"))

    def _results(self) -> dict[str, list[dict[str, Any]]]:
        """The entries into whose formula each number goes, in order."""
        found: dict[str, list[dict[str, Any]]] = {number: [] for number in self.document.entries}
        for entry in self.document.entries.values():
            for number in dict.fromkeys(inputs(entry)):
                found[number].append(entry)
        return found

    def _uses(self, number: str) -> Iterator[tuple[str, str]]:
        """Where a number stands: (anchor, the section at its first use there, then a count)."""
        seen: dict[str, int] = {}
        for anchor, section in self.markdown.uses.get(number, ()):
            seen[section] = seen.get(section, 0) + 1
            yield anchor, section if seen[section] == 1 else str(seen[section])

    def _navigation(self) -> list[tuple[str, str, bool]]:
        """The pages of the report, if this is one: (address, name, whether it is this one); a brief
        names only the first of those that say how it was made.
        """
        document, word = self.document, self.document.word
        if document.name not in document.pages:
            return []
        if not document.brief:
            return [
                (f"{page}.html", page.split(".")[0].replace("-", " ", 1), page == document.name)
                for page in document.pages
            ]
        others = (page for page in document.pages if page != document.name)
        method = [(f"{page}.html", word("Method"), False) for page in others][:1]
        files = [("PDF", f"{document.name}.pdf"), ("Word", f"{document.name}.docx")]
        return [
            (f"{document.name}.html", word("Brief"), True),
            *method,
            ("../data/datapackage.json", word("Data"), False),
            *((address, kind, False) for kind, address in files),
        ]

    def _picture(self) -> str:
        """The file that shows the page in a picture, its first figure; empty without one."""
        return next((name for name in self.files if name.endswith(".png")), "")

    def _described(self) -> str:
        """The brief in the words of schema.org, for search engines; empty if it has no date."""
        meta, document = self.document.meta, self.document
        if not (document.brief and meta.get("date")):
            return ""
        about = {
            "@context": "https://schema.org",
            "@type": "Report",
            "name": plain(meta["title"]),
            "description": plain(meta.get("subtitle")),
            "inLanguage": document.language,
            "datePublished": str(meta["date"]),
            "version": str(meta.get("version") or ""),
            "license": str(meta.get("licence") or ""),
            "author": [{"@type": "Organization", "name": name} for name in document.authors],
            "encoding": [
                {
                    "@type": "MediaObject",
                    "encodingFormat": kind,
                    "contentUrl": f"{document.name}.{suffix}",
                }
                for suffix, kind in OTHERS.items()
            ],
            "image": self._picture(),
            "isBasedOn": {
                "@type": "Dataset",
                "name": plain(meta["title"]),
                "description": plain(meta.get("subtitle")),
                "distribution": [
                    {"@type": "DataDownload", "encodingFormat": "text/csv", "name": name}
                    for name in document.tables
                ],
            },
        }
        return json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")


def _output(part: Part) -> str:
    """What a cell printed."""
    return f'<pre class="out" tabindex="0">{escape(part.content)}</pre>'


def looks(text: str) -> str:
    """The looks of the report's pages, with the letters that this English text needs."""
    return f"{faces(text, SOURCE)}\n{_source('page.css')}"


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@lru_cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.tests["web"] = is_web
    made.filters["in_script"] = _in_script
    return made


@lru_cache
def script(name: str) -> jinja2.Template:
    """A script, tightened before its words are in it: the same in every language."""
    code = re.sub(r"(?s)\{#.*?#\}", "", _source(name))
    return _environment().from_string(_tightened(code))


def _tightened(script: str) -> str:
    """A script without what only people need: blanks, long names that are its own and that no
    property has, and a word for each of several declarations that follow one another.
    """
    own = re.sub(r"\{\{.*?\}\}", "", script)  # without the places of words
    declared = " ".join(map(" ".join, _DECLARED.findall(own)))
    properties = {*re.findall(r"(?<!\.\.)\.(\w+)", own), *re.findall(r"(\w+):", own)}
    often = Counter(re.findall(r"\w+", own))
    names = {*re.findall(r"(?<!= )\b\w{3,}", declared)} - properties
    ranked = sorted(names, key=lambda name: (-often[name], name))
    short = dict(zip(ranked, _SHORT, strict=False))
    short["const"] = "let"
    made, blank = "", ""
    # Whether the statement before, and this one, declare something; one pair for each open bracket.
    declaring = [[False, False]]
    for kind, text in JavascriptLexer().get_tokens(script):
        if kind in Whitespace or (kind is Text and not text.strip()):
            blank = "\n" if "\n" in blank + text else " "
            continue
        last = made[-1:]
        if blank == " " and not (re.match(r"[\w$]", last) and re.match(r"[\w$]", text)):
            blank = ""
        if blank == "\n" and last in tuple(";{,("):
            blank = ""
        if text in ("const", "let"):
            if last == ";" and declaring[-1][0]:
                made, text, blank = made[:-1], ",", ""
            declaring[-1][1] = True
        elif text == ";":
            declaring[-1] = [declaring[-1][1], False]
        declaring += [[False, False] for sign in text if kind in Punctuation and sign in "([{"]
        del declaring[
            len(declaring) - sum(kind in Punctuation and sign in ")]}" for sign in text) :
        ]
        is_word = kind in Name or kind in Keyword
        made, blank = made + blank + (short.get(text, text) if is_word else text), ""
    return made


def _in_script(text: str) -> str:
    """Text for HTML that stands in a template string of a script."""
    return re.sub(r"[`$\\<]", lambda sign: f"\\u{{{ord(sign[0]):x}}}", escape(text))


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


def _highlight(source: str) -> str:
    """Python code marked by kind; a line may break after a sign, and knows its indentation."""
    code = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")
    code = re.sub(r'<span class="[op]">[^<]*</span>', r"\g<0><wbr>", code)
    return "\n".join(map(_line, code.split("\n")))


def _line(line: str) -> str:
    """A line of code; where it is too long for the screen, it goes on further in than it begins."""
    text = letters(line)
    indent = len(text) - len(text.lstrip(" "))
    style = f' style="--in:{indent}"' if indent else ""
    return f"<span{style}>{line}</span>"

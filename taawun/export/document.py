"""What a notebook says, freed of cells: one document model for both exporters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from nbformat import NotebookNode, from_dict

from taawun.export import cells
from taawun.export.cells import PANELS, Part
from taawun.export.sources import in_words, when
from taawun.locales import SOURCE, direction
from taawun.mime import DOCUMENT, LEDGER, shown
from taawun.report.translation import interface

#: What a tag before a hyphen and a name asks of that number: to have been published, or not.
CONDITIONS = {"needs": True, "unless": False}
#: What the small print of a document may say, and how it is called.
IMPRINT = {
    "edition": "Edition",
    "version": "Version",
    "licence": "Licence",
    "cite": "How to cite",
    "institution": "Institution",
    "address": "Address",
    "repository": "Source code and data",
    "errors": "Where to report an error",
    "large": "Too large to be attached to the PDF",
}
#: What an entry of the ledger may say.
ENTRY = [
    "id",
    "code",
    "label",
    "value",
    "number",
    "unit",
    "date",
    "formula",
    "words",
    "words_language",
]
ENTRY += ["publisher", "title", "published", "url", "archived", "note", "readings"]
#: What a page needs to compute anew what a number changes.
WHAT_IF = {"blocks", "divided", "numbers", "others", "readings", "rows", "signs"}
_TITLE = re.compile(r"\s*(?:#[ \t]+(.*?)[ \t]*#*[ \t]*|(\S.*(?:\n\S.*)*?)\n=+[ \t]*)(?:\n\s*|$)")
_CSV = re.compile(r"[\w-]+\.csv")
_SECTION = re.compile(r"\s*##?[ \t]+(.*?)[ \t]*#*[ \t]*(?:\n|$)")


@dataclass
class Document:
    """A whole notebook and its name: `meta` says title, language and edition, `pages` the names of
    the pages that belong together, `tables` the CSV that it rests on, by file name (empty
    for one that is too large to be carried along), `csv` the addresses of those files, or of those
    that the notebook wrote, `annex` the parts behind the text; without a document output it is a
    page of the appendix.
    """

    meta: dict[str, Any]
    brief: bool
    name: str
    parts: list[Part]
    annex: list[Part] = field(default_factory=list)
    ledger: dict[str, Any] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    tables: dict[str, str] = field(default_factory=dict)
    csv: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the text as a BCP 47 code."""
        return self.meta.get("language") or SOURCE

    @property
    def direction(self) -> str:
        """The direction of the text: ltr or rtl."""
        return direction(self.language)

    @property
    def authors(self) -> list[str]:
        """Who wrote it; none if nobody is named."""
        authors = self.meta.get("authors") or []
        return [authors] if isinstance(authors, str) else list(authors)

    @property
    def edition(self) -> str:
        """Which edition it is, as «November 2026 edition»; empty if that is not said."""
        named = str(self.meta.get("edition") or "")
        said = self.word("{} edition").format(named)
        return re.sub(r"\bde (?=[ao])", "d’", said) if named else ""  # French: d’avril, d’octobre

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """The entries of the ledger by id, dates in words; the code is the id, if none is given."""
        entries: dict[str, dict[str, Any]] = {}
        for entry in self.ledger.get("entries", ()):
            whole = {**dict.fromkeys(ENTRY, ""), "code": entry["id"], **entry}
            url = whole["url"] if is_web(whole["url"]) else ""
            opens = whole["archived"] if is_web(whole["archived"]) else url
            whole |= {"url": url, "opens": at_words(opens, whole["words"])}
            whole["also"] = [
                other | {"opens": at_words(other["url"], other["words"])}
                for other in whole.get("also") or ()
                if is_web(str(other.get("url"))) and {"publisher", "words"} <= other.keys()
            ]
            whole["date"] = when(whole["date"], whole["label"], self.language)
            whole["published"] = in_words(whole["published"], self.language)
            entries[entry["id"]] = whole
        return entries

    @property
    def what_if(self) -> dict[str, Any]:
        """What the page can compute anew; empty where the notebook says nothing of it."""
        given = self.ledger.get("what_if")
        return given if isinstance(given, dict) and given.keys() >= WHAT_IF else {}

    @property
    def imprint(self) -> dict[str, str]:
        """The small print, by what each line is called; where to report an error is the page of the
        repository for it, and an edition that names no repository says so.
        """
        repository = str(self.meta.get("repository") or "")
        given = {key: str(self.meta.get(key) or "") for key in IMPRINT}
        if is_web(repository):
            given["errors"] = f"{repository.rstrip('/')}/issues"
        elif self.brief and self.meta.get("date"):
            said = self.word("This copy names no address; “{}” of CITATION.cff sets one")
            given["errors"] = said.format("repository-code")
        large = [self.csv.get(name, name) for name, table in self.tables.items() if not table]
        given["large"] = ", ".join(large)
        return {self.word(IMPRINT[key]): text for key, text in given.items() if text}

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The figures in order, those in panels included."""
        return [part.content for part in flat(self.parts) if part.kind == "figure"]

    def entry(self, number: str) -> dict[str, Any] | None:
        """The entry that a text links to; None without a ledger, KeyError if a ledger lacks it."""
        if self.ledger and number not in self.entries:
            raise KeyError(
                f"a number links to «{number}», which is no entry of the ledger. Use the id of an "
                "entry, or add the entry to the ledger's list."
            )
        return self.entries.get(number)

    def word(self, text: str) -> str:
        """A word that the exporters add, in the language of the text."""
        return interface(text, self.language)

    def numbered_figure(self, place: int) -> str:
        """How the figure at a place is called, such as «Figure 1»."""
        return " ".join([self.word("Figure"), str(place)])


def read(notebook: NotebookNode, name: str) -> Document:
    """The document that an executed notebook holds; `name` is its title if it has no heading."""
    notebook = from_dict(cells.cleaned(notebook))
    stated, ledger = (_first(notebook, mime) for mime in (DOCUMENT, LEDGER))
    language, published = stated.get("language", SOURCE), ledger.get("published", {})
    standing = [cell for cell in notebook.cells if _stands(cell, published)]
    parts = [part for cell in standing for part in cells.parts(cell, language)]
    for place, part in enumerate((part for part in parts if part.kind == "code"), 1):
        part.place = place
    about: dict[str, Any] = dict(notebook.metadata.get("taawun", {}))
    pages = [page for page in about.pop("pages", []) if re.fullmatch(r"[\w.-]+", page)]
    printed = about.pop("languages", [])
    tables, csv = (
        {name: given for name, given in about.pop(kind, {}).items() if _CSV.fullmatch(name)}
        for kind in ("tables", "csv")
    )
    titled = next((place for place, part in enumerate(parts) if part.kind == "document"), None)
    if titled is not None:
        # What stands before its title tells how the notebook works, not what the brief says.
        about, parts = parts[titled].content, parts[titled:]
    about["alternates"] = [
        (language, address)
        for language, address in about.get("alternates") or ()
        if (is_web(address) or re.fullmatch(r"[\w.-]+", address))
        and (language in printed or not printed)
    ]
    brief = bool(about.get("title"))
    hidden = {"document", "ledger"} | ({"code", "warning"} if brief else set())
    text = [part for part in parts if part.kind not in hidden]
    title = _take_title(text)
    meta = {"title": title or name} | about
    document = Document(meta, brief, name, [], [], ledger, pages, tables, csv)
    folded = _panels(text) if brief else _answer_first(text, document.word("In short"))
    document.annex = [part for part in folded if part.kind == "annex"]
    document.parts = [part for part in folded if part.kind != "annex"]
    return document


def _first(notebook: NotebookNode, mime: str) -> dict[str, Any]:
    """What the notebook shows first of a MIME type; empty if nothing."""
    found = (content for _, content in shown(notebook.cells, mime))
    return next((dict(content) for content in found if isinstance(content, Mapping)), {})


def _stands(cell: NotebookNode, published: Mapping[str, bool]) -> bool:
    """Whether a cell belongs to the text: one tagged `needs-<name>` if that number had been
    published, one tagged `unless-<name>` if it had not, any other always.

    KeyError for a name that the notebook's ledger does not hold; without a ledger all stand.
    """
    tags = [tag.partition("-") for tag in cell.metadata.get("tags", ()) if published]
    for word, name in ((word, name) for word, _, name in tags if name and word in CONDITIONS):
        if name not in published:
            near = ", ".join(get_close_matches(name, published))
            raise KeyError(
                f"the tag «{word}-{name}» names no entry of the ledger; the nearest are {near}"
            )
        if published[name] is not CONDITIONS[word]:
            return False
    return True


def _take_title(parts: list[Part]) -> str | None:
    """Take the first heading of level 1 that begins a text out of it; None if there is none."""
    for part in parts:
        if part.kind == "markdown" and (title := _TITLE.match(part.content)):
            part.content = part.content[title.end() :]
            return title[1] or title[2]
    return None


def _answer_first(parts: list[Part], heading: str) -> list[Part]:
    """The parts in panels, before all others the section with this heading, a panel itself."""
    headings = [
        (place, found[1])
        for place, part in enumerate(parts)
        if part.kind == "markdown" and (found := _SECTION.match(part.content))
    ]
    for (start, name), (end, _) in pairwise([*headings, (len(parts), "")]):
        if name == heading:
            # The code of the answer stands below it.
            answer = Part("box", sorted(parts[start:end], key=lambda part: part.kind == "code"))
            return [answer, *_panels(parts[:start] + parts[end:])]
    return _panels(parts)


def _panels(parts: list[Part]) -> list[Part]:
    """The parts with runs of one panel tag folded into one part; a heading begins a new panel."""
    folded: list[Part] = []
    for part in parts:
        begins = part.kind == "markdown" and part.content.lstrip().startswith("#")
        if part.kind == "markdown" and not part.content.strip():
            continue
        if not part.tag:
            folded.append(part)
        elif folded and folded[-1].kind == part.tag and not begins:
            folded[-1].content.append(part)
        else:
            folded.append(Part(part.tag, [part]))
    return folded


def is_web(address: str) -> bool:
    """Whether an address leads into the web, and so does nothing but that."""
    return bool(re.fullmatch(r"https?://[^\s<>\"]+", address))


def at_words(address: str, words: str) -> str:
    """The address of a web page such that a browser opens it at these words, or where it had always
    opened; words that leave something out («...») name the first and the last part.

    This is the text fragment of the URL Fragment Text Directives (WICG); no other kind of file
    knows it.
    """
    parts = [part.strip() for part in re.split(r"\.\.\.|…|\[[^]]*\]", words) if part.strip()]
    is_page = not re.search(r"\.(pdf|docx?|xlsx?|pptx?|csv|jpe?g|png)$", address.partition("?")[0])
    if not (address and parts and is_page):
        return address
    ends = ",".join(
        quote(part, safe="").replace("-", "%2D") for part in (parts[0], *parts[1:][-1:])
    )
    return f"{address}{'' if '#' in address else '#'}:~:text={ends}"


def flat(parts: Iterable[Part]) -> Iterator[Part]:
    """All parts, those in panels included."""
    for part in parts:
        if part.kind in PANELS:
            yield from flat(part.content)
        else:
            yield part


def drawn(figure: dict[str, Any]) -> list[str]:
    """The ledger ids that the labels of a figure link to, each once, in order."""
    return list(dict.fromkeys(re.findall(r'xlink:href="#n-([^"]+)"', figure["svg"])))

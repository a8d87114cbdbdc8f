"""Markdown to accessible HTML: headings with anchors, tables with header cells and a caption,
numbers that link to the ledger.
"""

import re
from html import escape, unescape

import mistune
from mistune.core import BlockState

from taawun.export.fonts import ARABIC

_ARABIC = re.compile(r"[\u0600-\u06ff](?:[\u0600-\u06ff\u064b-\u0652\d\s.,٬،٫%-]*[\u0600-\u06ff])?")


class Renderer(mistune.HTMLRenderer):
    """Renders one page; it remembers the sections and, for each ledger id, where its number stands
    (anchor, section).
    """

    def __init__(self, document):
        super().__init__(escape=False)
        self.document, self.known, self.language = document, document.entries, document.language
        self.section, self.sections, self.uses, self.anchors = "", [], {}, set()

    def text(self, text):
        """Text with Arabic words marked as such where the page is in another language."""
        text = super().text(text)
        return (
            text
            if self.language == "ar"
            else _ARABIC.sub(r'<bdi lang="ar" dir="rtl">\g<0></bdi>', text)
        )

    def heading(self, text, level, **attrs):
        """A heading with an anchor; those of level 2 make the table of contents."""
        name = _letters(text)
        anchor = self.anchor(name)
        if level == 2:
            self.section = escape(name)
            self.sections.append((anchor, self.section))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def anchor(self, text):
        """A readable anchor that the page does not have yet."""
        base = re.sub(r"\W+", "-", text.lower()).strip("-")[:50].strip("-") or "section"
        anchor, count = base, 1
        while anchor in self.anchors:
            count += 1
            anchor = f"{base}-{count}"
        self.anchors.add(anchor)
        return anchor

    def link(self, text, url, title=None):
        """A link; one to a number is marked, and plain where the page has no ledger entry for it."""
        if not url.startswith("#n-"):
            return super().link(text, url, title)
        if url[3:] not in self.known:
            return f'<data value="{escape(url[3:])}">{text}</data>'
        return f'<a class="n" id="{self.use(url[3:])}" href="{escape(url)}">{text}</a>'

    def use(self, number, anchor=None, section=None):
        """Remember one use of a number and give its anchor."""
        places = self.uses.setdefault(number, [])
        anchor = anchor or f"u-{number}-{len(places) + 1}"
        places.append((anchor, section or self.section))
        return anchor

    def image(self, text, url, title=None):
        """An image only if it is inside the page: a page asks nobody for anything."""
        return super().image(text, url, title) if url.startswith("data:") else text

    def table(self, text, caption=""):
        """A table that scrolls within its own frame on a narrow screen; the frame has the caption's
        name.
        """
        name = escape(_letters(caption) or self.document.word("Table, scrolls sideways"))
        top = f"<caption>{caption}</caption>" if caption else ""
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table>{top}\n{text}</table></div>\n'

    def table_row(self, text):
        return f"<tr>{text}</tr>\n"

    def table_cell(self, text, align=None, head=False, row=False):
        """A cell, or the header of its column (`head`) or row; numbers stand at its end, and a cell
        of Arabic words keeps the order of its numbers.
        """
        if (
            self.language != "ar"
            and ARABIC.search(text)
            and not re.search("[A-Za-z]", re.sub("<.*?>", "", text))
        ):
            text = f'<bdi lang="ar" dir="rtl">{text}</bdi>'
        kind = {"right": ' class="end"', "center": ' class="mid"'}.get(align, "")
        if head:
            return f'<th scope="col"{kind}>{text}</th>' if text.strip() else f"<td{kind}></td>"
        return f'<th scope="row"{kind}>{text}</th>' if row else f"<td{kind}>{text}</td>"


class Markdown:
    """Markdown to HTML for one page, with one renderer behind all its pieces."""

    def __init__(self, document):
        self.renderer = Renderer(document)
        self._parse = mistune.create_markdown(
            renderer=self.renderer, plugins=["table", "strikethrough"]
        )
        self._parse.before_render_hooks.append(_mark_row_headers)

    def block(self, text):
        """Paragraphs, lists, headings and tables."""
        return self._parse(text)

    def line(self, text):
        """A piece of text without a paragraph around it."""
        state = BlockState()
        return self.renderer.render_tokens(
            self._parse.inline((text or "").strip(), state.env), state
        )

    def table(self, table):
        """A table of Markdown cells under its caption."""
        caption, state = self.line(table["caption"]), BlockState()
        head = _row("table_head", table["columns"], table["numbers"])
        rows = [_row("table_row", cells, table["numbers"]) for cells in table["rows"]]
        body = {"type": "table_body", "children": rows}
        state.append_token(
            {"type": "table", "children": [head, body], "attrs": {"caption": caption}}
        )
        _mark_row_headers(self._parse, state)
        return self._parse.render_state(state)


def _row(kind, cells, numbers):
    """A row of a table as mistune's parser would give it."""
    attributes = [
        {"align": "right" if number else None, "head": kind == "table_head"} for number in numbers
    ]
    children = [
        {"type": "table_cell", "text": text, "attrs": attrs}
        for text, attrs in zip(cells, attributes, strict=True)
    ]
    return {"type": kind, "children": children}


def _mark_row_headers(_, state):
    """The first cell of each row of a table is the row's header."""
    for table in state.tokens:
        if table["type"] == "table":
            for row in table["children"][1]["children"]:
                row["children"][0]["attrs"]["row"] = True


def _letters(html):
    """The text of a piece of HTML of our own."""
    return unescape(re.sub(r"<.*?>", "", html))


def plain(text):
    """Markdown as bare words, for page titles and descriptions."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text or "")
    return re.sub(r"\s+", " ", re.sub(r"[*`]|(?<!\w)_|_(?!\w)|\\(?=\W)", "", text)).strip()

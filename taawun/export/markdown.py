"""Markdown to accessible HTML: headings with anchors, tables with header cells and a caption,
numbers that link to the ledger.
"""

import re
from html import escape, unescape

import mistune

from taawun.export.fonts import ARABIC

#: A paragraph `Table: words` before a table is its caption.
CAPTION = re.compile(r"<p>(?:Table|Tableau|الجدول)\s*: (.*?)</p>\s*(?=<div class=\"scroll)", re.S)
_ARABIC = re.compile(r"[\u0600-\u06ff](?:[\u0600-\u06ff\u064b-\u0652\d\s.,٬،٫%-]*[\u0600-\u06ff])?")


class Renderer(mistune.HTMLRenderer):
    """Renders one page; it remembers the sections and, for each ledger id, where its number stands
    (anchor, section).
    """

    def __init__(self, words, known, language):
        super().__init__(escape=False)
        self.words, self.known, self.language = words, known, language
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
        anchor = self.anchor(re.sub(r"<.*?>", "", text))
        if level == 2:
            self.section = re.sub(r"<.*?>", "", text)
            self.sections.append((anchor, self.section))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def anchor(self, text):
        """A readable anchor that the page does not have yet."""
        base = re.sub(r"\W+", "-", unescape(text).lower()).strip("-")[:50].strip("-") or "section"
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

    def table(self, text):
        """A table that scrolls within its own frame on a narrow screen."""
        label = escape(self.words["scroll"])
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>\n{text}</table></div>\n'

    def table_row(self, text):
        """A row; its first cell is its header."""
        text = re.sub(
            r"<td(.*?)>(.*?)</td>", r'<th scope="row"\1>\2</th>', text, count=1, flags=re.S
        )
        return f"<tr>{text}</tr>\n"

    def table_cell(self, text, align=None, head=False):
        """A cell; numbers stand at its end, and a cell of Arabic words keeps the order of its
        numbers.
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
        return f"<td{kind}>{text}</td>"


class Markdown:
    """Markdown to HTML for one page, with one renderer behind all its pieces."""

    def __init__(self, words, known, language):
        self.renderer = Renderer(words, known, language)
        self._parse = mistune.create_markdown(
            renderer=self.renderer, plugins=["table", "strikethrough"]
        )

    def block(self, text):
        """Paragraphs, lists, headings and tables; a caption line is put inside its table."""
        html = self._parse(text)
        while caption := CAPTION.search(html):
            rest = html[caption.end() :].replace(
                "<table>", f"<table><caption>{caption[1]}</caption>", 1
            )
            label = re.sub(r"<.*?>", "", caption[1])
            html = html[: caption.start()] + re.sub(
                'aria-label=".*?"', f'aria-label="{escape(label)}"', rest, count=1
            )
        return html

    def line(self, text):
        """A piece of text without the paragraph around it."""
        return re.sub(r"^<p>(.*)</p>\s*$", r"\1", self._parse(text or "").strip(), flags=re.S)


def plain(text):
    """Markdown as bare words, for page titles and descriptions."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text or "")
    return re.sub(r"\s+", " ", re.sub(r"[*`]|(?<!\w)_|_(?!\w)|\\(?=\W)", "", text)).strip()

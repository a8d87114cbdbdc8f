"""An executed notebook as one self-contained page: no request to anyone, no script needed to read
it.
"""

import base64
import hashlib
import re
from functools import lru_cache
from html import escape
from pathlib import Path

import jinja2
from markupsafe import Markup
from nbconvert.exporters import Exporter
from traitlets import List, Unicode, default

from taawun.export import document as model
from taawun.export.fonts import ARABIC, faces
from taawun.export.markdown import Markdown, plain
from taawun.export.svg import Sprite

TEMPLATES = Path(__file__).with_name("templates")


class TaawunHTMLExporter(Exporter):
    """A brief (code hidden, numbers linked to the ledger) or, without document metadata, a page of
    the technical appendix.
    """

    export_from_notebook = "Taawun page"
    output_mimetype = "text/html"
    pages = List(
        Unicode(),
        ["01-clean", "02-audit", "03-growth", "04-coverage", "05-brief"],
        help="Stems of the pages that belong together, in order; a page among them links to the "
        "others.",
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        """The page as text, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources.get("metadata", {}).get("name") or "notebook"
        return Page(model.read(notebook, name), name, self.pages).html(), resources


class Page:
    """One page in the making."""

    def __init__(self, document, name, pages):
        self.document, self.name, self.pages = document, name, pages
        self.word, self.entries = document.word, document.entries
        self.markdown = Markdown(document)
        self.renderer, self.sprite, self.count = self.markdown.renderer, Sprite(), 0

    def html(self):
        """The finished page."""
        meta, document = self.document.meta, self.document
        model.check_numbers(document, self._texts())
        self.renderer.section = self.word("Title")
        title, subtitle = (
            self.markdown.line(meta["title"]),
            self.markdown.line(meta.get("subtitle")),
        )
        body = "\n".join(self._part(part) for part in document.parts)
        formulas = {id: self._formula(entry) for id, entry in self.entries.items()}
        script = (
            re.sub(r"\n\s*", "\n", _template("cards.js").render(_=self.word).strip())
            if self.entries
            else ""
        )
        page = _template("page.html").render(
            d=document,
            entries=list(self.entries.values()),
            meta=meta,
            imprint=model.IMPRINT,
            _=self.word,
            title=title,
            subtitle=subtitle,
            body=body,
            formulas=formulas,
            sprite=self.sprite,
            plain_title=plain(meta["title"]),
            description=plain(meta.get("subtitle")),
            sections=self.renderer.sections,
            uses={id: self._uses(id) for id in self.entries},
            script=script,
            nav=self._navigation(),
            css=_css(),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
        return page.replace("/*fonts*/", faces(page, document.language))

    def _texts(self):
        """All Markdown of the page that may link numbers."""
        for figure in self.document.figures:
            yield from (figure.get(key) or "" for key in ("title", "subtitle", "caption"))
            yield from model.markdown_of(figure.get("table"))
        for part in model.flat(self.document.parts):
            if part.kind == "markdown":
                yield part.content
            if part.kind == "table":
                yield from model.markdown_of(part.content)
        yield from (entry.get("formula") or "" for entry in self.entries.values())

    def _part(self, part):
        """One part of the text."""
        if part.kind in model.PANELS:
            inside = "\n".join(self._part(inner) for inner in part.content)
            named = re.search(r'<h\d id="(.*?)"', inside)
            label = f' aria-labelledby="{named[1]}"' if named else ""
            return f'<section class="panel {part.kind}"{label}>{inside}</section>'
        return getattr(self, f"_{part.kind}")(part)

    def _markdown(self, part):
        return self.markdown.block(part.content)

    def _table(self, part):
        return self.markdown.table(part.content)

    def _code(self, part):
        name, code = self.word("Code"), _highlight(part.content)
        return f'<pre class="code" tabindex="0" role="group" aria-label="{name}"><code>{code}</code></pre>'

    def _text(self, part):
        return f'<pre class="out" tabindex="0">{escape(part.content)}</pre>'

    def _image(self, part):
        kind, data = part.mime, part.content
        data = (
            base64.b64encode(data.encode()).decode()
            if kind.endswith("xml")
            else data.replace("\n", "")
        )
        return f'<img class="out" alt="" src="data:{kind};base64,{data}">'

    def _html(self, part):
        """Foreign HTML such as a pandas table: no script, no style, no borrowed resource; header
        cells with a scope.
        """
        html = re.sub(
            r"(?is)<(script|style)\b.*?</\1>|<(?:link|iframe|img|object|embed)\b[^>]*>",
            "",
            part.content,
        )
        html = re.sub(r"<th></th>|<th>&nbsp;</th>", "<td></td>", html)
        html = (
            re.sub(r"<td>(.*?)</td>", r"<td><bdi>\1</bdi></td>", html, flags=re.S)
            if ARABIC.search(html)
            else html
        )
        head, _, rest = html.partition("</thead>")
        html = head.replace("<th>", '<th scope="col">') + (
            "</thead>" + rest.replace("<th>", '<th scope="row">') if rest else ""
        )
        html = re.sub(
            r'<table border="1" class="dataframe">|<tr style="text-align: right;">',
            lambda match: '<table class="dataframe">' if "table" in match[0] else "<tr>",
            html,
        )
        name = self.word("Table, scrolls sideways")
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">{html}</div>'

    def _figure(self, part):
        """A figure: number, finding, subtitle; the drawing, for a telephone too; its data folded;
        its source.
        """
        figure, self.count = part.content, self.count + 1
        anchor, where = f"fig-{figure['id']}", " ".join([self.word("Figure"), str(self.count)])
        for number in model.drawn(figure):
            if number in self.entries:
                self.renderer.use(number, anchor, where)
        charts = [
            (kind, self.sprite.inline(figure[key], f"{anchor}-{kind}", self._name))
            for kind, key in (("wide", "svg"), ("narrow", "svg_narrow"))
            if figure.get(key)
        ]
        lines = {
            key: Markup(self.markdown.line(figure.get(key)))
            for key in ("title", "subtitle", "caption")
        }
        table = Markup(self.markdown.table(figure["table"])) if figure.get("table") else ""
        return _template("figure.html").render(
            anchor=anchor,
            where=where,
            charts=charts,
            alt=figure["alt"],
            table=table,
            _=self.word,
            linked=any("<a " in chart for _, chart in charts),
            **lines,
        )

    def _name(self, id):
        """What a link in a drawing is about, or None if the page has no entry for it."""
        return self.entries[id]["label"] if id in self.entries else None

    def _formula(self, entry):
        """The arithmetic of an entry; its inputs learn that they are used here."""
        self.renderer.section = entry["label"]
        return self.markdown.line(entry.get("formula"))

    def _uses(self, id):
        """Where a number stands: (anchor, words) with the section's name at its first use and a
        count after that.
        """
        seen = {}
        for anchor, section in self.renderer.uses.get(id, ()):
            seen[section] = seen.get(section, 0) + 1
            yield anchor, section if seen[section] == 1 else str(seen[section])

    def _navigation(self):
        """The pages of the report: (address, name, whether it is this one); none if this page is
        not among them.
        """
        here = next((page for page in self.pages if self.name.split(".")[0] == page), None)
        return [
            (f"{page}{self._suffix(page)}.html", page.replace("-", " ", 1), page == here)
            for page in self.pages
            if here
        ]

    def _suffix(self, page):
        """A brief is named after its language, too."""
        return f".{self.document.language}" if page == self.pages[-1] else ""


def _css():
    return (TEMPLATES / "page.css").read_text(encoding="utf-8")


@lru_cache
def _environment():
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _template(name):
    return _environment().get_template(name)


def _highlight(code):
    """Python code with its words marked by kind."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")

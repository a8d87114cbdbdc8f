"""Any notebook that Jupyter shows: each kind of cell and of output is printed, or named in its
place; nothing is fetched or run, and text stays text. The notebooks are written here.
"""

import base64
import io
import re
import socket
import time
from functools import cached_property

import pandas as pd
import pypdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
    output_from_msg,
)
from PIL import Image, ImageChops

from taawun.export import TaawunHTMLExporter, TaawunPDFExporter
from taawun.export.foreign import plain_text, tokens
from taawun.export.pictures import at, picture
from taawun.report.translation import interface


def drawn(kind, mode="RGB", size=(60, 40)):
    """A picture as base64."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


PNG, JPEG, GIF, WEBP = (drawn(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP"))
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20"/>'
    "</svg>"
)
FIGURE = "application/vnd.taawun.figure+json"
TABLE = "application/vnd.taawun.table+json"
DOCUMENT = "application/vnd.taawun.document+json"


def shown(data, **metadata):
    """A cell that shows one output."""
    return new_code_cell("", outputs=[new_output("display_data", data, metadata=metadata)])


def printed(text, name="stdout"):
    return new_code_cell("", outputs=[new_output("stream", name=name, text=text)])


class Both:
    """A notebook as a page and as a PDF."""

    def __init__(self, *cells):
        cells = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        notebook, about = new_notebook(cells=cells), {"metadata": {"name": "any"}}
        self.html = TaawunHTMLExporter().from_notebook_node(notebook, about)[0]
        self.pdf = TaawunPDFExporter().from_notebook_node(notebook, about)[0]
        self.soup = BeautifulSoup(self.html, "html.parser")
        self.main = self.soup.main
        self.reader = pypdf.PdfReader(io.BytesIO(self.pdf))

    @cached_property
    def texts(self):
        """The words of the page and those of the PDF, each on one line."""
        page = self.main.get_text(" ")
        paper = "\n".join(sheet.extract_text() for sheet in self.reader.pages)
        return [" ".join(text.replace("\u200b", "").split()) for text in (page, paper)]

    def says(self, *words):
        return [word for word in words for text in self.texts if word not in text] == []

    @property
    def pictures(self):
        """How many pictures the page and the PDF have."""
        return len(self.main("img")), sum(len(sheet.images) for sheet in self.reader.pages)


@pytest.mark.parametrize(
    ("mime", "data"),
    [("image/png", PNG), ("image/jpeg", JPEG), ("image/gif", GIF), ("image/webp", WEBP)]
    + [("image/png", drawn("PNG", mode)) for mode in ("1", "P", "LA", "RGBA", "I;16")]
    + [("image/jpeg", drawn("JPEG", mode)) for mode in ("L", "CMYK")],
)
def test_pictures_of_outputs_are_printed(mime, data):
    made = Both(shown({mime: data, "text/plain": "<Figure>"}, **{mime: {"alt": "A red square"}}))
    assert made.pictures == (1, 1)
    assert made.main.img["alt"] == "A red square"
    assert made.main.img["src"] == f"data:{mime};base64,{data}"
    assert "<Figure>" not in " ".join(made.texts)


def test_a_drawing_is_printed_and_can_do_nothing():
    made = Both(shown({"image/svg+xml": SVG.replace("<rect", "<script>alert(1)</script><rect")}))
    assert made.main.img["src"].startswith("data:image/svg+xml;base64,")
    assert not made.main("svg")
    assert not made.soup("script")
    assert "Cannot be shown" not in made.texts[1]


@pytest.mark.parametrize("size", [(5000, 100), (100, 6000), (1, 1)])
def test_a_picture_of_any_size_fits_its_page(size):
    made = Both(shown({"image/png": drawn("PNG", size=size)}))
    assert made.pictures == (1, 1)
    assert len(made.reader.pages) <= 2


@pytest.mark.parametrize(
    ("mime", "data"),
    [
        ("image/png", ""),
        ("image/png", "!!! no base64"),
        ("image/png", PNG[:-1]),
        ("image/png", JPEG),
        ("image/png", base64.b64encode(b"<script>alert(1)</script>").decode()),
        ("image/png", f'{PNG}" onerror="alert(1)'),
        ("image/svg+xml", "no drawing"),
    ],
)
def test_a_broken_picture_is_named_in_its_place(mime, data):
    made = Both("Before.", shown({mime: data}), "After.")
    assert made.pictures == (0, 0)
    assert made.says(f"Before. [Cannot be shown: {mime}] After.")


@pytest.mark.parametrize(
    ("mime", "data"),
    [
        ("image/png", base64.b64encode(base64.b64decode(PNG)[:60]).decode()),
        ("image/svg+xml", "<svg><g></svg>"),
        ("image/svg+xml", SVG.replace("<rect", '<image href="/etc/hostname"/><rect')),
    ],
)
def test_what_only_a_pdf_cannot_draw_is_named_in_it(mime, data):
    made = Both("Before.", shown({mime: data}), "After.")
    assert f"Before. [Cannot be shown: {mime}] After." in made.texts[1]


def test_pictures_of_a_text_are_printed_if_the_notebook_holds_them():
    text = new_markdown_cell(
        f"![one](data:image/png;base64,{PNG}) ![two](attachment:my%20pic.jpg) "
        "![three](data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20width='9'%20"
        "height='9'%2F%3E)",
        attachments={"my pic.jpg": {"image/jpeg": JPEG}},
    )
    made = Both(text)
    assert [image["alt"] for image in made.main("img")] == ["one", "two", "three"]
    assert all(image["src"].startswith("data:image/") for image in made.main("img"))
    assert "[" not in "".join(made.texts)


@pytest.mark.parametrize(
    "address",
    [
        *("https://example.org/a.png", "pictures/a.png", "../../etc/passwd", "file:///etc/passwd"),
        *("attachment:none.png", "//example.org/a.png"),
    ],
)
def test_a_picture_that_the_notebook_does_not_hold_is_named_and_not_fetched(address, monkeypatch):
    def refuse(*arguments, **more):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    made = Both(f"Before ![what it shows]({address}) after.")
    assert made.pictures == (0, 0)
    assert made.says(f"Before [Not in the notebook: what it shows, {address}")
    assert made.says("after.")
    assert len(made.main("a")) == address.startswith("https:")


def test_a_badge_and_a_picture_as_title_are_named_too():
    made = Both("# ![logo](https://example.org/l.png)\n\n[![badge](b.svg)](https://example.org)")
    assert made.soup.title.get_text() == "logo"
    assert made.says("[Not in the notebook: badge, b.svg]")


def test_streams_read_as_a_terminal_would_show_them():
    made = Both(
        printed(
            "\x1b[31mred\x1b[0m \x1b]0;title\x07plain\n10%\r 50%\r100%\nline\r\nbell\x07 \x9b1mend"
        ),
        printed("a warning", "stderr"),
    )
    assert [block.get_text() for block in made.main("pre", class_="out")] == [
        "red plain\n100%\nline\nbell end",
        "a warning",
    ]
    assert made.says("red plain", "100%", "bell end", "a warning")
    assert "50%" not in "".join(made.texts)


def test_an_error_shows_its_traceback():
    lines = ["\x1b[0;31m-----\x1b[0m", "ValueError: \x1b[1mbad\x1b[0m"]
    error = new_output("error", ename="ValueError", evalue="bad", traceback=lines)
    bare = new_output("error", ename="KeyError", evalue="gone", traceback=[])
    assert Both(new_code_cell("x", outputs=[error, bare])).says(
        "----- ValueError: bad", "KeyError: gone"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text/plain": "HBox()", "application/vnd.jupyter.widget-view+json": {"a": 1}}, "HBox()"),
        ({"text/latex": r"$$\frac{a}{b}$$", "text/plain": "no"}, r"$$\frac{a}{b}$$"),
        ({"application/json": {"a": [1, "é"]}, "text/plain": "no"}, '{ "a": [ 1, "é" ] }'),
        ({"text/markdown": "*it* is", "text/html": "no"}, "it is"),
        ({"text/html": "<b>bold</b> it", "text/plain": "no"}, "bold it"),
        ({"text/html": "<script>draw()</script><div id=x></div>", "text/plain": "Plot"}, "Plot"),
        ({"application/javascript": "alert(1)"}, "[Cannot be shown: application/javascript]"),
        ({"application/pdf": "JVBERi0="}, "[Cannot be shown: application/pdf]"),
        ({FIGURE: {"id": "x"}, "text/plain": "instead"}, "instead"),
        (
            {
                TABLE: {"caption": "", "columns": ["a"], "numbers": [True], "rows": [["1", "2"]]},
                "text/plain": "instead",
            },
            "instead",
        ),
        ({FIGURE: {"id": "x", "title": "T", "alt": "What it shows", "svg": "none"}}, "T"),
    ],
)
def test_an_output_is_shown_in_its_best_form_that_can_be_printed(data, words):
    made = Both(shown(data))
    assert made.says(words)
    assert not re.search(r"\bno\b|draw\(\)", "".join(made.texts))


def test_a_figure_whose_drawing_is_none_is_named_in_the_pdf():
    made = Both(shown({FIGURE: {"id": "x", "title": "T", "alt": "What it shows", "svg": "none"}}))
    assert "[Cannot be shown: What it shows]" in made.texts[1]
    assert made.main.select_one(".chart")["aria-label"] == "What it shows"


def test_a_pdf_that_is_made_a_second_time_is_whole():
    figure = {"id": "x", "title": "T", "alt": "What it shows", "svg": "none"}
    made = Both("# One\n\n## Two\n\n### Three", shown({FIGURE: figure}), "## Four")
    outline = made.reader.outline
    assert [item.title for item in outline if not isinstance(item, list)] == ["Two", "Four"]
    assert [item.title for item in outline[1]] == ["Three"]
    assert made.texts[1].count("Figure 1") == 1


def test_pictures_after_a_long_table_are_still_attached():
    rows = "".join(f"| {row} | x |\n" for row in range(400))
    text = f"| a | b |\n|---|---|\n{rows}\n![pic](attachment:a.png)"
    made = Both(new_markdown_cell(text, attachments={"a.png": {"image/png": PNG}}))
    assert made.pictures == (1, 1)
    assert "[100 more rows are left out here]" in made.texts[1]


def test_a_title_of_two_lines_is_one_of_words():
    made = Both("One\ntwo *three*  \n`a&amp;b` <b>four</b>\n===\n\ntext")
    assert made.soup.title.get_text() == "One two three a&amp;b four"


def test_a_result_and_an_updated_display_are_outputs_as_well():
    result = output_from_msg(
        {
            "header": {"msg_type": "execute_result"},
            "content": {"execution_count": 1, "data": {"text/plain": "42"}, "metadata": {}},
        }
    )
    assert Both(new_code_cell("x", outputs=[result])).says("42")


def test_raw_cells_are_printed_if_they_are_addressed_to_a_page():
    made = Both(
        new_raw_cell("as *it* stands"),
        new_raw_cell("<b>html</b><script>no</script>", metadata={"raw_mimetype": "text/html"}),
        new_raw_cell("**markdown**", metadata={"format": "text/markdown"}),
        new_raw_cell(r"\latex{no}", metadata={"raw_mimetype": "text/latex"}),
    )
    assert made.says("as *it* stands", "html", "markdown")
    assert "no" not in " ".join(made.texts).split()
    assert r"\latex" not in "".join(made.texts)


MARKDOWN = r"""
# Title

Setext
======

**bold** *em* ***both*** ~~gone~~ `code#1` **`bold code`** *`em code`* [`link`](https://e.org)
<https://auto.example> hard  
break, H<sub>2</sub>O, x<sup>2</sup>, <b>b <i>bi</i></b>, [ref][r], &amp; &eacute; \*
$a_b \frac{c}{d}$

- one
- two

  more
  1. deep

7. seven
8. eight

> quoted
> > twice

---

***

    indented code

```python
fenced = {"a": 1}  # ```
```

$$
\sum_i x_i \\ y
$$

| a | b |
|:--|--:|
| `x` | **1** |

[r]: https://e.org/ref
"""  # noqa: W291


def test_all_of_markdown_reads_the_same_on_the_page_and_in_the_pdf():
    made = Both(MARKDOWN)
    assert made.says(
        *("Setext", "bold em both gone code#1 bold code em code link", "https://auto.example"),
        *("break, H", "b bi", "ref", "& é *", r"$a_b \frac{c}{d}$", "one", "more", "deep", "seven"),
        *("quoted", "twice", "indented code", 'fenced = {"a": 1} # ```', r"\sum_i x_i \\ y"),
    )
    main = made.main
    assert [tag.name for tag in main("sub") + main("sup")] == ["sub", "sup"]
    assert main.find("ol", start="7")
    assert len(main("hr")) == 2
    assert main.strong.get_text() == "bold"
    assert [cell.get_text() for cell in main.select("tbody th, tbody td")] == ["x", "1"]
    links = [mark.get_object() for sheet in made.reader.pages for mark in sheet.get("/Annots", [])]
    assert {link["/A"]["/URI"] for link in links if "/A" in link} == {
        *("https://e.org", "https://auto.example", "https://e.org/ref"),
    }


def test_headings_leave_no_level_out_and_have_words():
    made = Both("# Title", "#### Deep\n\nSetext\n===\n\n## \n\n###### Six", "> # Quoted\n\n# One")
    names = [(tag.name, tag.get_text()) for tag in made.main.find_all(re.compile("^h[1-6]$"))]
    assert names == [
        *(("h2", "Deep"), ("h2", "Setext"), ("h3", "Six")),
        *(("h2", "Quoted"), ("h2", "One")),
    ]
    outline = [item.title for item in made.reader.outline if not isinstance(item, list)]
    assert outline == ["Deep", "Setext", "Quoted", "One"]


HTML = """
<div align="center" style="position:fixed" onclick="alert(1)">
<h1 id="ledger">Big</h1>

**markdown** inside <b class="n">bold <i>both</i></b> <u>u</u> <span onmouseover="alert(1)">s</span>

</div>

<details open><summary>More</summary>

hidden *text*

</details>

<table><tr><th>a</th><th>b</th></tr>

<tr><td colspan="2">over both</td></tr></table>

<ul><li>item <b>x</b></li></ul> <ol><li><p>p1</p><p>p2</p></li></ol> <pre>a
  b</pre> <hr> <blockquote>said</blockquote> <dl><dt>term</dt><dd>meaning</dd></dl> <kbd>Ctrl</kbd>
"""


def test_html_in_a_text_is_printed_as_what_it_means():
    made = Both("# T", HTML, shown({"text/html": HTML.replace("**", "")}))
    assert made.says("Big", "inside bold both u s", "More", "hidden", "over both over both")
    assert made.says("item x", "p1", "p2", "a b", "said", "term", "meaning", "Ctrl")
    assert "**" not in "".join(made.texts)
    assert [tag.get_text() for tag in made.main.select("th[scope=col]")] == ["a", "b"] * 2
    assert len(made.main("hr")) == 2
    blocks = made.main.select("pre:not(details pre)")
    assert [block.get_text() for block in blocks] == ["a\n  b", "a\n  b"]


FRAMES = [
    (
        '<iframe src="https://video.example/x" width="9"></iframe>',
        "iframe, https://video.example/x",
    ),
    ('<video><source src="film.mp4"></video>', "video, film.mp4"),
    ('<audio src="data:audio/wav;base64,AAAA">', "audio"),
    ('<object data="https://x.example/a.swf"></object>', "object, https://x.example/a.swf"),
    ('<embed src="a.pdf">', "embed, a.pdf"),
    ("<canvas></canvas>", "canvas"),
]


@pytest.mark.parametrize(("html", "name"), FRAMES)
def test_a_frame_or_a_film_is_named_with_its_address(html, name):
    for made in (Both(f"Before.\n\n{html}\n\nAfter."), Both(shown({"text/html": html}))):
        assert made.says(name)
        assert not made.main(["iframe", "video", "audio", "object", "embed", "canvas", "source"])


ACTIVE = [
    "<script>alert(1)</script>",
    "<SCRIPT\n>alert(1)</SCRIPT >",
    "<scr<script>x</script>ipt>alert(1)</script>",
    '<script src="https://evil.example/x.js"></script>',
    '<img src=x onerror="alert(1)">',
    "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<style>*{display:none} @import 'https://evil.example'</style>",
    '<link rel=stylesheet href="https://evil.example/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example"><input name=q autofocus onfocus=alert(1)>Go</form>',
    '<a href="javascript:alert(1)">x</a> <a href="&#106;avascript:alert(1)">y</a>',
    '<a href="java\tscript:alert(1)">x</a> <a href=" javascript:alert(1)">y</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a> <a href="vbscript:x">y</a>',
    "<b style=\"background:url('https://evil.example')\" id=ledger onclick=alert(1)>x</b>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<template><script>alert(1)</script></template><textarea></textarea><select><option>a</select>",
    "</p></main></body></html><script>alert(1)</script>",
    "<b>never closed <i>never",
    "<p><a href='x\" onclick=\"alert(1)'>q</a>",
]
LINKS = [
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x) [y](&#106;avascript:alert(1))",
    '![x"onerror="alert(1)](data:image/png;base64,AAAA)',
    '![x](data:image/svg+xml,<svg/onload=alert(1)>) ![y](x"onerror="alert(1))',
    "<javascript:alert(1)>",
    '[x](https://e.org/"onclick="alert(1))',
    "```html\n<script>alert(1)</script>\n```\n\n`<script>alert(1)</script>`",
    '## <img src=x onerror=alert(1)> heading "><script>alert(1)</script>',
]
TAGS = re.compile(
    "a|article|b|bdi|blockquote|br|cite|code|data|dd|details|div|dl|dt|em|figcaption|figure|footer|"
    "h[1-6]|header|hr|img|input|label|li|main|nav|ol|p|pre|section|span|strong|sub|summary|sup|"
    "table|tbody|td|th|thead|tr|ul|wbr|del|caption"
)
ATTRIBUTES = re.compile(
    "id|class|href|src|alt|scope|lang|dir|style|tabindex|role|aria-label|aria-labelledby|type|for|"
    "aria-current|start|value|hreflang|rel"
)
SCHEME = re.compile(r"(?i)[\s\x00-\x20]*(?!https?:|mailto:)[a-z][\w+.-]*:")


def active(soup):
    """What in the body of a page could run, lead away by itself or be fetched."""
    for tag in soup.body.find_all(True):
        if tag.find_parent("svg") or tag.name == "svg":
            continue
        if not TAGS.fullmatch(tag.name) and not (tag.name == "script" and not tag.attrs):
            yield tag.name
        for name, value in tag.attrs.items():
            if not ATTRIBUTES.fullmatch(name):
                yield f"{tag.name} {name}"
            if name == "src" and not value.startswith("data:image/"):
                yield f"src {value}"
            if name == "href" and SCHEME.match(value):
                yield f"href {value}"
            if name == "style" and not re.fullmatch(r"--in:\d+", value):
                yield f"style {value}"
    yield from (tag.name for tag in soup(["base", "link", "object", "embed", "iframe", "form"]))
    yield from (str(tag) for tag in soup("meta") if "refresh" in str(tag).lower())


def everywhere(text):
    """Cells that have a text wherever a notebook can have one."""
    line = text.splitlines()[0]
    figure = {"id": text, "title": text, "subtitle": text, "caption": text, "alt": text, "svg": SVG}
    table = {"caption": text, "columns": [text], "numbers": [False], "rows": [[text]]}
    yield from (text, f"x {text} y", f"- {text}", f"> {text}", f"| a |\n|---|\n| {line} |")
    yield new_raw_cell(text, metadata={"raw_mimetype": "text/html"})
    for mime in ("text/html", "text/markdown", "text/plain", "text/latex", "image/svg+xml"):
        yield shown({mime: text})
    yield shown({FIGURE: figure | {"table": table}})
    yield shown({FIGURE: figure | {"svg": text}})
    yield shown({TABLE: table})
    yield printed(text)


def hostile(*texts):
    """A notebook that has these texts wherever it can."""
    entries = [
        {"id": f"n{place}", "label": text, "value": text, "words": text, "title": text, "url": text}
        for place, text in enumerate(texts)
    ]
    ledger = {"heading": texts[0], "entries": entries}
    cells = [cell for text in texts for cell in everywhere(text)]
    title = f"# {texts[0].splitlines()[0]}"
    return Both(title, *cells, shown({"application/vnd.taawun.ledger+json": ledger}))


@pytest.mark.parametrize("text", ACTIVE + LINKS)
def test_nothing_of_a_notebook_is_active(text):
    made = hostile(text)
    assert list(active(made.soup)) == []
    assert len(made.soup("script")) == 1
    assert "alert" not in made.soup.script.string
    ids = [tag["id"] for tag in made.soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "field", ["title", "subtitle", "authors", "edition", "repository", "language"]
)
@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "javascript:alert(1)", "]#panic()"]
)
def test_nothing_that_a_document_says_of_itself_is_active(field, text):
    about = {"title": "T", "language": "en"} | {field: text}
    about |= {"alternates": [[text, text], ["fr", "05-brief.fr.html"]], "kicker": text}
    if field == "language":
        about["title"] = text
        about["language"] = "en"
    made = Both(shown({"application/vnd.taawun.document+json": about}))
    assert list(active(made.soup)) == []
    assert [link["href"] for link in made.soup.select(".languages a")] == ["05-brief.fr.html"]


TYPST = [
    "#panic()",
    '#read("/etc/hostname")',
    '#import "@preview/example:0.1.0"',
    '`#read("x")`{=typst}',
    "```{=typst}\n#panic()\n```",
    "@label <label> $x$ *b* _e_ = h / t: d",
    '"] #panic() ["',
    "\\u{41} \\n \\",
]


@pytest.mark.parametrize("text", TYPST)
def test_typst_reads_text_as_text(text):
    made = Both(
        *(
            text,
            f"- {text}",
            printed(text),
            shown({"text/plain": text}),
            shown({"text/markdown": text}),
        ),
        shown({TABLE: {"caption": text, "columns": [text], "numbers": [True], "rows": [[text]]}}),
    )
    words = " ".join(text.split("\n")).split()
    paper = re.sub(r"\s", "", made.texts[1])
    assert (
        re.sub(r"\s", "", "".join(words).replace("```{=typst}", "").replace("```", ""))[:12]
        in paper
    )


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("🚀 lift", "[rocket] lift"),
        ("中文 text", "[U+4E2D U+6587] text"),
        ("ⵜⴰⵎⵓⵏⵜ", "ⵜⴰⵎⵓⵏⵜ"),
        ("😀 ✓ → ≤ ½", "😀 ✓ → ≤ ½"),
        ("Ελληνικά кириллица", "Ελληνικά кириллица"),
        ("a\ufeffb\ufe0f\u00adc", "ab"),
    ],
)
def test_what_the_font_lacks_comes_from_another_or_is_named(text, paper):
    made = Both(f"# {text}\n\n{text}\n\n`{text}`\n\n```\n{text}\n```\n\n## {text}", printed(text))
    assert paper in made.texts[1]
    assert made.main.p.get_text() == text.replace("\ufeff", "\ufeff")


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=[]), min_size=1, max_size=60))
def test_any_text_is_printed_or_named(text):
    made = Both(
        *(text, printed(text), shown({"text/html": text}), shown({"text/plain": text})),
        shown({TABLE: {"caption": text, "columns": [text], "numbers": [True], "rows": [[text]]}}),
    )
    assert list(active(made.soup)) == []
    made.html.encode()


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(ACTIVE + LINKS + TYPST + ["\n\n", "\n", "<div>", "</div>", "<p>"]),
        max_size=6,
    )
)
def test_no_combination_of_active_texts_is_active(texts):
    text = "".join(texts)
    assert list(active(Both(text, shown({"text/html": text})).soup)) == []


def test_tables_of_pandas_are_tables_in_both():
    frame = pd.DataFrame(
        {("A", "x"): [1.5, 2.25], ("A", "y"): ["a|b", "<c> & `d`"], ("B", "x"): [None, "تعاونية"]},
        index=pd.Index(["r", "s"], name="row"),
    )
    made = Both(shown({"text/html": frame.to_html(), "text/plain": "no"}))
    assert made.says("a|b", "<c> & `d`", "1.50", "2.25")
    assert [cell.get_text() for cell in made.main.select("thead th")] == [
        "A",
        "A",
        "B",
        "x",
        "y",
        "x",
        "row",
    ]
    assert [cell.get_text() for cell in made.main.select("tbody th[scope=row]")] == ["r", "s"]
    assert all("end" in row("td")[0]["class"] for row in made.main.select("tbody tr"))
    assert made.main.select_one("tbody bdi[lang=ar]").get_text() == "تعاونية"
    plain = Both(
        shown({"text/html": pd.DataFrame({"a": [1]}, index=pd.Index([7], name="n")).to_html()})
    )
    assert [cell.get_text() for cell in plain.main.select("thead th")] == ["n", "a"]


def test_a_wide_table_is_printed_in_pieces_and_a_long_one_says_what_is_left_out():
    wide = pd.DataFrame([[f"{row}.{column}" for column in range(25)] for row in range(3)])
    long = pd.DataFrame({"n": range(1000)})
    made = Both(shown({"text/html": wide.to_html()}), shown({"text/html": long.to_html()}))
    for row in range(3):
        assert all(f"{row}.{column}" in made.texts[1] for column in range(25))
    assert "[700 more rows are left out here]" in made.texts[1]
    assert len(made.main.select("tbody tr")) == 1003


@pytest.mark.parametrize(("language", "comma"), [("en", ","), ("fr", ","), ("ar", "،")])
def test_a_very_long_table_is_cut_and_its_files_are_named_in_every_language(language, comma):
    about = {"title": "Title", "language": language}
    table = {"caption": "", "columns": ["n"], "numbers": [True]}
    table["rows"] = [[str(row)] for row in range(1007)]
    notebook = new_notebook(cells=[shown({DOCUMENT: about}), shown({TABLE: table})])
    files = {name: f"../data/processed/{name}" for name in ("01-all.csv", "01-more.csv")}
    notebook.metadata["taawun"] = {"csv": files | {"../../etc/passwd": "javascript:x"}}
    page = TaawunHTMLExporter().from_notebook_node(notebook, {"metadata": {"name": "any"}})[0]
    main = BeautifulSoup(page, "html.parser").main
    assert len(main.select("tbody tr")) == 1000
    line = next(line for line in main("p") if line.get_text().startswith("["))
    said = interface("{} more rows are left out here", language).format(7)
    assert ("more rows" in said) is (language == "en")
    assert line.get_text() == f"[{said}] 01-all.csv{comma} 01-more.csv"
    assert {link.get_text(): link["href"] for link in line("a")} == files
    made = TaawunPDFExporter().from_notebook_node(notebook, {"metadata": {"name": "any"}})[0]
    assert "707" in "".join(s.extract_text() for s in pypdf.PdfReader(io.BytesIO(made)).pages)


@pytest.mark.slow
def test_a_huge_output_is_cut_in_the_pdf_and_soon_done():
    started = time.process_time()
    made = Both(printed("0123456789 line\n" * 650_000), printed("x" * 500_000))
    assert time.process_time() - started < 30
    assert "[10,395,200 more characters are left out here]" in made.texts[1].replace("\u202f", ",")
    assert "[480,000 more characters are left out here]" in made.texts[1]
    assert len(made.main.select("pre.out")[0].get_text()) == 10_400_000


def test_nothing_runs_out_of_the_page():
    long = "a" * 400
    table = f"| {long} | b |\n|---|---|\n| b | {long} |"
    frame = pd.DataFrame([["b" * 60] * 20])
    made = Both(
        f"{long}\n\n`{long}`\n\n```\n{long}\n```\n\n{table}\n\n$$\n{long}\n$$",
        *(printed(long), shown({"text/html": frame.to_html(index=False)})),
        shown({"image/png": drawn("PNG", size=(5000, 10))}),
    )
    assert "".join(made.texts[1].split()).count("a") >= 7 * 400
    with pypdfium2.PdfDocument(made.pdf) as pages:
        for page in pages:
            picture = page.render(scale=1, grayscale=True).to_pil()
            left, _, right, _ = ImageChops.invert(picture).getbbox()
            assert left > picture.width * 0.09
            assert right < picture.width * 0.91


def test_a_notebook_without_ids_gives_the_same_bytes_each_time():
    notebook = new_notebook(
        cells=[new_markdown_cell("# T"), shown({"image/png": PNG}), printed("x")]
    )
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    for exporter in (TaawunHTMLExporter, TaawunPDFExporter):
        one, other = (exporter().from_notebook_node(notebook)[0] for _ in range(2))
        assert one == other


@pytest.mark.parametrize(
    "cells", [[], [""], [new_code_cell("")], [printed("")], [new_raw_cell("")]]
)
def test_a_notebook_that_says_nothing_is_a_page_with_its_name(cells):
    made = Both(*cells)
    assert made.soup.h1.get_text() == "any"
    assert len(made.reader.pages) == 1


@pytest.mark.parametrize(
    "text", ["> " * 60 + "deep", "- " * 40 + "deep", "[" * 300 + "deep" + "]" * 300]
)
def test_what_is_nested_too_deep_is_printed_flat(text):
    assert Both(text, shown({"text/html": "<div>" * 2000 + "<blockquote>" * 30 + "deep"})).says(
        "deep"
    )


def test_the_grid_of_a_table_repeats_what_spans_several_cells():
    html = (
        "<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr>"
        "<tr><td>c</td><td rowspan=99>d</td></tr><tr></tr></table>"
    )
    [table] = tokens(html)
    rows = [
        [plain_text(cell["children"]) for cell in row["children"]]
        for row in table["children"][0]["children"]
    ]
    assert rows == [["a", "b", "b"], ["a", "c", "d"], ["", "", "d"]]


@pytest.mark.parametrize(
    "address", ["", "data:", "data:,x", "data:text/html,<svg>", "attachment:", "x:y", "%"]
)
def test_an_address_that_holds_no_picture_gives_none(address):
    assert at(address, {}) is None
    assert picture("image/bmp", "Qk0=") is None

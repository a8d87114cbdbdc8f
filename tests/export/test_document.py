"""What a notebook says: the cells that need a number which had not been published are left out."""

import re
from urllib.parse import quote

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from taawun.export.document import at_words, read
from taawun.mime import DOCUMENT, LEDGER

TITLE = {DOCUMENT: {"title": "A brief", "language": "en"}}
ANNEX = {LEDGER: {"heading": "Annex", "entries": [], "published": {"stock": True, "late": False}}}


def shown(data, *tags):
    outputs = [new_output("display_data", data=data)]
    return new_code_cell("secret()", metadata={"tags": list(tags)}, outputs=outputs)


def heading(text, *tags):
    return new_markdown_cell(f"## {text}", metadata={"tags": list(tags)})


def said(*cells, annex=ANNEX):
    """The texts of a document that has these cells between its title and its annex."""
    document = read(new_notebook(cells=[shown(TITLE), *cells, shown(annex)]), "x")
    panels = [part.content if part.kind == "box" else [part] for part in document.parts]
    return [part.content for parts in panels for part in parts]


@pytest.mark.parametrize(
    ("tags", "stands"),
    [
        ((), True),
        (("needs-stock",), True),
        (("needs-late",), False),
        (("unless-stock",), False),
        (("unless-late",), True),
        (("needs-stock", "unless-late"), True),
        (("needs-stock", "needs-late"), False),
        (("box", "needs-stock"), True),
        (("box", "needs-late"), False),
    ],
)
def test_a_cell_stands_if_what_its_tags_name_had_been_published(tags, stands):
    text = shown({"text/markdown": "Said."}, *tags)
    assert said(heading("One"), heading("Two", *tags)) == ["## One", "## Two"][: 1 + stands]
    assert said(text) == ["Said."] * stands


def test_a_heading_that_is_left_out_takes_nothing_else_with_it():
    cells = [heading("One"), heading("Two", "needs-late"), shown({"text/markdown": "Said."})]
    assert said(*cells) == ["## One", "Said."]


def test_a_tag_that_names_no_number_is_an_error_that_suggests_the_nearest():
    with pytest.raises(KeyError, match=r"«needs-stok» names no entry .* nearest are stock"):
        said(heading("Two", "needs-stok"))


@pytest.mark.parametrize("annex", [{}, {LEDGER: {"entries": []}}])
def test_without_a_ledger_every_cell_stands(annex):
    assert said(heading("Two", "needs-late", "needs-work"), annex=annex) == ["## Two"]


def test_other_tags_are_no_conditions():
    assert said(heading("Two", "needs", "key-late", "late-needs")) == ["## Two"]


@pytest.mark.parametrize(
    ("address", "words", "opened"),
    [
        ("https://a.ma/p", "63,445 co-ops", "https://a.ma/p#:~:text=63%2C445%20co%2Dops"),
        ("https://a.ma/p?x=1#y", "34 %", "https://a.ma/p?x=1#y:~:text=34%20%25"),
        ("https://a.ma/p", "de 5 … à 7 [sic] ans", "https://a.ma/p#:~:text=de%205,ans"),
        ("https://a.ma/p", "34% تعاونية & b", None),
        ("https://a.ma/p.pdf", "34", "https://a.ma/p.pdf"),
        ("https://a.ma/p.pdf?v=2", "34", "https://a.ma/p.pdf?v=2"),
        ("https://a.ma/p", "", "https://a.ma/p"),
        ("", "34", ""),
    ],
)
def test_source_opens_at_the_words(address, words, opened):
    found = at_words(address, words)
    if opened is None:
        opened = f"{address}#:~:text={quote(words, safe='')}"
    assert found == opened
    fragment = found.partition(":~:text=")[2]
    assert not re.search(r"[\s\"<>&-]", fragment), (
        "nothing in it ends the address or is a sign of it"
    )

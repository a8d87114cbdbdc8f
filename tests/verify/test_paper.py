"""What is counted in a PDF."""

from types import SimpleNamespace

from taawun.verify import pdf


def sheet(*marks):
    """A page with links inside of the document (by what they are called) and one outside."""
    inner = [{"/Contents": name, "/Dest": "there"} for name in marks]
    found = [*inner, {"/Contents": "a web page", "/A": {}}]
    return {"/Annots": [SimpleNamespace(get_object=lambda mark=mark: mark) for mark in found]}


def test_a_link_that_may_go_on_on_the_next_page_is_told():
    reader = SimpleNamespace(pages=[sheet("a", "b"), sheet("b", "b", "c"), sheet(), sheet("d")])
    assert pdf.links(pdf.marks(reader)) == (6, 1)


def test_no_link_is_none():
    assert pdf.links(pdf.marks(SimpleNamespace(pages=[sheet(), {}, sheet()]))) == (0, 0)

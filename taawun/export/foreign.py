"""HTML that is not ours, as the tokens of the Markdown parser, so that both exporters print it as
they print Markdown.

What is kept is the text and its structure: paragraphs, lists, tables, links, emphasis, code, and
pictures that are in the notebook. Headings are bold paragraphs, since the page has its own. What
would run, restyle the page or be fetched is not kept; of frames and films the address is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, NavigableString, Tag

Token = dict[str, Any]

_DROPPED = {"script", "style", "template", "head", "title", "meta", "link", "base", "noscript"}
_ELSEWHERE = {"iframe", "object", "embed", "video", "audio", "canvas", "applet"}
_BLOCKS = re.compile(
    "^(?:address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h[1-6]|header|hr|html|li|main|nav|ol|p|pre|section|summary|table|ul)$"
)
_BOLD = {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "caption"}
_INLINE = {
    **dict.fromkeys(["b", "strong", "th"], "strong"),
    **dict.fromkeys(["i", "em", "cite", "var", "dfn"], "emphasis"),
    **dict.fromkeys(["s", "del", "strike"], "strikethrough"),
    "sub": "subscript",
    "sup": "superscript",
}
_CODE = {"code", "kbd", "samp", "tt"}
_NUMBER = re.compile(r"[-+−]?[\d., \u00a0\u202f]*\d\s?%?|NaN|None|<NA>|inf|-?")


def tokens(html: str) -> list[Token]:
    """The blocks of a piece of HTML; none if it is empty, one paragraph if too deep to walk."""
    soup = BeautifulSoup(html, "html.parser")
    try:
        return _blocks(soup)
    except RecursionError:
        return paragraph(soup.get_text(" ", strip=True))


def paired(found: Iterable[Token]) -> list[Token]:
    """Inline tokens in which the tags of HTML have become tokens around what they enclose; a tag
    without its other end is left out.
    """
    kept: list[Token] = []
    opened: list[tuple[Tag, int]] = []
    for token in found:
        if token["type"] != "inline_html":
            kept.append(token)
            continue
        tag = BeautifulSoup(token["raw"], "html.parser").find()
        if isinstance(tag, Tag) and tag.name == "source" and opened:
            opened[-1][0].attrs.setdefault("src", _attribute(tag, "src"))
        elif isinstance(tag, Tag) and tag.name in {"br", "img", "hr"}:
            kept += _inline(tag)
        elif isinstance(tag, Tag):
            opened.append((tag, len(kept)))
        elif end := re.match(r"</\s*([\w-]+)", token["raw"]):
            names = [tag.name for tag, _ in opened]
            if end[1].lower() in names:
                last = len(names) - 1 - names[::-1].index(end[1].lower())
                (tag, start), opened = opened[last], opened[:last]
                kept[start:] = _element(tag, kept[start:])
    return kept


def plain_text(found: Iterable[Token]) -> str:
    """The text in tokens, without their structure."""
    text = ""
    for token in found:
        raw = token.get("raw", " " if token["type"].endswith("break") else "")
        text += raw if token["type"] == "codespan" else unescape(raw)
        text += plain_text(token.get("children", ()))
    return text


def _blocks(node: Tag) -> list[Token]:
    """The blocks in an element; what stands between them is a paragraph."""
    blocks: list[Token] = []
    line: list[Token] = []
    for child in [*node.children, None]:
        if isinstance(child, Tag) and _has_blocks(child):
            blocks += _paragraph(line) + _block(child)
            line = []
        else:
            line += _inline(child)
    return blocks + _paragraph(line)


def _has_blocks(tag: Tag) -> bool:
    """Whether an element is more than a piece of a line."""
    return bool(_BLOCKS.match(tag.name) or tag.find(_BLOCKS))


def _paragraph(line: list[Token]) -> list[Token]:
    """A paragraph without white space around it; none if there is nothing in it."""
    if not line or not (plain_text(line).strip() or any("attrs" in token for token in line)):
        return []
    if line[0]["type"] == "text":
        line[0]["raw"] = line[0]["raw"].lstrip()
    if line[-1]["type"] == "text":
        line[-1]["raw"] = line[-1]["raw"].rstrip()
    return [{"type": "paragraph", "children": line}]


def _block(tag: Tag) -> list[Token]:
    """A block element."""
    if tag.name in _DROPPED:
        return []
    if tag.name in _BOLD:
        line = _line(tag)
        return _paragraph([{"type": "strong", "children": line}] if line else [])
    if tag.name in {"ul", "ol"}:
        return _list(tag)
    if tag.name == "table":
        return _table(tag)
    if tag.name == "pre":
        return [{"type": "block_code", "raw": tag.get_text()}]
    if tag.name == "hr":
        return [{"type": "thematic_break"}]
    blocks = _blocks(tag)
    return [{"type": "block_quote", "children": blocks}] if tag.name == "blockquote" else blocks


def _list(tag: Tag) -> list[Token]:
    """A list; an item of one line has no paragraph of its own."""
    items: list[Token] = []
    for item in tag.find_all("li", recursive=False):
        blocks = _blocks(item)
        if [block["type"] for block in blocks] == ["paragraph"]:
            blocks[0]["type"] = "block_text"
        items.append({"type": "list_item", "children": blocks})
    attributes = {"depth": 0, "ordered": tag.name == "ol"}
    made = {"type": "list", "children": items, "tight": True, "attrs": attributes}
    return [made] if items else []


def _line(tag: Tag) -> list[Token]:
    """All that is in an element, on one line, or on lines of their own where there are blocks."""
    line: list[Token] = []
    for block in _blocks(tag):
        is_line = block["type"] == "paragraph"
        line += [{"type": "linebreak"}] if line else []
        line += block["children"] if is_line else [text_token(plain_text([block]))]
    return line


def _inline(node: Any) -> list[Token]:
    """Text and elements within a line."""
    if type(node) is NavigableString:
        return [text_token(re.sub(r"\s+", " ", node))]
    if not isinstance(node, Tag) or node.name in _DROPPED:
        return []
    if node.name == "svg":
        name = _attribute(node, "aria-label") or node.get_text(" ", strip=True)
        return [picture_token("data:image/svg+xml," + quote(str(node)), name)]
    return _element(node, [token for child in node.children for token in _inline(child)])


def _element(tag: Tag, inside: list[Token]) -> list[Token]:
    """An inline element around tokens."""
    if tag.name == "br":
        return [{"type": "linebreak"}]
    if tag.name == "img":
        return [picture_token(_attribute(tag, "src"), _attribute(tag, "alt"))]
    if tag.name in _ELSEWHERE:
        holders = [tag, *tag.find_all(src=True)]
        addresses = [_attribute(holder, name) for holder in holders for name in ("src", "data")]
        return [picture_token(next(filter(None, addresses), ""), tag.name)]
    if tag.name in _DROPPED or not inside:
        return []
    if tag.name in _CODE:
        return [{"type": "codespan", "raw": plain_text(inside)}]
    if tag.name == "a" and tag.get("href"):
        return [{"type": "link", "children": inside, "attrs": {"url": _attribute(tag, "href")}}]
    if kind := _INLINE.get(tag.name):
        return [{"type": kind, "children": inside}]
    return inside


def _table(tag: Tag) -> list[Token]:
    """A table as a grid: what spans several cells stands in each of them."""
    rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    grid = _grid(rows)
    lines = [[_line(cell) if cell else [] for cell in row] for row in grid]
    texts = [[plain_text(line).strip() for line in row] for row in lines]
    is_body = [bool(not row.find_parent("thead") and row.find("td")) for row in rows]
    heads = is_body.index(True) if True in is_body else 0
    if heads == 2 and not any(above and below for above, below in zip(*texts[:2], strict=True)):
        # A second row of the head that only fills gaps, as pandas names an index.
        lines[1] = [above or below for above, below in zip(*lines[:2], strict=True)]
        grid, lines, texts, heads = grid[1:], lines[1:], texts[1:], 1
    sides = [
        "right" if any(column) and all(map(_NUMBER.fullmatch, column)) else None
        for column in zip(*texts[heads:], strict=True)
    ]
    named = [[bool(cell and cell.name == "th") for cell in row] for row in grid]
    caption = _block(tag.caption) if tag.caption else []
    return [*caption, table_token(lines, heads, sides, named)] if grid else []


def table_token(
    rows: list[list[list[Token]]],
    heads: int,
    sides: list[str | None],
    named: list[list[bool]] | None = None,
    **attributes: str,
) -> Token:
    """A table of parsed cells, of whose rows some are its head; `named` says which cells are the
    headers of their row, else the first ones are.
    """
    made = []
    for place, row in enumerate(rows):
        headers = named[place] if named and any(named[place]) else [True]
        cells = [
            {
                "type": "table_cell",
                "children": cell,
                "attrs": {"align": side, "head": place < heads, "row": header and place >= heads},
            }
            for cell, side, header in zip_longest(row, sides, headers, fillvalue=False)
        ]
        made.append({"type": "head_row" if place < heads else "table_row", "children": cells})
    parts = [{"type": "table_head", "children": made[:heads]}] if heads else []
    parts.append({"type": "table_body", "children": made[heads:]})
    return {"type": "table", "children": parts, "attrs": attributes}


def _grid(rows: list[Tag]) -> list[list[Tag | None]]:
    """The cells of a table by row and column."""
    taken: dict[tuple[int, int], Tag] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (y, x) in taken:
                x += 1
            down, across = _span(cell, "rowspan", len(rows) - y), _span(cell, "colspan", 100)
            taken |= {(y + dy, x + dx): cell for dy in range(down) for dx in range(across)}
    width = max((x + 1 for _, x in taken), default=0)
    return [[taken.get((y, x)) for x in range(width)] for y in range(len(rows))] if width else []


def _span(cell: Tag, name: str, most: int) -> int:
    """How many rows or columns a cell spans."""
    said = _attribute(cell, name)
    return max(1, min(int(said), most)) if said.isdecimal() else 1


def lost(name: str) -> list[Token]:
    """A paragraph that names what is in the notebook and cannot be shown."""
    return paragraph_of(picture_token("data:", name))


def paragraph(text: str) -> list[Token]:
    """A paragraph of text."""
    return paragraph_of(text_token(text))


def paragraph_of(token: Token) -> list[Token]:
    """A paragraph that holds one thing."""
    return [{"type": "paragraph", "children": [token]}]


def text_token(text: str) -> Token:
    """Text as it stands: the printers read entities in it."""
    return {"type": "text", "raw": escape(text, quote=False)}


def link_token(text: str, address: str) -> Token:
    """A link."""
    return {"type": "link", "children": [text_token(text)], "attrs": {"url": address}}


def picture_token(address: str, name: str, **attributes: Any) -> Token:
    """A picture: its address, its name, and what is known of it."""
    return {"type": "image", "children": [text_token(name)], "attrs": {"url": address} | attributes}


def _attribute(tag: Tag, name: str) -> str:
    return str(tag.get(name) or "")

"""HTML that is not ours, such as a table of pandas, made fit to stand in a page."""

from __future__ import annotations

from bs4 import BeautifulSoup

from taawun.export.fonts import ARABIC

#: What would run, change the page or be fetched.
_UNWANTED = ["script", "style", "link", "iframe", "img", "object", "embed"]


def fitting(html: str) -> str:
    """The HTML without script, style and borrowed resources; header cells have a scope, and cells
    of a text with Arabic in it keep their own direction.
    """
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(_UNWANTED):
        tag.decompose()
    for table in soup("table", class_="dataframe"):
        del table["border"]
    for row in soup("tr", style=True):
        del row["style"]
    for header in soup("th"):
        if not header.get_text(strip=True):
            header.name = "td"
        else:
            header["scope"] = "col" if header.find_parent("thead") else "row"
    if ARABIC.search(html):
        for cell in soup("td"):
            words = soup.new_tag("bdi")
            words.extend(list(cell.contents))
            cell.append(words)
    return soup.decode(formatter="minimal")

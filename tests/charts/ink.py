"""Where the ink of a drawing is: labels and thin lines as boxes, measured from its outlines."""

import re
from itertools import combinations
from xml.etree import ElementTree

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
NUMBER = r"-?\d+(?:\.\d+)?"
#: The colours of lines that run behind words.
THIN = ("#d5dcde", "stroke: #4a575c; stroke-width: 0.7")


def _extent(path):
    """Left, lowest, right and highest of an outline."""
    places = [float(number) for number in re.findall(NUMBER, path)]
    return (min(places[::2]), min(places[1::2]), max(places[::2]), max(places[1::2]))


def labels(root):
    """The labels of a drawing: (words, box of left, top, right, bottom)."""
    outlines = {
        path.get("id"): [
            end * float((re.findall(NUMBER, path.get("transform") or "") or [1])[0])
            for end in _extent(path.get("d"))
        ]
        for path in root.iter(f"{SVG}path")
        if path.get("id") and re.search(NUMBER, path.get("d") or "")
    }
    for group in root.iter(f"{SVG}g"):
        glyphs = [use for use in group.findall(f"{SVG}use") if "Plex" in use.get(f"{XLINK}href")]
        if not glyphs:
            continue
        x, y, scale = map(float, re.findall(NUMBER, group.get("transform"))[:3])
        boxes = []
        for use in glyphs:
            dx, dy = (*map(float, re.findall(NUMBER, use.get("transform", ""))), 0, 0)[:2]
            if extent := outlines.get(use.get(f"{XLINK}href")[1:]):
                left, low, right, high = extent
                boxes.append((dx + left, dy + low, dx + right, dy + high))
        if boxes:
            lefts, lows, rights, highs = zip(*boxes, strict=True)
            yield (
                x + scale * min(lefts),
                y - scale * max(highs),
                x + scale * max(rights),
                y - scale * min(lows),
            )


def thin_lines(root):
    """The pieces of the lines across a drawing, as boxes without height."""
    for path in root.iter(f"{SVG}path"):
        if any(look in (path.get("style") or "") for look in THIN):
            yield _extent(path.get("d"))


def overlap(a, b):
    """Whether two boxes have room in common."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def faults(svg):
    """What is wrong with a drawing's labels, one line a fault."""
    root = ElementTree.fromstring(svg)
    _, _, wide, high = map(float, root.get("viewBox").split())
    boxes = list(labels(root))
    found = [
        f"a label leaves the drawing: {box}"
        for box in boxes
        if box[0] < -0.5 or box[1] < -0.5 or box[2] > wide + 0.5 or box[3] > high + 0.5
    ]
    found += [f"labels touch: {a}, {b}" for a, b in combinations(boxes, 2) if overlap(a, b)]
    found += [
        f"a line crosses a label: {line}, {box}"
        for line in thin_lines(root)
        for box in boxes
        if overlap(line, box)
    ]
    return found

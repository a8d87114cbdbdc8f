"""The pictures that are in a notebook. Any other is named where it would stand: nothing is fetched
and no file is read.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

#: The kinds that are shown, each with how its data begin.
KINDS = {
    "image/svg+xml": b"<",
    "image/png": b"\x89PNG\r\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
#: The pictures attached to a cell: by name, then by kind, as base64.
Attachments = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Picture:
    """A picture of a kind that is shown."""

    mime: str
    data: bytes

    @property
    def address(self) -> str:
        """The picture as an address that holds it."""
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"

    @property
    def suffix(self) -> str:
        """How a file of this kind ends."""
        return self.mime.removeprefix("image/").removesuffix("+xml")


def picture(mime: str, data: str) -> Picture | None:
    """The picture that an output or an attachment holds; None if the data are broken."""
    if mime == "image/svg+xml" and "<" in data:
        return _checked(mime, data.encode())
    try:
        return _checked(mime, base64.b64decode("".join(data.split()), validate=True))
    except (binascii.Error, ValueError):
        return None


def at(address: str, attachments: Attachments) -> Picture | None:
    """The picture that an address in a text leads to; None if it is not in the notebook."""
    scheme, _, rest = address.partition(":")
    if scheme == "attachment":
        kinds = attachments.get(unquote_to_bytes(rest).decode("utf-8", "replace"), {})
        return next((picture(mime, kinds[mime]) for mime in KINDS if mime in kinds), None)
    mime, comma, data = rest.partition(",")
    if scheme != "data" or not comma:
        return None
    mime, *options = mime.lower().split(";")
    if "base64" in options:
        return picture(mime, unquote_to_bytes(data).decode("ascii", "replace"))
    return _checked(mime, unquote_to_bytes(data))


def _checked(mime: str, data: bytes) -> Picture | None:
    """The picture, if its data begin as its kind does."""
    begins = KINDS.get(mime)
    return Picture(mime, data) if begins and data.lstrip().startswith(begins) else None

"""Errors whose message is all that a person needs: what is wrong, and what would be accepted."""

from __future__ import annotations

import traceback


class ForPeople(Exception):
    """In a notebook such an error stands without the frames that led to it, only with the line of
    the cell.
    """

    def _render_traceback_(self) -> list[str]:
        frames = traceback.extract_tb(self.__traceback__)
        lines = [f"line {at.lineno}: {at.line}" for at in frames if "ipykernel" in at.filename]
        return [*lines[-1:], f"{type(self).__name__}: {self}"]


class Refused(ForPeople, ValueError):
    """What was asked for cannot be had."""

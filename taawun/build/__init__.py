"""The machine: what is stale, in which order, and how it is run and published.

Standard library only until there is work to do.
"""


class BuildError(Exception):
    """What stands in the way of a build; the message is for people."""

"""The same tasks on a Dask cluster that runs already: `DASK=tcp://host:8786`, or the file that its
scheduler has written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from taawun.build import BuildError

PATIENCE = 10  # seconds until a scheduler has to answer


class Cluster:
    """Takes tasks and gives futures, as an executor of the standard library does."""

    def __init__(self, client: Any, completed: Any) -> None:
        self.client, self.completed = client, completed

    def submit(self, function: Any, *arguments: Any) -> Any:
        """The future of a function of some arguments; a task whose worker died is given again."""
        return self.client.submit(function, *arguments, pure=False, retries=2)

    def as_completed(self, futures: Any) -> Any:
        """The futures as they are done."""
        return self.completed(list(futures))


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster at an address, or of a file. Raises BuildError with a line if nobody answers."""
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise BuildError(
            "DASK needs an environment with Dask: make sweep sets it up, see README."
        ) from None
    if Path(address).suffix == ".json" and not Path(address).is_file():
        raise BuildError(f"DASK={address}: there is no such file; dask scheduler writes it.")
    where = {"scheduler_file" if Path(address).is_file() else "address": address}
    try:
        client = distributed.Client(**where, timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError):
        raise BuildError(
            f"DASK={address}: no scheduler answers there; accepted: the address that dask "
            f"scheduler prints, such as tcp://host:8786, or the file that it writes."
        ) from None
    with client:
        yield Cluster(client, distributed.as_completed)

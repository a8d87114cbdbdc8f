"""The same tasks on a Dask cluster that runs already: `DASK=tcp://host:8786`, or the file that its
scheduler has written.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from taawun.build import BuildError
from taawun.sweep.work import work

PATIENCE = 10  # seconds until a scheduler has to answer


class Cluster:
    """Takes tasks and gives futures, as an executor of the standard library does."""

    def __init__(self, client: Any, wait: Any) -> None:
        self.client, self._wait = client, wait

    def submit(self, function: Any, *arguments: Any) -> Any:
        """The future of a function of some arguments; a task whose worker died is given again."""
        return self.client.submit(function, *arguments, pure=False, retries=2)

    def wait(self, futures: Any, return_when: str) -> Any:
        """Which futures are done, as soon as some are."""
        return self._wait(list(futures), return_when=return_when)


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster at an address, or of a file. Raises BuildError with a line if nobody answers, or
    for a worker that does not have the project's environment.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise BuildError(
            "DASK needs an environment with Dask: make sweep sets it up, see README."
        ) from None
    # what it would log of a scheduler that is gone is said in one line
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(_address(address), timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError):
        raise BuildError(
            f"DASK={address}: no scheduler answers there; accepted: the address that dask "
            f"scheduler prints, such as tcp://host:8786, or the file that it writes."
        ) from None
    with client:
        if not client.scheduler_info()["workers"]:
            where = f".dask/bin/dask worker {client.scheduler.address}"
            print(f"No worker is there; waiting for one: {where}", flush=True)
            client.wait_for_workers(1)
        _refuse_strangers(client)
        try:
            yield Cluster(client, distributed.wait)
        except (distributed.CancelledError, distributed.KilledWorker) as error:
            raise BuildError(
                f"DASK={address}: the cluster gave up ({str(error).splitlines()[0]}); what is done "
                f"is kept, and the same sweep goes on from here."
            ) from None


def _address(given: str) -> str:
    """The address of a scheduler that is given, or that stands in its file."""
    file = Path(given)
    if file.suffix != ".json" and not file.is_file():
        return given
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["address"])
    except FileNotFoundError:
        raise BuildError(
            f"DASK={given}: there is no such file; dask scheduler writes it."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise BuildError(f"DASK={given} is not a file that dask scheduler has written.") from None


def _refuse_strangers(client: Any) -> None:
    """Raise BuildError for workers that cannot import the project: a task would end them."""
    asked = client.run(eval, f"__import__({work.__module__!r}) and None", on_error="return")
    if strangers := [worker for worker, error in asked.items() if error is not None]:
        raise BuildError(
            f"DASK: {', '.join(strangers)} has not the project's environment "
            f"({asked[strangers[0]]}); see docs/sweep.md."
        )

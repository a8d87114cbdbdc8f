"""Two warm processes, on Linux: what every step and every kernel would import first is imported
once, and they are forked from there.

The schedule starts both and asks the first for steps; a step asks the second for its kernel
(`taawun.build.provisioner`). They fork before they have a thread, an event loop or a zmq context,
and end when nobody is left who could ask. A request is one message with the end of a socket at
which to answer: with the number of the forked process as soon as it is there, and at last, if it is
a step, with its exit code. Without an answer everything is started as it is on other systems.
`tests/build/test_forkserver.py` holds what a forked kernel shows to what an ordinary one does.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL, Popen
from traceback import print_exc
from types import SimpleNamespace
from typing import Any

from taawun.build import forked
from taawun.build.forked import Process, fork, socket_pair
from taawun.locales import LOCALES

# What the notebooks import, and none of our own modules: `taawun.paths` reads the environment, and
# code may be edited while a build runs. A name too few costs time only.
PACKAGES = [
    "ipykernel.kernelapp",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "pandas",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "matplotlib.style",
    "babel.messages.pofile",
    "babel.numbers",
    "fontpkg",
    "yaml",
    "simpleeval",
]
LARGEST = 1 << 17  # bytes of a request: the environment goes with it


def can_fork() -> bool:
    """Whether there are warm processes here: macOS forbids to fork such ones, Windows cannot."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return sys.platform == "linux"


@contextmanager
def running(folder: Path, env: dict[str, str]) -> Iterator[Callable[[object], Process | None]]:
    """Both processes, in a folder and an environment; yields what forks a step."""
    with ExitStack() as stack:
        to_steps, steps, to_kernels, kernels = (
            stack.enter_context(end) for _ in range(2) for end in socket_pair()
        )

        def start(name: str, *ends: socket.socket, **options: Any) -> None:
            numbers = [str(end.fileno()) for end in ends]
            command = [sys.executable, "-m", "taawun.build.forkserver", name, *numbers]
            process = Popen(command, cwd=folder, env=env, stdin=DEVNULL, **options)
            stack.callback(process.wait)
            stack.callback(process.kill)

        start("kernels", kernels, pass_fds=[kernels.fileno()])
        # The steps keep what is inherited, above all the lock of the build; and nobody but them can
        # ask for kernels.
        for end in (steps, to_kernels):
            end.set_inheritable(True)
        start("steps", steps, to_kernels, close_fds=False)
        for end in (steps, to_kernels, kernels):
            end.close()
        yield partial(fork, to_steps)


def serve(requests: socket.socket, work: Callable[[Any, socket.socket], None]) -> None:
    """Fork a process for each request, which does the work and ends: `work(message, where to
    answer)`. Returns when nobody can ask any more.
    """
    gc.freeze()  # what is there stays, and need not be looked through in every fork
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what is forked
    while True:
        message, files, *_ = socket.recv_fds(requests, LARGEST, 1)
        if not message:
            return
        if not os.fork():
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                requests.close()
                work(json.loads(message), socket.socket(fileno=files[0]))
            finally:
                os._exit(1)
        os.close(files[0])


def steps(requests: socket.socket, to_kernels: socket.socket) -> None:
    """The process that steps are forked from; it has printed a page with an entry, so has
    templates, scripts and fonts.
    """
    from taawun.build import graph
    from taawun.build.files import digest

    every = filter(Path.is_file, graph.PACKAGE.rglob("*"))
    loaded = {graph.name_of(path): digest(path) for path in every}
    import_module("IPython.paths")  # where kernels are looked for
    import_module("taawun.build.provisioner")
    from taawun.build import run
    from taawun.export import TaawunHTMLExporter

    forked.kernels = to_kernels
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "taawun-forked"
    TaawunHTMLExporter().from_notebook_node(warming(), {"metadata": {"name": "warm"}})

    def work(asked: list[str], answer: socket.socket) -> None:
        step, folder = asked
        os.chdir(folder)
        os.environ["PWD"] = folder
        answer.send(b"%d" % os.getpid())
        run.end_with(partial(answer.recv, 1))
        try:
            code = run.main(step, loaded)
        except Exception:
            print_exc()
            code = 1
        answer.send(bytes([code]))

    serve(requests, work)


def warming() -> Any:
    """An executed notebook: what prints it has read the templates, the scripts and the fonts."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    from taawun.export.document import WHAT_IF
    from taawun.mime import LEDGER

    empty = dict.fromkeys(WHAT_IF, ())
    ledger = {"heading": "-", "entries": [{"id": "n"}], "what_if": empty}
    entry = new_output("display_data", {LEDGER: ledger})
    return new_notebook(cells=[new_markdown_cell("# ا"), new_code_cell(outputs=[entry])])


def kernels(requests: socket.socket) -> None:
    """The process that kernels are forked from."""
    _preload()
    from ipykernel.kernelapp import IPKernelApp
    from numpy import random

    def work(asked: dict, answer: socket.socket) -> None:
        os.setsid()
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        # else all kernels would draw the same numbers, and look as if they were fixed
        random.seed()
        # whose end is its own; ipykernel read it from the environment when it was imported
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        sys.argv = [*asked["argv"], parent]
        kernel = IPKernelApp.instance()
        kernel.initialize(sys.argv[1:])
        del sys.modules["debugpy"]
        answer.send(b"%d" % os.getpid())
        answer.close()
        kernel.start()

    serve(requests, work)


def _preload() -> None:
    """Import what a kernel would import first, as if it were in one."""
    # a kernel chooses it before matplotlib asks
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    # a tenth of a second for each kernel, and nobody debugs there
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    # pandas asks at its import whether it is in a terminal
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    for name in PACKAGES:
        import_module(name)
    del builtins.get_ipython  # type: ignore[attr-defined]
    for locale in LOCALES.values():
        import_module("babel.localedata").load(locale)


if __name__ == "__main__":
    sys.path.pop(0)  # the folder that it was started in: a kernel does the same
    ends = [socket.socket(fileno=int(number)) for number in sys.argv[2:]]
    serving: Callable[..., None] = steps if sys.argv[1] == "steps" else kernels
    try:
        serving(*ends)
    finally:
        # what went wrong here goes wrong again in the step or kernel that is started as elsewhere,
        # and is told there
        os._exit(0)

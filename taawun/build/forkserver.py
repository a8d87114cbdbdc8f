"""Two warm processes, on Linux: what every step and every kernel would import first is imported
once, and they are forked from there.

`taawun.build` starts them; `python -S -m taawun.build.forkserver ask 01-clean`, the recipe in the Makefile,
asks the first for a step, and the step asks the second for its kernel (`taawun.build.provisioner`). They fork
before they have a thread, an event loop or a zmq context, and end when nobody is left who could
ask. A request is one message with three open files: standard output, standard error, and where to
answer; without an answer everything is started as it is on other systems. `tests/test_warm.py`
holds what a forked kernel shows to what an ordinary one does.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import signal
import socket
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

from taawun.locales import LOCALES

# What the notebooks import, and none of our own modules: `taawun.paths` reads the environment, and
# code may be edited while a build runs. A name too few costs time only.
PACKAGES = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.display",
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.font_manager",
    "matplotlib.ticker",
    "babel.dates",
    "babel.numbers",
    "babel.messages.pofile",
    "fontpkg",
    "yaml",
    "simpleeval",
]
LARGEST = 1 << 17  # bytes of a request: the environment goes with it


def can_fork() -> bool:
    """Whether there are warm processes here: macOS forbids to fork what its frameworks have
    touched, Windows cannot, and `FORK=no` is for comparing.
    """
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return sys.platform == "linux" and os.environ.get("FORK") != "no"


@contextmanager
def processes(env: dict[str, str], folder: Path):
    """Both processes, in an environment and a folder; yields what make needs in its environment so
    that its recipe asks them.
    """
    if not can_fork():
        yield {"TAAWUN_HOW": "-m taawun.build.run"}
        return
    from subprocess import DEVNULL, Popen

    env = env | {"PWD": str(folder)}
    (ask_step, steps), (ask_kernel, kernels) = (
        socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2)
    )
    command, given = (
        [sys.executable, "-m", "taawun.build.forkserver"],
        {"cwd": folder, "stdin": DEVNULL},
    )
    running = [
        Popen(
            [*command, "kernels", str(kernels.fileno())],
            env=env,
            pass_fds=[kernels.fileno()],
            **given,
        )
    ]
    for end in (steps, ask_kernel):
        end.set_inheritable(True)
    # The steps keep what is inherited, above all the lock of the build; and nobody but them can ask
    # for kernels.
    more = {
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "taawun-forked",
        "TAAWUN_KERNELS": str(ask_kernel.fileno()),
    }
    running.append(
        Popen([*command, "steps", str(steps.fileno())], env=env | more, close_fds=False, **given)
    )
    for end in (steps, ask_kernel, kernels):
        end.close()
    ask_step.set_inheritable(True)
    try:
        yield {
            "TAAWUN_HOW": "-S -m taawun.build.forkserver ask",
            "TAAWUN_STEPS": str(ask_step.fileno()),
        }
    finally:
        ask_step.close()
        for process in running:
            process.kill()
            process.wait()


def request(to: str, message: object) -> socket.socket:
    """Send a request to the process whose socket the environment names; the end at which to wait
    for the answer. Raises OSError if it is gone.
    """
    mine, theirs = socket.socketpair()
    with theirs, socket.socket(fileno=os.dup(int(os.environ[to]))) as requests:
        socket.send_fds(requests, [json.dumps(message).encode()], [1, 2, theirs.fileno()])
    return mine


def ask(step: str) -> int:
    """Have a step run and wait for its exit code; without a warm process run it here."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        answer = request("TAAWUN_STEPS", step)
        begun = answer.recv(1)
    except OSError:
        begun = b""
    if not begun:
        os.execv(sys.executable, [sys.executable, "-m", "taawun.build.run", step])
    if code := answer.recv(1):
        return code[0]
    print(f"{step} failed: it was killed, perhaps for want of memory", file=sys.stderr)
    return 1


def serve(requests: socket.socket, work) -> None:
    """Fork a process for each request, which does the work and ends: `work(message, where to
    answer)`. Returns when nobody can ask any more.
    """
    gc.freeze()  # what is there stays, and need not be looked through in every fork
    while True:
        message, files, *_ = socket.recv_fds(requests, LARGEST, 3)
        if not message:
            return
        if not os.fork():
            try:
                requests.close()
                for number, file in zip((1, 2), files):
                    os.dup2(file, number)
                    os.close(file)
                work(json.loads(message), socket.socket(fileno=files[2]))
            finally:
                os._exit(1)
        for file in files:
            os.close(file)
        _bury()


def _bury() -> None:
    """Take note of the processes that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def steps(requests: socket.socket) -> None:
    """The process that steps are forked from; it has printed a page, so that templates and fonts
    are ready.
    """
    from taawun.build import graph as inputs
    from taawun.build.files import digest

    read = {
        path.relative_to(inputs.ROOT).as_posix(): digest(path)
        for path in inputs.PACKAGE.rglob("*")
        if path.is_file()
    }
    from nbformat.v4 import new_markdown_cell, new_notebook

    import_module("IPython.paths")  # where kernels are looked for
    from taawun.build import run as step
    from taawun.export import TaawunHTMLExporter

    TaawunHTMLExporter().from_notebook_node(
        new_notebook(cells=[new_markdown_cell("# ا")]), {"metadata": {"name": "warm"}}
    )

    def work(name, answer):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        answer.send(b"!")
        answer.send(bytes([step.main(name, read)]))

    serve(requests, work)


def kernels(requests: socket.socket) -> None:
    """The process that kernels are forked from."""
    os.environ["MPLBACKEND"] = (
        "module://matplotlib_inline.backend_inline"  # a kernel chooses it before matplotlib asks
    )
    sys.modules["debugpy"] = None  # a tenth of a second for each kernel, and nobody debugs there
    builtins.get_ipython = lambda: SimpleNamespace(
        kernel=True
    )  # pandas asks at its import whether it is in a terminal
    for name in PACKAGES:
        import_module(name)
    del builtins.get_ipython
    for name in LOCALES.values():
        import_module("babel.localedata").load(name)
    from ipykernel.kernelapp import IPKernelApp
    from numpy import random

    def work(asked, answer):
        os.setsid()
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        # else all kernels would draw the same numbers, and look as if they were fixed
        random.seed()
        sys.argv = [
            *asked["argv"],
            f"--IPKernelApp.parent_handle={os.getppid()}",
        ]  # whose end is its own; ipykernel read it from the environment when it was imported
        kernel = IPKernelApp.instance()
        kernel.initialize(sys.argv[1:])
        del sys.modules["debugpy"]
        answer.send(str(os.getpid()).encode())
        answer.close()
        kernel.start()

    serve(requests, work)


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        sys.exit(ask(sys.argv[2]))
    sys.path.pop(0)  # the folder that it was started in: a kernel does the same
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for those who ask
    try:
        {"steps": steps, "kernels": kernels}[sys.argv[1]](socket.socket(fileno=int(sys.argv[2])))
    finally:
        os._exit(
            0
            # what went wrong here goes wrong again in the step or kernel that is started as
            # elsewhere,
            # and is told there
        )

"""`make watch`: what a saved file changes is built at once and shown, until Ctrl-C.

The edition in `build/watch` begins as a copy of the published one, which stays as it is. One page
is built, without its PDF, and served to this machine only; the warm processes stay between builds,
unless a module of the package changes.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from taawun.build import BuildError, graph, schedule
from taawun.build.files import in_project
from taawun.paths import PACKAGE, ROOT

PAUSE, REST = 0.03, 0.015  # seconds between two looks at the files, and that they have to rest
PATIENCE = 20  # seconds that a page waits for an answer before it asks again
SCRIPT = Path(__file__).with_name("watch.js").read_text(encoding="utf-8").strip()
KINDS = {".html": "text/html; charset=utf-8", ".pdf": "application/pdf"}
KINDS |= {".svg": "image/svg+xml", ".png": "image/png"}


class Shown:
    """What the browser is shown: a page of a folder, and what went wrong in the last build."""

    def __init__(self, folder: Path, page: str) -> None:
        self.folder, self.page, self.fault = folder, page, ""
        self.version, self.turned = time.time_ns(), Condition()

    def turn(self, fault: str) -> None:
        """Have the browser load the page anew."""
        with self.turned:
            self.fault, self.version = fault, time.time_ns()
            self.turned.notify_all()

    def after(self, version: str) -> str:
        """The version of the page, as soon as it is another one or the patience ends."""
        with self.turned:
            self.turned.wait_for(lambda: str(self.version) != version, PATIENCE)
            return str(self.version)

    def find(self, name: str) -> Path | None:
        """The file of a name, where a page finds it: in the folder, among the tables of its edition
        or what is published beside them; None if it lies, or only leads, elsewhere.
        """
        tables = name.removeprefix("data/processed/").removeprefix("processed/")
        places = {self.folder: name, self.folder.parent / "processed": tables}
        places |= {ROOT / "reports": name, ROOT / "data": name.removeprefix("data/")}
        for home, rest in places.items():
            path = home / rest
            with suppress(OSError, ValueError):  # a name that no file can have
                if path.resolve().is_relative_to(home.resolve()) and path.is_file():
                    return path
        return None

    def html(self, name: str) -> bytes:
        """A page with the script that reloads it, which its policy has to allow, and the fault."""
        version, now = self.version, self.fault  # before the page, which may be another meanwhile
        path = self.find(name)
        page = path.read_text(encoding="utf-8") if path else EMPTY
        own = f"connect-src 'self'; script-src 'sha256-{_hash(SCRIPT)}' "
        page = page.replace("script-src ", own, 1)
        fault = f'<pre role="alert" style="{STYLE}">{escape(now)}</pre>' if now else ""
        script = f'<script data-version="{version}">{SCRIPT}</script>'
        return f"{page}{fault}{script}".encode()


EMPTY = (
    '<!DOCTYPE html><meta name="viewport" content="width=device-width"><title>…</title><body>'
    "<p>This page is being built."
)
STYLE = (
    "position:fixed;inset:auto 0 0;margin:0;padding:1rem;max-height:50vh;overflow:auto;z-index:9;"
    "background:#7a1610;color:#fff;font:1rem/1.5 system-ui;white-space:pre-wrap"
)


def _hash(script: str) -> str:
    return b64encode(hashlib.sha256(script.encode()).digest()).decode()


class Handler(BaseHTTPRequestHandler):
    """Answers this machine, and only when it asks by its own name."""

    shown: Shown

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        name = unquote(address.path).lstrip("/") or self.shown.page
        host = self.headers.get("Host", "").partition(":")[0]
        if host not in ("127.0.0.1", "localhost"):
            self.send_error(403)
        elif name == "version":
            self._answer(self.shown.after(address.query).encode(), "text/plain")
        elif name == self.shown.page or (name.endswith(".html") and self.shown.find(name)):
            self._answer(self.shown.html(name), KINDS[".html"])
        elif path := self.shown.find(name):
            self._answer(path.read_bytes(), KINDS.get(path.suffix, "application/octet-stream"))
        else:
            self.send_error(404)

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: what was built is told, not what was asked."""


class Server(ThreadingHTTPServer):
    """Answers each browser in a thread, and does not mind one that goes away meanwhile."""

    daemon_threads = True

    def handle_error(self, *asking: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*asking)


def watch(edition: Path, goal: str, at_once: int, port: int) -> None:
    """Build a step whenever a file that it depends on is saved, and serve its page."""
    shown = Shown(edition / "reports", f"{goal}.html")
    (edition / "watched").write_text(goal, encoding="utf-8")
    handler = type("Answering", (Handler,), {"shown": shown})
    try:
        listening = Server(("127.0.0.1", port), handler)
    except OSError as error:
        why = f"nothing can listen on it ({error.strerror})"
        raise BuildError(f"PORT={port}: {why}; accepted: another, or none for any.") from None
    with listening as server, _errors() as told:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/"
            print(f"{address} shows {goal}; Ctrl-C ends it.", flush=True)
            while True:  # anew when a module of the package has changed, which they have loaded
                _serve(edition, goal, at_once, shown, told)
        finally:
            server.shutdown()


def _serve(edition: Path, goal: str, at_once: int, shown: Shown, told: Callable[[], str]) -> None:
    """Build with one set of warm processes until the package changes, which they have loaded."""
    with schedule.processes(edition) as start:
        before = _states(edition, goal, known={})
        while True:
            began = time.monotonic()
            steps = _build(edition, goal, at_once, start, shown)
            fault = told()
            if fault != shown.fault:
                shown.turn(fault)
            if steps or fault:
                what = f"{', '.join(steps)} in" if steps else "nothing built,"
                print(f"  {what} {time.monotonic() - began:.1f} s", flush=True)
            # On what a build depends now, and how that was before this one.
            now = _states(edition, goal, known=before)
            seen = {path: before.get(path, state) for path, state in now.items()}
            before = _saved(seen)
            if any(before[path] != seen[path] for path in seen if path.is_relative_to(PACKAGE)):
                return


def _build(
    edition: Path, goal: str, at_once: int, start: schedule.Start, shown: Shown
) -> list[str]:
    """Bring a step up to date, and show its page as soon as it is there; the steps that ran. What
    is wrong is written to standard error.
    """
    steps = []
    try:
        for step, _, code in schedule.bring_up_to_date(edition, [goal], at_once, start):
            steps.append(step)
            if step == goal and not code:
                shown.turn("")
            if code < 0:
                raise BuildError(f"{step} failed: {schedule.ended_by(-code)}")
    except (BuildError, OSError) as error:
        if not edition.is_dir():
            raise
        told = str(error)
        if isinstance(error, OSError) and error.filename:
            told = f"{in_project(Path(error.filename))}: {error.strerror}"
        print(told, file=sys.stderr, flush=True)
    return steps


State = dict[Path, tuple[int, ...]]


def _states(edition: Path, goal: str, known: State) -> State:
    """The state of each file that the step and those before it depend on, of the folders that these
    lie in, and of what was known before; of all that people type if a fault hides what it needs.
    """
    paths = {*graph.NOTEBOOKS.glob("*.ipynb"), *PACKAGE.rglob("*.py"), *known}
    try:
        graph.clear_caches()
        steps = graph.with_upstream([goal], graph.flow(edition))
        names = {name for step in steps for name in graph.inputs(step, edition)}
        paths |= {home / name for name in names for home in (ROOT, PACKAGE.parent)}
    except (BuildError, OSError):
        paths |= {*(ROOT / "data").rglob("*"), *(ROOT / "translations").rglob("*")}
    return {path: _state(path) for path in paths.union(*(path.parents[:1] for path in paths))}


def _state(path: Path) -> tuple[int, ...]:
    """When a file was written and when renamed or given rights, and its size; nothing for none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size


def _saved(seen: State) -> State:
    """How the files are as soon as one was saved and all are at rest."""
    before, now = seen, {path: _state(path) for path in seen}
    while now == seen or now != before:
        time.sleep(PAUSE if now == seen else REST)
        before, now = now, {path: _state(path) for path in seen}
    return now


@contextmanager
def _errors() -> Iterator[Callable[[], str]]:
    """Yields what says what this process and its children have written to standard error since it
    was asked last; it is shown there, too.
    """
    before = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)

        def told() -> str:
            kept.seek(read[0])
            new = kept.read()
            read[0] += len(new)
            os.write(before, new)
            return re.sub(r"\x1b\[[\d;]*m", "", new.decode(errors="replace")).strip()

        read = [0]
        try:
            yield told
        finally:
            told()
            os.dup2(before, 2)
            os.close(before)

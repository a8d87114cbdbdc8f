"""A saved file is built and shown at once, and the published edition stays as it is."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from taawun.build import watch

EXAMPLE = Path(__file__).parents[1] / "lighthouses"
PROGRAM = [sys.executable, "-E", "-s", "-m", "taawun.build"]
PATIENCE = 120  # seconds; a loaded machine is slow

pytestmark = pytest.mark.slow


class Watched:
    """A project that is watched: its folder, its process and its address."""

    def __init__(self, project, process, temporary):
        self.project, self.process, self.temporary = project, process, temporary
        (self.address,) = re.findall(r"http://\S+", process.stdout.readline())

    def get(self, name="", **headers):
        with urlopen(Request(self.address + name, headers=headers)) as answer:
            return answer.read().decode()

    def edit(self, name, old, new):
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def wait_for(self, holds):
        end = time.monotonic() + PATIENCE
        while not holds(page := self.get()):
            assert time.monotonic() < end, page[-2000:]
            time.sleep(0.1)
        return page


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    project = tmp_path_factory.mktemp("watch") / "lighthouses"
    made = shutil.ignore_patterns("build", "reports", "processed")
    shutil.copytree(EXAMPLE, project, ignore=made)
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment["TMPDIR"] = str(tmp_path_factory.mktemp("tmp"))
    told = {"cwd": project, "env": environment, "encoding": "utf-8"}
    built = subprocess.run([*PROGRAM, "report"], capture_output=True, timeout=300, **told)
    assert built.returncode == 0, built.stdout + built.stderr
    process = subprocess.Popen([*PROGRAM, "watch"], stdout=subprocess.PIPE, **told)
    yield Watched(project, process, Path(environment["TMPDIR"]))
    process.kill()


def files(folder):
    every = filter(Path.is_file, folder.rglob("*"))
    return {path.name: sha256(path.read_bytes()).digest() for path in every}


def test_an_edit_is_shown_and_a_fault_is_told_in_the_page(watched):
    published = files(watched.project / "reports")
    page = watched.get()
    assert '<pre role="alert"' not in page
    assert watched.get("01-read.html")
    assert f"script-src 'sha256-{watch._hash(watch.SCRIPT)}' 'sha256-" in page
    assert "connect-src 'self'" in page

    watched.edit("data/raw/figures.csv", "198 lighthouses in service", "197 lighthouses in service")
    page = watched.wait_for(lambda page: ">197<" in page)
    assert '<pre role="alert"' not in page

    watched.edit("data/raw/figures.csv", "197 lighthouses in service", "some lighthouses")
    page = watched.wait_for(lambda page: '<pre role="alert"' in page)
    assert "«some lighthouses»: it holds no number" in page
    assert ">197<" in page

    watched.edit("data/raw/figures.csv", "some lighthouses", "196 lighthouses in service")
    watched.wait_for(lambda page: ">196<" in page and '<pre role="alert"' not in page)

    watched.edit("notebooks/02-brief.ipynb", '"cells"', '"cels"')
    watched.wait_for(lambda page: "is no notebook of format 4" in page)
    watched.edit("notebooks/02-brief.ipynb", '"cels"', '"cells"')
    watched.wait_for(lambda page: '<pre role="alert"' not in page)
    version = re.search('data-version="([0-9]+)"', watched.get())[1]
    assert files(watched.project / "reports") == published
    with pytest.raises(HTTPError, match="403"):
        watched.get(Host="elsewhere.example")
    for name in ("nothing.html", "../edition.json", "%2e%2e/edition.json"):
        with pytest.raises(HTTPError, match="404"):
            watched.get(name)
    assert watched.get(f"version?{int(version) - 1}") == watched.get("version?0")


def test_a_file_that_was_gone_is_seen_again_and_what_a_page_leads_to_is_served(watched):
    figures = watched.project / "data/raw/figures.csv"
    kept = figures.rename(figures.with_name("kept"))
    watched.wait_for(lambda page: "there is no such file" in page)
    kept.rename(figures)
    watched.wait_for(lambda page: '<pre role="alert"' not in page)
    for name in ("data/processed/01-figures.csv", "data/dictionary.csv", "SHA256SUMS"):
        assert watched.get(name)


def test_a_name_that_no_file_can_have_and_a_browser_that_leaves_are_no_fault(watched):
    for name in ("%00", "x" * 300, "data/%2e%2e/pyproject.toml", "data/processed/../hand"):
        with pytest.raises(HTTPError, match="404"):
            watched.get(name)
    host, port = re.findall(r"//([^:]+):([0-9]+)", watched.address)[0]
    for _ in range(3):
        with socket.create_connection((host, int(port))) as browser:
            browser.sendall(b"GET /02-brief.en.pdf HTTP/1.1\r\nHost: localhost\r\n\r\n")
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    watched.edit("data/raw/figures.csv", "196 lighthouses in", "198 lighthouses in")
    assert '<pre role="alert"' not in watched.wait_for(lambda page: ">198<" in page)


def test_an_end_leaves_nothing(watched):
    published = files(watched.project / "reports")
    watched.process.send_signal(signal.SIGTERM)
    assert watched.process.wait(PATIENCE) == 0
    assert not (watched.project / "build/watch").exists()
    assert files(watched.project / "reports") == published
    assert list(watched.temporary.iterdir()) == []


@pytest.mark.parametrize("page", ["06-nothing", "02-brief.xx"])
def test_a_page_that_is_none_is_refused_with_those_that_there_are(watched, page):
    told = subprocess.run(
        [*PROGRAM, "watch", "PAGE"],
        cwd=watched.project,
        env={"PAGE": page},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert told.returncode == 1
    said = f"PAGE={page} is not accepted; accepted: one of 01-read, 02-brief.en, 02-brief.fr."
    assert said in told.stderr
    assert not (watched.project / "build/watch").exists()


@pytest.mark.parametrize("port", ["many", "70000", "taken"])
def test_a_port_that_cannot_be_had_is_refused_in_one_line(watched, port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = port.replace("taken", str(other.getsockname()[1]))
        told = subprocess.run(
            [*PROGRAM, "watch", "PORT"],
            cwd=watched.project,
            env={"PORT": port},
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
    assert told.returncode == 1
    assert re.fullmatch(rf"PORT={port}[: ][^\n]+; accepted: [^\n]+\n", told.stderr)
    assert not (watched.project / "build/watch").exists()

"""The project's environments, made from their locks: `.venv` for the report, `.lab` for JupyterLab,
`.dask` for the scheduler and the workers of a cluster, `build/ci-<name>` for each of the checks.

It runs before anything is installed: standard library only. An environment is taken as finished
only if the stamp, written last, names the same locks, Python and folder, and no file has gone
since.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from taawun.build.mutex import locked
from taawun.paths import ROOT

BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable
STAMP = "finished.json"
OWN_CACHE = ROOT / "build" / "uv-cache"
#: What .ci/run installs beside the report: groups of pyproject.toml, a lock each in .ci/.
CHECKS = ("lint", "browser", "readers", "provenance")
# The user's indexes, proxies and caches hold; what would change what is installed, or where, does
# not.
UNWANTED = (
    r"PYTHON\w*|VIRTUAL_ENV|CONDA_PREFIX|__PYVENV_LAUNCHER__"
    r"|PIP_(USER|TARGET|PREFIX|ROOT|PYTHON|REQUIRE_\w+|CONSTRAINT|NO_BINARY|ONLY_BINARY|DRY_RUN)"
    r"|UV_(SYSTEM_PYTHON|PYTHON\w*|TARGET|PREFIX|REQUIRE_HASHES|(BUILD_)?CONSTRAINT|OVERRIDE"
    r"|EXCLUDE\w*|NO_BINARY\w*|NO_BUILD\w*|COMPILE_BYTECODE|DRY_RUN|CONFIG_FILE)"
)
# No file of settings is read, in no folder; and what is installed here is not that of the cache: a
# change of it would be everywhere.
OURS = {
    "PIP_USER": "0",
    "PYTHONUTF8": "1",
    "PYTHONNOUSERSITE": "",
    "UV_NO_CONFIG": "1",
    "UV_LINK_MODE": "copy",
}
SHOWN = 5
ELSE = (
    "accepted: an active environment that was made or updated from environment.yml (conda env "
    "update -f environment.yml, conda activate taawun), or make without ENV"
)
FULL = "the disk is full; make room (about 1 GB)"
CAUSES = {  # what the installers print, and what it means
    r"contains the PATH separator": (
        f"the name of this folder, or of one above it, holds a {os.pathsep} and no environment can "
        f"be in there; rename it"
    ),
    r"No space left|os error 28|Errno 28|os error 112": FULL,
    r"(?i)hash(es)? mismatch|do not match the hashes": "a package differs from the one in the lock",
    r"no usable wheels|no wheels? with a matching|doesn't have a (source distribution or )?wheel": (
        "a package has no wheel for this system and this Python"
    ),
    r"(?i)dns error|error sending request|failed to fetch|connection|timed? ?out|no matching "
    r"distribution|network|not found in the (package registry|cache)|unable to find|proxy": (
        "the packages cannot be reached; check the connection, the proxy or the index in your pip "
        "settings"
    ),
}
# What pip calls the user's indexes, and uv.
INDEXES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
Installer = Callable[..., object]


class SetupFailed(Exception):
    """The environment could not be made; the message is one sentence for people."""


def main(what: str = "report") -> int:
    """Make what is asked for; 0, or 1 after one sentence on what went wrong.

    `check` makes nothing and says whether there is anything to make; `active` and `active-lab` make
    nothing either and look at the environment that they run in.
    """
    try:
        if what == "check":
            return 0 if is_whole(".venv", "requirements.txt") else 1
        if what == "active":
            return agree(_read("requirements.txt"))
        if what == "active-lab":
            return agree(_read("requirements.txt") + _read("requirements-lab.txt"))
        prepare(".venv", "requirements.txt", _finish_report)
        if what == "lab":
            prepare(".lab", "requirements-lab.txt", _finish_lab)
        if what == "dask":
            prepare(".dask", "requirements-dask.txt", _finish_report)
        if what in CHECKS:
            prepare(f"build/ci-{what}", f".ci/{what}.txt", _finish_check)
        return 0
    except KeyboardInterrupt:
        problem = "stopped; the next run starts over"
    except SetupFailed as failure:
        problem = str(failure)
    except OSError as error:
        problem = FULL if error.errno == 28 else str(error)
    print(f"Set-up failed: {problem}.", file=sys.stderr)
    return 1


def agree(lock: str) -> int:
    """Whether the environment of this Python has what the text of a lock names: 0, or SetupFailed
    with what it has instead.
    """
    try:
        from packaging.requirements import Requirement
    except ImportError:
        raise SetupFailed(f"{sys.prefix} has no packages; {ELSE}") from None
    lines = dict.fromkeys(line.rstrip(" \\") for line in re.findall(r"(?m)^\w.*", lock))
    others = []
    for package in map(Requirement, [*lines, "taawun"]):
        if not package.marker or package.marker.evaluate():
            try:
                has = version(package.name)
            except PackageNotFoundError:
                has = "missing"
            if has == "missing" or has not in package.specifier:
                others.append(f"{package.name} {has} ({package.specifier or '--editable .'})")
    if not others and not _is_ours():
        others = ["taawun of another folder (--editable .)"]
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        said = f"{sys.prefix} has other packages than the lock: {', '.join(others[:SHOWN])}{more}"
        raise SetupFailed(f"{said}; {ELSE}")
    return 0


def _is_ours() -> bool:
    """Whether the taawun of this Python is this folder's, and follows what is edited here."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    told = json.loads(distribution("taawun").read_text("direct_url.json") or "{}")
    folder = Path(url2pathname(urlsplit(told.get("url", "")).path))
    return bool(told.get("dir_info", {}).get("editable")) and folder.resolve() == ROOT.resolve()


def is_whole(folder: str, lock: str) -> bool:
    """Whether an environment is finished, made from its lock as it is now, with all its files."""
    try:
        stamp = json.loads(_read(f"{folder}/{STAMP}"))
    except (OSError, ValueError):
        return False
    is_current = stamp["key"] == _key(lock) and python_of(folder).exists()
    return is_current and _count(ROOT / folder) >= stamp["files"]


def prepare(folder: str, lock: str, finish: Callable[[str, Installer], None]) -> None:
    """Make the environment `folder` from the file `lock` unless it is there and whole;
    `finish(folder, uv)` does what remains to be done in it.
    """
    place = ROOT / folder
    waiting = "Another set-up is running in this folder; waiting for it."
    lock_file = ROOT / f"build/setup{folder.replace('/', '.')}.lock"
    with locked(str(lock_file), partial(print, waiting, flush=True)):
        if is_whole(folder, lock):
            return
        print(f"Setting up {folder} (once; fetches up to 150 MB)", flush=True)
        started = time.monotonic()
        # the stamp first: whatever happens now, nothing half-made looks finished
        _remove(place / STAMP)
        _remove(place)
        _install(folder, lock, finish)
        stamp = place / f"{STAMP}.new"
        stamp.write_text(
            json.dumps({"key": _key(lock), "files": _count(place) + 1}), encoding="utf-8"
        )
        stamp.replace(place / STAMP)
        print(f"  {folder:<14} ready{time.monotonic() - started:>42.1f} s", flush=True)


def python_of(folder: str) -> Path:
    """The interpreter of an environment of this project: `.venv` or `.lab`."""
    return ROOT / folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _key(lock: str) -> list[str]:
    """What an environment was made from: its lock, what the project says of itself, the Python, and
    the folder, which stands in its scripts.
    """
    return [_read(lock), _read("pyproject.toml"), sys.version, str(ROOT)]


def _count(folder: Path) -> int:
    """How many files an environment has, without what Python and the caches add later."""
    total, folders = 0, [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    total += 1
                elif entry.name not in ("__pycache__", ".cache"):
                    folders.append(entry.path)
    return total


def _install(folder: str, lock: str, finish: Callable[[str, Installer], None]) -> None:
    """An empty environment, uv into it with pip, everything else with uv."""
    python = str(
        python_of(folder).relative_to(ROOT)
    )  # as no name of a folder above is a fault then
    _run([BASE_PYTHON, "-P", "-m", "venv", "--without-pip", folder])
    pip = _pip(python)
    pins = ROOT / folder / "uv.txt"
    pin = re.search(r"(?m)^uv==.*\n(?: .*\n)+", _read("requirements.txt"))
    pins.write_text(pin[0] if pin else "uv", encoding="utf-8")
    strictly = ["--require-hashes", "--only-binary", ":all:", "-r"]
    quietly = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    indexes = _indexes(pip)
    _run([*pip, "install", *quietly, *strictly, f"{folder}/uv.txt"], _as_pip_takes_them(indexes))
    settings = _as_uv_takes_them(indexes) | _cache(python)
    progress = Progress()

    def uv(*arguments: str) -> None:
        command = [python, "-P", "-m", "uv", "pip", "install", "--python", python, *arguments]
        _run(command, settings, progress.tell)

    uv(*strictly, lock)
    finish(folder, uv)
    _remove(OWN_CACHE)


def _pip(python: str) -> list[str]:
    """How to call a pip that installs into the environment of a Python: the one that this Python
    has, or else the one that it can unpack.
    """
    pip = [BASE_PYTHON, "-P", "-m", "pip", "--python", python]
    try:
        if _run([*pip, "--version"]).startswith("pip "):
            return pip
    except SetupFailed:
        pass
    try:
        _run([python, "-P", "-m", "ensurepip", "--default-pip"])
    except SetupFailed:
        raise SetupFailed(
            f"{BASE_PYTHON} has neither pip nor ensurepip; install them (on Debian and Ubuntu: apt "
            f"install python3-pip)"
        ) from None
    return [python, "-P", "-m", "pip"]


def _indexes(pip: list[str]) -> dict[str, str]:
    """The indexes, proxies and certificates that the user gave to pip, as pip calls them."""
    said = _run([*pip, "config", "list"]).replace("\\n", " ")
    given = re.findall(r"(?m)^(?:global|install|:env:)\.([\w-]+)='(.*)'$", said)
    return {name: value for name, value in given if name in INDEXES}


def _as_pip_takes_them(indexes: dict[str, str]) -> dict[str, str]:
    """The indexes as pip's settings, and no other settings of the user's."""
    named = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in indexes.items()}
    return named | {"PIP_CONFIG_FILE": os.devnull}


def _as_uv_takes_them(indexes: dict[str, str]) -> dict[str, str]:
    """The indexes as uv's settings; uv's own win. pip looks in all indexes alike, and so must uv
    then (the hashes guard it).
    """
    settings = {"UV_INDEX_STRATEGY": os.environ.get("UV_INDEX_STRATEGY", "unsafe-best-match")}
    for name, value in indexes.items():
        if not os.environ.get(INDEXES[name]):
            settings[INDEXES[name]] = value
    if "UV_FIND_LINKS" in settings:
        settings["UV_FIND_LINKS"] = ",".join(settings["UV_FIND_LINKS"].split())
    return settings


def _cache(python: str) -> dict[str, str]:
    """Where uv keeps what it fetches, if it cannot keep it where it usually does."""
    import tempfile

    try:
        usual = Path(_run([python, "-P", "-m", "uv", "cache", "dir"]).strip())
        usual.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=usual).close()
    except (SetupFailed, OSError):
        return {"UV_CACHE_DIR": str(OWN_CACHE)}
    return {}


class Progress:
    """How far uv is: it announces each large package, and says when it is there."""

    def __init__(self) -> None:
        self.sizes: dict[str, float] = {}
        self.there = 0.0

    def tell(self, line: str) -> None:
        """Print what has been fetched, of all that is known of."""
        if found := re.match(r"Downloading (\S+) \(([\d.]+)MiB\)", line):
            self.sizes[found[1]] = float(found[2])
        elif (found := re.match(r" Downloaded (\S+)", line)) and found[1] in self.sizes:
            self.there += self.sizes[found[1]]
            done = f"{self.there:.0f} of {sum(self.sizes.values()):.0f} MB"
            print(f"  {found[1]:<14} fetched{done:>30}", flush=True)


def _run(
    command: list[str],
    more: dict[str, str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> str:
    """What a command prints, each line told as it comes; SetupFailed with the reason."""
    import subprocess  # here, as it is not needed to find that all is there

    env = {name: value for name, value in os.environ.items() if not re.fullmatch(UNWANTED, name)}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env | (more or {}) | OURS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as running:
        lines = []
        for line in running.stdout or ():
            lines.append(line)
            tell(line)
    text = "".join(lines)
    if running.returncode:
        log = ROOT / "build" / "setup.log"
        log.write_text(f"{' '.join(command)}\n{text}", encoding="utf-8")
        raise SetupFailed(f"{_cause(text)} (what the installer said: build/setup.log)")
    return text


def _cause(text: str) -> str:
    """What went wrong, in a sentence: what we know it means, or the installer's own words."""
    for pattern, meaning in CAUSES.items():
        if re.search(pattern, text):
            return meaning
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)error|caused by|[\w.]*Error:", line)]
    return ": ".join(["the installer says", *(errors or lines[-1:])[:3]]).rstrip(".")


def _finish_report(folder: str, uv: Installer) -> None:
    """The project itself, editable and without network, so that `taawun` and its exporters are
    found; and the kernel that notebooks ask for.
    """
    uv("--offline", "--no-deps", "--no-build-isolation", "--editable", ".")
    _write_kernel(folder, "python3", "Python 3 (ipykernel)")


def _finish_lab(folder: str, uv: Installer) -> None:
    """The same kernel, under our own name, too; and no question whether to fetch Jupyter's news."""
    _write_kernel(folder, "python3", "Python 3 (ipykernel)")
    _write_kernel(folder, "taawun", "Taawun")
    news = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    _write(f"{folder}/share/jupyter/lab/settings/overrides.json", news)


def _write_kernel(folder: str, name: str, shown: str) -> None:
    """A kernel that runs the report's Python; `python` is whichever asks for it. What ipykernel
    brings is not trusted: an earlier edition wrote through a link into uv's cache, and so into
    other projects.
    """
    python = "python" if folder == ".venv" else str(python_of(".venv"))
    start = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": shown, "language": "python"}
    _write(f"{folder}/share/jupyter/kernels/{name}/kernel.json", spec)


def _write(name: str, content: object) -> None:
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _finish_check(folder: str, uv: Installer) -> None:
    """What mypy looks at imports what the report does."""
    import sysconfig

    if folder.endswith("lint"):
        own, reports = (
            sysconfig.get_path("purelib", "venv", dict.fromkeys(("base", "platbase"), str(place)))
            for place in (ROOT / folder, ROOT / ".venv")
        )
        Path(own, "report.pth").write_text(f"{reports}\n", encoding="utf-8")


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _remove(path: Path) -> None:
    import shutil

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""Make the project's environments from their locks: `python3 tools/setup_env.py [check|lab]`.

It runs before anything is installed, and on any Python, since an old one has to be told so:
standard library only, no new syntax. An environment is taken as finished only if the stamp, written
last, names the same locks, Python and folder, and no file has gone since.
"""

from __future__ import print_function

import json
import os
import re
import sys
import time

if __name__ == "__main__":
    sys.path.pop(
        0
    )  # the folder of this script: its modules must not stand in for the standard library's
    if sys.version_info < (3, 11):
        sys.exit(
            "Taawun needs Python 3.11 or newer, and {} is {}.{}. Install a newer one, or name "
            "one you have: make report PYTHON=python3.12".format(
                sys.executable, *sys.version_info[:2]
            )
        )

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if ROOT not in sys.path:
    sys.path.append(ROOT)
from taawun.build.mutex import locked  # noqa: E402

BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable
# The user's settings for indexes, proxies and caches hold; what would change where or what is
# installed does not.
UNWANTED = re.compile(
    r"PYTHON\w*|VIRTUAL_ENV|CONDA_PREFIX|__PYVENV_LAUNCHER__|PIP_(USER|TARGET|PREFIX|ROOT|PYTHON|REQUIRE_\w+|CONSTRAINT|NO_BINARY|ONLY_BINARY|DRY_RUN)"
    r"|UV_(SYSTEM_PYTHON|PYTHON\w*|TARGET|PREFIX|REQUIRE_HASHES|(BUILD_)?CONSTRAINT|OVERRIDE|EXCLUDE\w*|NO_BINARY\w*|NO_BUILD\w*|COMPILE_BYTECODE|DRY_RUN)"
)
CAUSES = [  # what the installers print, and what it means
    (
        r"No space left|os error 28|Errno 28|os error 112",
        "the disk is full; make room (about 1 GB)",
    ),
    (
        r"(?i)hash(es)? mismatch|do not match the hashes",
        "a package differs from the one in the lock",
    ),
    (
        r"no usable wheels|no wheels? with a matching|doesn't have a (source distribution or "
        r")?wheel",
        "a package has no wheel for this system and this Python",
    ),
    (
        r"(?i)dns error|error sending request|failed to fetch|connection|timed? ?out|no "
        r"matching distribution|network|not found in the (package registry|cache)|"
        r"unable to find|proxy",
        "the packages cannot be reached; check the connection, the proxy or the index in your "
        "pip settings",
    ),
]


class SetupFailed(Exception):
    """The environment could not be made; the message is one sentence for people."""


def python_of(folder):
    """The interpreter of an environment of this project: `.venv` or `.lab`."""
    return os.path.join(
        ROOT,
        folder,
        "Scripts" if os.name == "nt" else "bin",
        "python.exe" if os.name == "nt" else "python",
    )


def prepare(folder, lock, finish):
    """Make the environment `folder` from the file `lock` unless it is there and whole;
    `finish(folder, run)` does what remains to be done in it.
    """
    place, stamp = os.path.join(ROOT, folder), os.path.join(ROOT, folder, "finished.json")
    with locked(
        os.path.join(ROOT, "build", "setup" + folder + ".lock"),
        "Another set-up is running in this folder; waiting for it.",
    ):
        if is_whole(folder, lock):
            return
        print("Setting up {} (once; fetches up to 300 MB)".format(folder), flush=True)
        started = time.time()
        for path in (
            stamp,
            place,
        ):  # the stamp first: whatever happens now, nothing half-made looks finished
            _remove(path)
        _install(folder, lock, finish)
        with open(stamp + ".new", "w") as file:
            json.dump({"key": _key(lock), "files": _count(place)}, file)
        os.replace(stamp + ".new", stamp)
        print("  {:<14} ready{:>42.1f} s".format(folder, time.time() - started), flush=True)


def is_whole(folder, lock):
    """Whether an environment is finished, made from the lock as it is now, and has all its files."""
    try:
        with open(os.path.join(ROOT, folder, "finished.json")) as file:
            found = json.load(file)
    except (OSError, ValueError):
        return False
    return (
        found["key"] == _key(lock)
        and os.path.exists(python_of(folder))
        and _count(os.path.join(ROOT, folder)) >= found["files"]
    )


def _key(lock):
    """What an environment was made from: its lock, what the project says of itself, the Python, and
    the folder, which stands in its scripts.
    """
    return [_read(lock), _read("pyproject.toml"), sys.version, ROOT]


def _count(folder):
    """How many files an environment has, without what Python and the caches add later."""
    total, folders = 0, [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    total += 1
                elif entry.name not in ("__pycache__", ".cache"):
                    folders.append(entry.path)
    return total


def _install(folder, lock, finish):
    """An empty environment, uv into it with pip, everything else with uv."""
    _run([BASE_PYTHON, "-m", "venv", "--without-pip", os.path.join(ROOT, folder)])
    pip = _pip(folder)
    pins = os.path.join(ROOT, folder, "uv.txt")
    with open(pins, "w") as file:
        file.write(re.search(r"(?m)^uv==.*\n(?: .*\n)+", _read("requirements.txt")).group())
    _run(
        pip
        + [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            pins,
        ]
    )
    index = _index_settings(pip)

    def uv(*arguments):
        _run(
            [python_of(folder), "-m", "uv", "pip", "install", "--python", python_of(folder)]
            + list(arguments),
            index,
        )

    uv("--require-hashes", "--only-binary", ":all:", "-r", os.path.join(ROOT, lock))
    finish(folder, uv)


def _pip(folder):
    """How to call a pip that installs into the environment: the one Python has, or else the one it
    can unpack.
    """
    try:
        text = _run([BASE_PYTHON, "-m", "pip", "--python", python_of(folder), "--version"])
        return (
            [BASE_PYTHON, "-m", "pip", "--python", python_of(folder)]
            if text.startswith("pip ")
            else None
        )
    except SetupFailed:
        pass
    try:
        _run([python_of(folder), "-m", "ensurepip", "--default-pip"])
    except SetupFailed:
        raise SetupFailed(
            "{} has neither pip nor ensurepip; install them (on Debian and Ubuntu: apt install "
            "python3-pip)".format(BASE_PYTHON)
        )
    return [python_of(folder), "-m", "pip"]


def _index_settings(pip):
    """The indexes that the user gave to pip, as uv's settings; uv's own win. pip looks in all
    indexes alike, and so must uv then (the hashes guard it).
    """
    config = dict(
        re.findall(
            r"(?m)^(?:global|install|:env:)\.([\w-]+)='(.*)'$",
            _run(pip + ["config", "list"]).replace("\\n", " "),
        )
    )
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "no-index": "UV_NO_INDEX",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
        "proxy": "ALL_PROXY",
    }
    found = {
        names[name]: value
        for name, value in config.items()
        if name in names and not os.environ.get(names[name])
    }
    if "UV_FIND_LINKS" in found:
        found["UV_FIND_LINKS"] = ",".join(found["UV_FIND_LINKS"].split())
    return dict(found, UV_INDEX_STRATEGY=os.environ.get("UV_INDEX_STRATEGY", "unsafe-best-match"))


def _run(command, more={}):
    """What a command prints; SetupFailed with its meaning if it fails."""
    import subprocess  # here, as it is not needed to find that all is there

    env = {name: value for name, value in os.environ.items() if not UNWANTED.fullmatch(name)}
    env.update(more, PIP_USER="0", PYTHONUTF8="1", PYTHONNOUSERSITE="")
    done = subprocess.run(
        command,
        cwd=os.path.join(ROOT, "build"),
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        with open(os.path.join(ROOT, "build", "setup.log"), "w", encoding="utf-8") as log:
            log.write(" ".join(command) + "\n" + text)
        cause = next(
            (meaning for pattern, meaning in CAUSES if re.search(pattern, text)),
            "{} failed".format(" ".join(command[1:4])),
        )
        raise SetupFailed("{} (what the installer said: build/setup.log)".format(cause))
    return text


def _finish_report(folder, uv):
    """The project itself, editable and without network, so that `taawun` and its exporters are
    found.
    """
    uv("--offline", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def _finish_lab(folder, uv):
    """Kernels that run the report's Python, under the name that the notebooks ask for and under our
    own.
    """
    for name, shown in (("python3", "Python 3 (ipykernel)"), ("taawun", "Taawun")):
        place = os.path.join(ROOT, folder, "share", "jupyter", "kernels", name)
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "kernel.json"), "w") as file:
            json.dump(
                {
                    "argv": [
                        python_of(".venv"),
                        "-m",
                        "ipykernel_launcher",
                        "-f",
                        "{connection_file}",
                    ],
                    "display_name": shown,
                    "language": "python",
                },
                file,
                indent=1,
            )


def _read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def _remove(path):
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def main(what="report"):
    """Make what is asked for; 0, or 1 after one sentence on what went wrong.

    `check` makes nothing and says whether there is anything to make.
    """
    try:
        if what == "check":
            return 0 if is_whole(".venv", "requirements.txt") else 1
        prepare(".venv", "requirements.txt", _finish_report)
        if what == "lab":
            prepare(".lab", "requirements-lab.txt", _finish_lab)
        return 0
    except KeyboardInterrupt:
        problem = "stopped; the next run starts over"
    except SetupFailed as failure:
        problem = str(failure)
    except OSError as error:
        problem = CAUSES[0][1] if error.errno == 28 else "{}".format(error)
    sys.stderr.write("Set-up failed: {}.\n".format(problem))
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

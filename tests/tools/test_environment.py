"""The environments: one lock, no index address, made whole or not at all, and errors in one
sentence.
"""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from taawun.paths import ROOT
from tools import environment, lock

REPORT, LAB, DASK = (ROOT / f"requirements{suffix}.txt" for suffix in ("", "-lab", "-dask"))
GROUPS = {"lab": LAB} | {group: ROOT / ".ci" / f"{group}.txt" for group in environment.CHECKS}
each = pytest.mark.parametrize("path", [REPORT, DASK, *GROUPS.values()], ids=lambda path: path.name)


def packages(path):
    return {
        re.match(r"[\w.-]+", line)[0]: line
        for line in path.read_text().splitlines()
        if re.match(r"\w", line)
    }


def normal(name):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


@each
def test_every_package_has_an_exact_version_and_hashes(path):
    blocks = re.split(r"(?m)^(?=\w)", path.read_text())[1:]
    for block in blocks:
        assert re.match(
            r"[\w.-]+==[\w.!+]+( ; [^\\\n]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+$", block
        ), block[:200]


@each
def test_no_address_in_the_lock(path):
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|@ ", path.read_text())


def test_the_lock_has_everything_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = (
        project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    )
    assert {normal(name) for name in wanted} <= set(packages(REPORT))
    extra = project["project"]["optional-dependencies"]["dask"]
    needed = project["project"]["dependencies"] + extra
    assert {normal(name) for name in needed} <= set(packages(DASK))
    assert set(project["dependency-groups"]) == set(GROUPS)
    for group, path in GROUPS.items():
        asked = {normal(name) for name in project["dependency-groups"][group]}
        assert asked <= set(packages(path)), f"run make lock: {path.name}"
    assert (
        packages(REPORT)["flit-core"].split()[0].replace("-", "_")
        == project["build-system"]["requires"][0]
    )


@pytest.mark.parametrize("path", [DASK, *GROUPS.values()], ids=lambda path: path.name)
def test_every_lock_agrees_with_the_reports(path):
    for name in set(packages(REPORT)) & set(packages(path)):
        assert packages(REPORT)[name].split()[0] == packages(path)[name].split()[0]


def test_the_report_does_not_carry_jupyterlab():
    assert not {"jupyterlab", "jupyter-server", "notebook", "arabic-reshaper", "python-bidi"} & set(
        packages(REPORT)
    )
    if os.path.realpath(sys.prefix) == os.path.realpath(ROOT / ".venv"):
        assert not [
            name for name in ("jupyterlab", "jupyter_server") if importlib.util.find_spec(name)
        ]


def test_conda_gets_the_versions_of_the_locks():
    text = (ROOT / "environment.yml").read_text()
    assert text == lock.conda(REPORT.read_text(), LAB.read_text()), "run make lock"
    for name in ("jupyter", "pandas", "matplotlib", "papermill", "nbconvert"):
        assert re.search(rf"(?m)^      - {name}==\S+$", text)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 0), (3, 10, 13)])
def test_an_old_python_is_told_so(version):
    tree = ast.parse((ROOT / "tools" / "setup_env.py").read_text(), feature_version=(3, 4))
    assert not [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.JoinedStr, ast.AnnAssign, ast.AsyncFunctionDef, ast.Nonlocal))
    ]
    code = (
        f"import sys, runpy; sys.version_info = {(*version, 'final', 0)}; "
        f"runpy.run_path('tools/setup_env.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Taawun needs Python 3.11 or newer")
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose installation makes three files; `project.fault` is raised after two."""
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text("version one\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)

    class Project:
        installed, fault, path = 0, None, tmp_path

        def install(self, folder, lock, finish):
            for number, name in enumerate(["bin/python", "Scripts/python.exe", "lib/pandas.py"]):
                if number == 2 and self.fault:
                    raise self.fault
                (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / folder / name).touch()
            self.installed += 1

    project = Project()
    monkeypatch.setattr(environment, "_install", project.install)
    return project


def test_a_second_run_installs_nothing(project):
    assert [environment.main(), environment.main(), environment.main("check")] == [0, 0, 0]
    assert project.installed == 1


@pytest.mark.parametrize("check", environment.CHECKS)
def test_a_check_has_an_environment_of_its_own_from_its_lock(project, check):
    (project.path / ".ci").mkdir()
    (project.path / f".ci/{check}.txt").write_text("version one\n")
    (project.path / f"build/ci-{check}").parent.mkdir(exist_ok=True)
    assert [environment.main(check), environment.main(check)] == [0, 0]
    assert project.installed == 2, "and the report's"
    assert environment.is_whole(f"build/ci-{check}", f".ci/{check}.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_reinstalls_and_a_touched_one_does_not(project, name):
    environment.main()
    (project.path / name).touch()
    environment.main()
    assert project.installed == 1
    (project.path / name).write_text("version two\n")
    assert environment.main("check") == 1
    environment.main()
    assert project.installed == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (environment.SetupFailed("no way"), "no way"),
        (KeyboardInterrupt(), "starts over"),
        (OSError(28, "No space left on device"), "disk is full"),
    ],
)
def test_what_was_not_finished_is_made_anew(project, capsys, fault, words):
    project.fault = fault
    assert environment.main() == 1
    assert words in capsys.readouterr().err
    project.fault = None
    assert environment.main("check") == 1
    assert environment.main() == 0
    assert project.installed == 1


def test_a_killed_installation_over_a_finished_one_is_made_anew(project):
    environment.main()
    (project.path / "requirements.txt").write_text("version two\n")
    project.fault = SystemExit()
    with pytest.raises(SystemExit):
        environment.main()
    project.fault = None
    (project.path / "requirements.txt").write_text("version one\n")
    assert environment.main() == 0
    assert project.installed == 2


@pytest.mark.parametrize("gone", ["lib/pandas.py", "finished.json"])
def test_a_half_deleted_environment_is_repaired(project, gone):
    environment.main()
    (project.path / ".venv" / gone).unlink()
    environment.main()
    assert project.installed == 2
    assert (project.path / ".venv" / gone).exists()


def test_a_damaged_stamp_is_not_believed(project):
    environment.main()
    (project.path / ".venv" / "finished.json").write_text('{"key"')
    environment.main()
    assert project.installed == 2


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        (
            "error: Request failed after 3 retries\n  Caused by: dns error: failed to lookup "
            "address information",
            "the packages cannot be reached",
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement uv\nERROR: No "
            "matching distribution found for uv==0.13.9",
            "the packages cannot be reached",
        ),
        (
            "Because pandas==3.1.1 has no wheels with a matching Python ABI tag",
            "no wheel for this system",
        ),
        ("Hash mismatch for `pandas==3.1.1`", "differs from the one in the lock"),
        (
            "Error: Refusing to create a venv in /a:b/.venv because it contains the PATH "
            "separator :.",
            "holds a : and no environment can be in there; rename it",
        ),
        (
            "error: Failed to initialize cache at `/none/uv`\n  Caused by: Permission denied",
            "the installer says: error: Failed to initialize cache at `/none/uv`: Caused by",
        ),
        ("one line\nand what was said last", "the installer says: and what was said last"),
    ],
)
def test_what_an_installer_says_becomes_one_sentence(project, said, meaning):
    (project.path / "build").mkdir()
    with pytest.raises(environment.SetupFailed, match=meaning) as failed:
        environment._run([sys.executable, "-c", f"import sys; sys.exit({said!r})"])
    assert "\n" not in str(failed.value)
    assert said in (project.path / "build" / "setup.log").read_text()


def test_the_users_settings_for_places_are_ignored_and_those_for_the_network_kept(
    project, monkeypatch
):
    (project.path / "build").mkdir()
    dropped = [
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "VIRTUAL_ENV",
        "PIP_TARGET",
        "PIP_REQUIRE_VIRTUALENV",
        "UV_SYSTEM_PYTHON",
        "UV_REQUIRE_HASHES",
        "UV_NO_BUILD",
        "UV_CONFIG_FILE",
    ]
    kept = ["HTTPS_PROXY", "PIP_INDEX_URL", "PIP_CERT", "UV_DEFAULT_INDEX", "UV_CACHE_DIR"]
    for name in dropped + kept:
        monkeypatch.setenv(name, "x")
    seen = json.loads(
        environment._run(
            [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
        )
    )
    assert not set(dropped) & set(seen)
    assert set(kept) <= set(seen)
    assert seen["PIP_USER"] == "0"
    assert seen["UV_NO_CONFIG"] == "1"
    assert seen["UV_LINK_MODE"] == "copy"


def test_pips_indexes_become_uvs_and_no_other_setting_of_pips_is_read(monkeypatch):
    printed = (
        "global.index-url='https://one.example/simple'\n:env:.find-links='/a /b'\n"
        "install.extra-index-url='https://two.example\\nhttps://three.example'\n"
        "global.timeout='9'\ninstall.target='/elsewhere'\n"
    )
    monkeypatch.setattr(environment, "_run", lambda command: printed)
    monkeypatch.setenv("UV_INDEX", "https://mine.example")
    for name in ("UV_DEFAULT_INDEX", "UV_FIND_LINKS", "UV_INDEX_STRATEGY"):
        monkeypatch.delenv(name, raising=False)
    indexes = environment._indexes(["pip"])
    assert environment._as_uv_takes_them(indexes) == {
        "UV_DEFAULT_INDEX": "https://one.example/simple",
        "UV_FIND_LINKS": "/a,/b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert environment._as_pip_takes_them(indexes) == {
        "PIP_INDEX_URL": "https://one.example/simple",
        "PIP_FIND_LINKS": "/a /b",
        "PIP_EXTRA_INDEX_URL": "https://two.example https://three.example",
        "PIP_CONFIG_FILE": os.devnull,
    }


@pytest.mark.parametrize("cannot", ["be made", "be written"])
def test_without_a_usual_cache_uv_has_one_of_its_own(project, monkeypatch, cannot):
    usual = project.path / "home" / "uv"
    monkeypatch.setattr(environment, "_run", lambda command: f"{usual}\n")
    assert environment._cache("python") == {}
    assert usual.is_dir()
    usual.rmdir()
    usual.parent.rmdir()
    if cannot == "be made":
        usual.parent.touch()
    else:
        usual.parent.mkdir()
        usual.symlink_to("/proc", target_is_directory=True)
    assert environment._cache("python") == {"UV_CACHE_DIR": str(environment.OWN_CACHE)}


@pytest.mark.parametrize("folder", [".venv", ".lab"])
def test_kernels_run_the_reports_python_whatever_a_cache_holds(project, folder):
    cached = project.path / "cached.json"
    cached.write_text('{"argv": ["/another/project/python"]}')
    spec = project.path / folder / "share/jupyter/kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.hardlink_to(cached)
    finish = {".venv": environment._finish_report, ".lab": environment._finish_lab}[folder]
    finish(folder, lambda *arguments: None)
    python = {".venv": "python", ".lab": str(environment.python_of(".venv"))}[folder]
    assert json.loads(spec.read_text())["argv"][0] == python
    assert "another" in cached.read_text(), "a cache is not written into"


def test_while_packages_are_fetched_it_is_said_how_far_it_is(capsys):
    progress = environment.Progress()
    for line in (
        "Resolved 94 packages in 2.08s",
        "Downloading pandas (11.8MiB)",
        "Downloading typst (32.5MiB)",
        " Downloaded pandas",
        " Downloaded none",
        " Downloaded typst",
        "Installed 94 packages in 2.76s",
    ):
        progress.tell(line)
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert told == [
        ["pandas", "fetched", "12", "of", "44", "MB"],
        ["typst", "fetched", "44", "of", "44", "MB"],
    ]


def test_lines_are_told_as_they_come(project):
    (project.path / "build").mkdir()
    told = []
    command = [sys.executable, "-c", "print('one'); print('two')"]
    assert environment._run(command, tell=told.append) == "one\ntwo\n"
    assert told == ["one\n", "two\n"]


@pytest.mark.exhaustive
@pytest.mark.slow
def test_an_environment_is_made_in_any_folder_whatever_the_settings_of_the_user(tmp_path):
    """With the real installers, in a folder of an odd name under a project of others."""
    above, home = tmp_path / "above", tmp_path / "home"
    place = above / "we\"ird $HOME #1 'q' \\ %s {x} `touch A` $(shell touch B) ;*"
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "tools", "taawun"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        place.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, place / name)
    stolen, nowhere = tmp_path / "stolen", 'index-url = "http://127.0.0.1:9/none"'
    files = {
        above / "pyproject.toml": f'[tool.uv]\nexclude-newer = "2000-01-01"\n{nowhere}\n',
        home / ".config/uv/uv.toml": f'exclude-newer = "2000-01-01"\n[pip]\ntarget = "{stolen}"\n',
        home / ".config/pip/pip.conf": f"[install]\ntarget = {stolen}\n",
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    env |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "PIP_TARGET": str(stolen)}
    done = subprocess.run(["make", "setup"], cwd=place, env=env, capture_output=True, text=True)
    if "cannot be reached" in done.stderr:
        pytest.skip("there is no network")
    assert done.returncode == 0, done.stderr
    assert not stolen.exists()
    assert not [path for path in tmp_path.rglob("*") if path.name in ("A", "B")]
    links = {path.stat().st_nlink for path in (place / ".venv").rglob("*.py")}
    assert links == {1}, "no file is shared with a cache"
    python = [place / ".venv/bin/python", "-c", "import pandas, taawun; print(taawun.__file__)"]
    kernel = json.loads((place / ".venv/share/jupyter/kernels/python3/kernel.json").read_text())
    assert kernel["argv"][0] == "python"
    shown = subprocess.run(python, cwd="/", capture_output=True, text=True, check=True)
    assert Path(shown.stdout.strip()).is_relative_to(place)


def test_one_holder_of_a_lock_at_a_time(tmp_path):
    code = """
import sys
from taawun.build.mutex import locked
with locked(sys.argv[1], lambda: print("waiting", flush=True)):
    print("held", flush=True)
    sys.stdin.read()
"""
    start = [sys.executable, "-c", code, str(tmp_path / "lock")]
    pipes = {"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(start, **pipes) as first:
        assert first.stdout.readline() == "held\n"
        with subprocess.Popen(start, **pipes) as second:
            assert second.stdout.readline() == "waiting\n"
            first.communicate()
            assert second.communicate()[0] == "held\n"


def test_the_active_environment_is_taken_if_it_has_what_the_lock_names(monkeypatch):
    has = {"taawun": "1.0.0", "one": "1.2"}
    monkeypatch.setattr(environment, "version", has.__getitem__)
    monkeypatch.setattr(environment, "PackageNotFoundError", KeyError)
    lock = 'one==1.2 \\\n    --hash=sha256:0\nnone==1 ; python_full_version < "3" \\\n'
    assert environment.agree(lock) == 0
    for name, found, said in (
        ("one", "1.3", r"one 1\.3 \(==1\.2\)"),
        ("taawun", None, "taawun missing"),
    ):
        monkeypatch.setitem(has, name, found) if found else monkeypatch.delitem(has, name)
        with pytest.raises(environment.SetupFailed, match=f"{said}(.|\n)*without ENV"):
            environment.agree(lock)


@pytest.mark.parametrize(
    ("told", "agrees"),
    [
        ({"url": ROOT.as_uri(), "dir_info": {"editable": True}}, True),
        ({"url": (ROOT / "elsewhere").as_uri(), "dir_info": {"editable": True}}, False),
        ({"url": ROOT.as_uri(), "dir_info": {}}, False),
        (None, False),
    ],
)
def test_the_active_environment_has_the_code_of_this_folder(monkeypatch, told, agrees):
    text = told and json.dumps(told)
    found = SimpleNamespace(read_text=lambda name: text if name == "direct_url.json" else None)
    monkeypatch.setattr(environment, "distribution", lambda name: found)
    if agrees:
        assert environment.agree("") == 0
    else:
        with pytest.raises(environment.SetupFailed, match="taawun of another folder"):
            environment.agree("")

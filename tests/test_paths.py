"""Which folder is the project, seen from wherever one is."""

import os
import subprocess
import sys

import pytest

from taawun.paths import PACKAGE, ROOT

SHOW = "from taawun.paths import PROCESSED, RAW, ROOT; print(ROOT, RAW, PROCESSED, sep='\\n')"


def folders(place, **env):
    """ROOT, RAW and PROCESSED as a process in a folder sees them."""
    users = {name: value for name, value in os.environ.items() if not name.startswith("TAAWUN_")}
    env = users | {"PYTHONPATH": str(PACKAGE.parent)} | env
    command = [sys.executable, "-c", SHOW]
    done = subprocess.run(command, cwd=place, env=env, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


@pytest.fixture
def project(tmp_path):
    for folder in ("notebooks", "data/raw", "data/hand/deep"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("place", [".", "notebooks", "data/hand/deep"])
def test_the_nearest_folder_with_notebooks_and_raw_data_is_the_project(project, place):
    expected = [project, project / "data/raw", project / "data/processed"]
    assert folders(project / place) == list(map(str, expected))


def test_the_environment_names_another(project):
    assert folders(PACKAGE, TAAWUN_ROOT=str(project))[0] == str(project)
    assert folders(project.parent, TAAWUN_ROOT=project.name)[0] == str(project)


@pytest.mark.parametrize("missing", ["notebooks", "data/raw"])
def test_elsewhere_the_project_is_where_the_package_lies(project, missing):
    (project / missing).rmdir()
    assert folders(project)[0] == str(PACKAGE.parent)


def test_here_it_is_this_one():
    assert PACKAGE.parent == ROOT

"""A notebook in a forked kernel shows what it shows in an ordinary one; what kernels and steps
leave behind, and what happens without them.
"""

import json
import os
import random
import re
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import pytest
from test_build import CLEAN, ENVIRONMENT, create, notebook

from taawun.build import forkserver
from taawun.export import TaawunHTMLExporter, html

pytestmark = pytest.mark.slow
PROBES = [
    # whether this kernel was forked: compared below, not between the two
    "import sys\nprint('pandas' in sys.modules)",
    "import pandas as pd\nwide = pd.DataFrame({f'a long heading {n}': [n, n / 3] for n in "
    "range(30)})\nwide",
    "print(wide)\nwide.describe().T.head(3)",
    "from pandas._config import config\n{name: (pd.get_option(name), option.defval) for name, "
    "option in config._registered_options.items() if name != 'display.encoding'}",
    "import matplotlib\nprint(matplotlib.get_backend())\ndict(matplotlib.rcParams)",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('inline');",
    "import warnings\nwarnings.warn('mind this')\nprint('to stderr', "
    "file=sys.stderr)\nprint([f[:3] for f in warnings.filters if f[1] is None])",
    "import logging\nlogging.getLogger('mine').warning('logged')\nlogging.getLogger().level, "
    "[type(h).__name__ for h in logging.getLogger().handlers]",
    "import os, subprocess\nos.system('echo from C')\nsubprocess.run(['echo', 'from a "
    "process'])\n!echo from a shell",
    "import asyncio\nawait asyncio.sleep(0)\nprint('awaited', "
    "type(asyncio.get_running_loop()).__name__)",
    "import multiprocessing, threading\nwith multiprocessing.Pool(2) as pool:\n    "
    "print(pool.map(abs, [-1, 2]))\nthread = threading.Thread(target=print, args=['in a "
    "thread'])\nthread.start(); thread.join()",
    "class Mine:\n    pass\nimport pickle\nprint(type(pickle.loads(pickle.dumps(Mine()))) is "
    "Mine, __name__, sys.modules['__main__'].__dict__ is globals())",
    "import decimal, locale, signal, gc\nprint(decimal.getcontext(), locale.getlocale(), "
    "[signal.getsignal(n) for n in (2, 13, 15, 17)], gc.isenabled(), gc.get_threshold(), "
    "sys.getrecursionlimit(), __import__('numpy').geterr())",
    "print(sys.flags, len(sys.path), sys.path[0] == os.environ['PYTHONPATH'], os.getcwd() == "
    "os.environ['PWD'], os.umask(18), sys.argv[1])",
    "print(sorted(name for name in os.environ if not name.startswith(('MAKE', 'MFLAGS', "
    "'TAAWUN_', 'JPY_', 'JUPYTER_DEFAULT', 'FORK', 'PYTHONDONT', 'PYDEVD'))))",
    "from IPython import get_ipython\nshell = get_ipython()\nprint(type(shell).__name__, "
    "shell.colors, sorted(shell.display_formatter.formatters), shell.events.callbacks.keys(), "
    "shell.history_manager.hist_file)",
    "import datetime, time\nprint(time.tzname, datetime.date(2026, 1, 19).strftime('%A'), "
    "sys.displayhook.__class__.__name__, os.path.exists('/dev/stdin') and sys.__stdin__.read())",
]


def built(place, cells, *arguments, **env):
    """A project whose first notebook has these cells, built; the notebook as it was executed, and
    what was said.
    """
    project = create(place)
    notebook(
        project.path / "notebooks/01-clean.ipynb",
        "What was said?",
        [CLEAN[0], *cells, "\n".join(CLEAN[1:])],
    )
    _, said, code = project.make("01-clean", *arguments, **env)
    executed = project.path / "build/published/notebooks/01-clean.ipynb"
    return (nbformat.read(executed, 4) if executed.exists() else None), said, code


def outputs(executed):
    """The outputs of the cells between the parameters and the set-up."""
    return [
        json.dumps(cell.outputs, ensure_ascii=False)
        for cell in executed.cells
        if cell.cell_type == "code"
    ][1:-1]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The outputs of the probes in a forked kernel, in another, and in an ordinary one."""
    runs = {}
    for name, arguments in (("forked", []), ("again", []), ("ordinary", ["FORK=no"])):
        executed, said, code = built(tmp_path_factory.mktemp(name) / "project", PROBES, *arguments)
        assert code == 0, said
        runs[name] = outputs(executed)
    return runs


def test_the_kernel_was_forked_where_that_is_possible(shown):
    assert [("True" in shown[name][0]) for name in ("forked", "again", "ordinary")] == [
        forkserver.can_fork(),
        forkserver.can_fork(),
        False,
    ]


def test_unseeded_numbers_are_not_the_same_in_every_kernel(tmp_path):
    project = create(tmp_path / "project")
    project.edit(
        "notebooks/05-brief.ipynb",
        "print(total,",
        "import random, uuid\\nfrom numpy.random import rand\\nprint('drawn', rand(), "
        "random.random(), uuid.uuid4(), 'drawn')\\nprint(total,",
    )
    assert project.make("report")[2] == 0
    drawn = [
        number
        for name in ("en", "fr")
        for number in re.search(
            b"drawn (.*) drawn", project.published()[f"reports/05-brief.{name}.html"]
        )[1].split()
    ]
    assert len(set(drawn)) == len(drawn) == 6


@pytest.mark.parametrize(
    "number", range(1, len(PROBES)), ids=lambda number: PROBES[number].partition("\n")[0]
)
def test_every_other_output_is_that_of_an_ordinary_kernel(shown, number):
    assert json.loads(shown["ordinary"][number])
    assert shown["forked"][number] == shown["ordinary"][number]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import os\nos._exit(3)", "Kernel died"),
    ],
)
def test_errors_are_told_alike(tmp_path, cell, words):
    told = [
        re.sub(r"[\d.]+ s", "", built(tmp_path / name, [cell], *arguments)[1])
        for name, arguments in (("forked", []), ("ordinary", ["FORK=no"]))
    ]
    assert words in told[0]
    assert told[0] == told[1]
    assert "Traceback" not in told[0]


def read(path):
    return Path(path).read_text(encoding="utf-8")


def stat(number):
    """The state of a process, the number of its parent, and so on."""
    return read(f"/proc/{number}/stat").rpartition(")")[2].split()


@pytest.mark.skipif(not forkserver.can_fork(), reason="there are no warm processes on this system")
class TestProcesses:
    """What becomes of the processes behind a build."""

    @staticmethod
    def of(place):
        """The processes that run in a folder, by number, with their command lines."""
        found = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{entry}/cwd").startswith(str(place)):
                    found[int(entry)] = read(f"/proc/{entry}/cmdline").replace("\0", " ")
            except OSError:
                pass
        return found

    @staticmethod
    def gone(place, seconds=15):
        """Whether no process is left in a folder before long."""
        until = time.monotonic() + seconds
        while (left := TestProcesses.of(place)) and time.monotonic() < until:
            time.sleep(0.1)
        return left or True

    @contextmanager
    def sleeping(self, place, *arguments, **options):
        """A project whose first notebook sleeps, and its build once it does."""
        project = create(place)
        notebook(
            project.path / "notebooks/01-clean.ipynb",
            "What was said?",
            [CLEAN[0], "open('asleep', 'w').close()\nimport time\ntime.sleep(3000)", *CLEAN[1:]],
        )
        build = subprocess.Popen(
            ["make", "report", *arguments],
            cwd=project.path,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **options,
        )
        while not (project.path / "build/published/asleep").exists():
            assert build.poll() is None, build.communicate()[0]
            time.sleep(0.05)
        yield project, build
        for number in self.of(project.path):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        build.wait()

    @pytest.fixture
    def asleep(self, tmp_path):
        with self.sleeping(tmp_path / "project") as both:
            yield both

    @pytest.fixture(params=["FORK=yes", "FORK=no"])
    def either(self, request, tmp_path):
        """The same, forked and not."""
        with self.sleeping(tmp_path / "project", request.param) as both:
            yield both

    def kill(self, place, what, number=signal.SIGKILL):
        """Send a signal to a process behind a build, by what it is."""
        commands = self.of(place)
        parents = {number: int(stat(number)[1]) for number in commands}
        build = next(pid for pid in commands if "-m taawun.build report" in commands[pid])
        servers = {
            name: pid
            for name in ("steps", "kernels")
            for pid in commands
            if f"taawun.build.forkserver {name}" in commands[pid] and parents[pid] == build
        }
        found = {
            "make": [pid for pid in commands if commands[pid].startswith("make ")],
            "build": [build],
            "server of steps": [servers.get("steps")],
            "server of kernels": [servers.get("kernels")],
            "step": [
                pid
                for pid in commands
                if parents[pid] == servers.get("steps") or "taawun.build.run" in commands[pid]
            ],
            "kernel": [
                pid
                for pid in commands
                if parents[pid] == servers.get("kernels") or "ipykernel_launcher" in commands[pid]
            ],
        }[what]
        assert found
        for pid in found:
            os.kill(pid, number)
            while number == signal.SIGSTOP and stat(pid)[0] != "T":
                time.sleep(0.01)

    def next_build_waits(self, project):
        """Whether a second build says that it waits for another."""
        with subprocess.Popen(
            ["make", "report"],
            cwd=project.path,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as second:
            said = second.stdout.readline()
            os.killpg(second.pid, signal.SIGKILL)
            second.communicate()
        return said == "Another build is running in this folder; waiting for it.\n"

    @pytest.mark.parametrize(
        ("what", "words"),
        [
            ("step", "01-clean failed: it was killed, perhaps for want of memory\n"),
            ("kernel", "01-clean failed: cell 3:\nthe kernel died: it was killed, perhaps"),
        ],
    )
    def test_a_killed_step_or_kernel_ends_the_build_at_once_with_a_sentence(
        self, either, what, words
    ):
        project, build = either
        self.kill(project.path, what)
        started = time.monotonic()
        said = build.communicate(timeout=10)[0]
        assert time.monotonic() - started < 5
        assert build.returncode == 2
        assert words in said
        assert "Stopped. The reports of the last complete build are as they were." in said
        assert "Traceback" not in said
        assert self.gone(project.path, 5) is True
        assert not self.next_build_waits(project)

    def test_a_signal_that_ended_a_step_is_named(self, tmp_path):
        with self.sleeping(tmp_path / "project", "FORK=no") as (project, build):
            self.kill(project.path, "step", signal.SIGSEGV)
            assert "01-clean failed: SIGSEGV ended it\n" in build.communicate(timeout=10)[0]

    def test_a_build_ends_with_the_make_that_called_it(self, either):
        project, build = either
        self.kill(project.path, "make")
        assert "make was killed, and with it this build." in build.communicate(timeout=10)[0]
        assert self.gone(project.path, 5) is True
        assert not self.next_build_waits(project)

    @pytest.mark.parametrize("what", ["build", "server of kernels"])
    def test_no_process_outlives_what_it_works_for(self, asleep, what):
        project, build = asleep
        self.kill(project.path, what)
        said = build.communicate(timeout=10)[0]
        assert build.returncode == 2
        assert re.search("Killed|01-clean failed: ", said)
        assert self.gone(project.path, 5) is True
        assert not self.next_build_waits(project)

    def test_a_step_that_is_not_forked_ends_with_its_build(self, tmp_path):
        with self.sleeping(tmp_path / "project", "FORK=no") as (project, build):
            self.kill(project.path, "build")
            assert "Killed" in build.communicate(timeout=10)[0]
            assert self.gone(project.path, 5) is True

    @pytest.mark.parametrize("fork", ["FORK=yes", "FORK=no"])
    def test_where_ctrl_c_is_ignored_a_build_goes_on(self, tmp_path, fork):
        """As under nohup, and where a script starts it in the background."""
        ignored = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)}
        with self.sleeping(tmp_path / "project", fork, **ignored) as (project, build):
            os.killpg(build.pid, signal.SIGINT)
            with pytest.raises(subprocess.TimeoutExpired):
                build.wait(timeout=2)
            self.kill(project.path, "step")
            assert "it was killed" in build.communicate(timeout=10)[0]
            assert self.gone(project.path, 5) is True

    @pytest.mark.exhaustive
    @pytest.mark.parametrize("fork", ["FORK=yes", "FORK=no"])
    def test_any_process_may_be_killed_at_any_moment(self, tmp_path, fork):
        project = create(tmp_path / "project")
        started = time.monotonic()
        assert project.make("report", fork)[2] == 0
        lasts, expected = time.monotonic() - started, {}
        for number in range(30):
            value = "2" * (1 + number % 2)
            table = project.path / "data/raw/numbers.csv"
            table.write_text(f"name,value\none,1\ntwo,{value}\n")
            build = subprocess.Popen(
                ["make", "report", fork],
                cwd=project.path,
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            time.sleep(lasts * (number + random.random()) / 30)
            commands = self.of(project.path) or {build.pid: "make "}
            victim = random.choice(list(commands))
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            told = f"{number}: {commands[victim]}"
            killed = time.monotonic()
            said = build.communicate(timeout=60)[0]
            assert build.returncode == 0 or time.monotonic() - killed < 10, told
            assert self.gone(project.path, 10) is True, told
            words = "Killed|failed: |Done in|Nothing to do|make was killed"
            assert re.search(words, said), told + said
            assert "Traceback" not in said, told + said
            _, said, code = project.make("report", fork)
            assert code == 0, told + said
            published = project.published()
            assert expected.setdefault(value, published) == published, told

    def test_ctrl_c_ends_everything_and_says_so(self, either):
        project, build = either
        os.killpg(build.pid, signal.SIGINT)
        said = build.communicate()[0]
        assert self.gone(project.path) is True
        assert "Stopped. The reports of the last complete build are as they were." in said
        assert "Traceback" not in said
        assert "was killed" not in said
        assert "failed" not in said

    def test_kill_9_of_the_group_leaves_nothing(self, either):
        project, build = either
        os.killpg(build.pid, signal.SIGKILL)
        assert self.gone(project.path) is True

    def test_what_is_forked_from_has_one_thread(self, asleep):
        commands = self.of(asleep[0].path)
        parents = {number: int(stat(number)[1]) for number in commands}
        warm = [
            number
            for number, command in commands.items()
            if re.search("taawun.build.forkserver (steps|kernels)", command)
            and "-m taawun.build report" in commands.get(parents[number], "")
        ]
        assert [len(os.listdir(f"/proc/{number}/task")) for number in warm] == [1, 1], (
            "a thread would not be there in the fork, and what it holds would stay locked"
        )

    def test_a_step_that_outlives_its_build_is_waited_for(self, asleep):
        project, build = asleep
        self.kill(project.path, "step", signal.SIGSTOP)  # it does not see that the build is gone
        self.kill(project.path, "build")
        build.wait()
        assert self.next_build_waits(project)

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("taawun.build.forkserver kernels", "01-clean failed: "),
            ("taawun.build.forkserver steps", "01-clean failed: it was killed"),
        ],
    )
    def test_a_lost_process_is_told(self, asleep, name, words):
        project, build = asleep
        for number, command in self.of(project.path).items():
            if name in command:  # what was forked from it looks the same
                os.kill(number, signal.SIGKILL)
        assert words in build.communicate()[0]
        assert self.gone(project.path) is True


@pytest.mark.parametrize(
    "line",
    ["    from taawun.build import graph\n", "    from numpy import random\n"],
    ids=["steps", "kernels"],
)
@pytest.mark.parametrize("fault", ["import nothing_of_the_kind\n", "import os; os._exit(9)\n"])
def test_without_warm_processes_all_start_as_elsewhere(tmp_path, line, fault):
    project = create(tmp_path / "project")
    project.edit("taawun/build/forkserver.py", line, f"    exec({fault!r})\n")
    ran, said, code = project.make("report")
    assert code == 0, said
    assert ran == {"01-clean", "05-brief.en", "05-brief.fr"}


def test_code_that_changes_while_a_build_runs_is_not_taken_for_what_ran(tmp_path):
    project = create(tmp_path / "project")
    notebook(
        project.path / "notebooks/01-clean.ipynb",
        "What was said?",
        [
            *CLEAN[:2],
            "from pathlib import Path\nPath('running').touch()\nimport time\ntime.sleep(2)",
            *CLEAN[2:],
        ],
    )
    build = subprocess.Popen(
        ["make", "report"], cwd=project.path, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    while not (project.path / "build/published/running").exists():
        time.sleep(0.05)
    project.edit("taawun/export/__init__.py", "<p>", "<p>new ")
    said = build.communicate()[0]
    assert build.returncode == 0, said
    pages = [name for name in project.published() if name.endswith((".html", ".pdf"))]
    assert all(project.published()[name].startswith(b"<p>new ") for name in pages)


def test_the_page_that_warms_the_steps_is_printed_with_the_scripts_of_a_brief():
    html.script.cache_clear()
    page, _ = TaawunHTMLExporter().from_notebook_node(forkserver.warming(), {"metadata": {}})
    assert 'id="ledger"' in page
    assert 'id="what-if"' in page
    assert html.script.cache_info().currsize >= len(["cards.js", "whatif.js"])

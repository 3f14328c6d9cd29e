"""Tests that are loaded once and run many times, each time with another fault in the code.

The functions of a changed module are given their changed code in a fork of the process that has
everything loaded; what ran while loading is put into a process that has not yet loaded it.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.util
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from bench.records.changes import Change, changed

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 150
BUDGET = 45
"""Seconds of tests at most for one fault: the fastest of those that ran the statement."""
ARGUMENTS = ["-x", "-q", "-p", "no:cacheprovider", "--reuse-db"]
Drawn = list[tuple[str, Change]]
Key = tuple[str, str, int]


def preload() -> None:
    """Load what is not ours, once for every fork."""
    for name in ("pytest", "django.test", "django.db.models", "numpy", "yaml"):
        __import__(name)
    for name in ("rfc8785", "cryptography.x509", "pyhanko.sign", "coverage", "orjson", "pydantic"):
        __import__(name)


def session(tests: list[str], files: list[str], drawn: Drawn, result: Path) -> int:
    """Load the tests, run them on unchanged code, then run every fault that can be put in."""
    import coverage
    import pytest

    cover = coverage.Coverage(
        data_file=None, include=[str(ROOT / f) for f in files], config_file=False
    )
    cover.start()
    cover.switch_context("loading")
    plugin = Loaded(cover, files, drawn, result)
    return int(pytest.main([*ARGUMENTS, *tests], plugins=[plugin]))


def fresh(file: str, change: Change, tests: list[str], failing: list[str]) -> int:
    """Run tests in this process, which has not yet loaded `file`, with the fault in it: the given
    ones in their order, after those that nobody knows of."""
    import pytest

    limit(40)
    sys.meta_path.insert(0, _Finder(file, change))
    places = sorted({test.split("::")[0] for test in tests})
    return int(pytest.main([*ARGUMENTS, *places], plugins=[_Ordered(tests, failing)]))


def limit(seconds: float) -> None:
    """End this process, as one that runs on, when it has had so much of the processor's time."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def end(work: Callable[[], int]) -> str:
    """Return what became of a fault, given the work of testing it."""
    ended = apart(work, SECONDS)
    if ended == 0:
        return "survived"
    return "timeout" if ended in (None, -signal.SIGPROF) else "killed"


def apart(work: Callable[[], int], seconds: float) -> int | None:
    """Run `work` in a fork with its own process group; return its exit code, None out of time."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            if not os.environ.get("MUTANTS_LOUD"):
                silent = os.open(os.devnull, os.O_WRONLY)
                os.dup2(silent, 1)
                os.dup2(silent, 2)
            code = work()
        except BaseException:
            traceback.print_exc()
            os._exit(70)
        os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _end_group(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _end_group(child: int) -> None:
    """End what a fork has left behind."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return


class _Quick:
    """Hypothesis looks for a failure; nobody reads its smallest example."""

    def pytest_sessionstart(self) -> None:
        from hypothesis import Phase, settings

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", settings.get_profile("openqmm"), phases=phases)
        settings.load_profile("mutants")


class _Ordered(_Quick):
    """The tests that are to notice, in the order they are given in, as long as there is time."""

    def __init__(self, tests: list[str], failing: list[str]) -> None:
        self.tests = {test: number for number, test in enumerate(tests)}
        self.failing = set(failing)
        self.until = time.monotonic() + BUDGET

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        limit(0)
        items[:] = sorted(
            (item for item in items if item.nodeid not in self.failing),
            key=lambda item: self.tests.get(item.nodeid, -1),
        )

    def pytest_runtest_setup(self, item: Any) -> None:
        if time.monotonic() > self.until:
            os._exit(0)
        limit(20)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, file: str, change: Change) -> None:
        parts = Path(file).relative_to("src").with_suffix("").parts
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.path, self.change = ROOT / file, change

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> Any:
        if name != self.name:
            return None
        found, change = self.path, self.change

        class Loader(SourceFileLoader):
            def get_code(self, fullname: str) -> CodeType:
                tree = changed(found.read_text("utf-8"), change)
                return compile(tree, str(found), "exec")

        return importlib.util.spec_from_file_location(name, found, loader=Loader(name, str(found)))


class Loaded(_Quick):
    """Runs the loaded tests many times over, each time in a fork."""

    def __init__(self, cover: Any, files: list[str], drawn: Drawn, result: Path) -> None:
        self.cover, self.files, self.drawn, self.result = cover, files, drawn, result
        self.failed: set[str] = set()
        self.seconds: dict[str, float] = defaultdict(float)
        self.stop = False
        self.database: Path | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and self.stop:
            os._exit(1)
        if report.failed:
            self.failed.add(report.nodeid)
        self.seconds[report.nodeid] += report.duration

    def pytest_runtestloop(self, session: Any) -> bool:
        self.session = session
        at_loading = self._lines()
        self.cover.switch_context("preparing")
        self._prepare(session)
        known = self.result.with_suffix(".lines")
        apart(lambda: self._unchanged(known), 3600)
        seen = json.loads(known.read_text("utf-8"))
        self.seconds.update(seen["seconds"])
        self.cover.stop()
        functions = _functions({str(ROOT / file) for file in self.files})
        told = []
        for file, change in self.drawn:
            one = {"file": file, "line": change.lines[0], "site": change.site, "what": change.what}
            one["tests"] = _seeing(seen["lines"].get(file, {}), change.lines, seen["order"])
            began = time.monotonic()
            loading = set(at_loading.get(file, {})) & set(map(str, _span(change.lines)))
            swap = None if loading else _swapped(ROOT / file, change, functions)
            if swap is None:
                sees = _seeing(seen["lines"].get(file, {}), (1, 10**6), seen["order"])
                one["tests"] = list(dict.fromkeys([*sees, *seen["order"]]))
                one["end"], one["failing"] = "fresh", seen["failing"]
            else:
                one["end"] = end(lambda s=swap, o=one: self._fault(s, o["tests"]))
            one["seconds"] = round(time.monotonic() - began, 1)
            told.append(one)
            self.result.write_text(json.dumps(told), "utf-8")
        return True

    def _prepare(self, session: Any) -> None:
        """Set up what all tests share: run one that uses the database, and little else. Threads
        that it started would be missing in every fork."""
        using = [item for item in session.items if "_django_db_helper" in item.fixturenames]
        for item in sorted(using, key=lambda item: len(item.fixturenames))[:1]:
            self._run(item)
            from django.db import connections

            connections.close_all()
            name = Path(str(connections["default"].settings_dict["NAME"]))
            if name.is_absolute() and name.exists():
                self.database = name
                shutil.copy(name, name.with_suffix(".pristine"))

    def _run(self, item: Any) -> None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=_Between(self.session))

    def _renew(self) -> None:
        """Let every fork find the database as it was made."""
        if self.database:
            for end in ("-wal", "-shm", "-journal"):
                Path(f"{self.database}{end}").unlink(missing_ok=True)
            shutil.copy(self.database.with_suffix(".pristine"), self.database)

    def _unchanged(self, known: Path) -> int:
        self._renew()
        for item in self.session.items:
            self.cover.switch_context(item.nodeid)
            self._run(item)
        lines = self._lines()
        names = [i for i in self.session.items if i.nodeid not in self.failed]
        late = {"transactional_db", "live_server"}
        names.sort(key=lambda i: (bool(late & set(i.fixturenames)), self.seconds[i.nodeid]))
        order = [item.nodeid for item in names]
        told = {"lines": lines, "order": order, "failing": sorted(self.failed)}
        told["seconds"] = self.seconds
        known.write_text(json.dumps(told), "utf-8")
        return 0

    def _lines(self) -> dict[str, dict[str, list[str]]]:
        data = self.cover.get_data()
        return {
            file: {str(n): who for n, who in data.contexts_by_lineno(str(ROOT / file)).items()}
            for file in self.files
        }

    def _fault(self, swap: list[tuple[FunctionType, CodeType]], tests: list[str]) -> int:
        self._renew()
        for function, code in swap:
            function.__code__ = code
        self.stop = True
        until = time.monotonic() + BUDGET
        items = {item.nodeid: item for item in self.session.items}
        for test in tests:
            if time.monotonic() < until:
                limit(2 + 3 * self.seconds[test])
                self._run(items[test])
        return 0


class _Between:
    """What comes after a test when nobody knows: only what the whole session shares is kept."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def listchain(self) -> list[Any]:
        return [self.session]


def _span(lines: tuple[int, int]) -> range:
    return range(lines[0], lines[1] + 1)


def _seeing(seen: dict[str, list[str]], lines: tuple[int, int], order: list[str]) -> list[str]:
    """Return the tests that ran any of these lines, in the order to run them in."""
    who = {
        test
        for number, tests in seen.items()
        if lines[0] <= int(number) <= lines[1]
        for test in tests
    }
    return [test for test in order if test in who]


def _codes(code: CodeType) -> Iterator[tuple[Key, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield (code.co_filename, constant.co_qualname, constant.co_firstlineno), constant
            yield from _codes(constant)


def _functions(files: set[str]) -> dict[Key, list[FunctionType]]:
    found: dict[Key, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in files:
            code = thing.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(thing)
    return found


def _swapped(
    file: Path, change: Change, functions: dict[Key, list[FunctionType]]
) -> list[tuple[FunctionType, CodeType]] | None:
    """Return each function with its changed code, or None where the fault is not in a function."""
    source = file.read_text("utf-8")
    before = compile(source, str(file), "exec", dont_inherit=True)
    after = compile(changed(source, change), str(file), "exec", dont_inherit=True)
    old, new = dict(_codes(before)), dict(_codes(after))
    if old.keys() != new.keys() or _shell(before) != _shell(after):
        return None
    swap = []
    for key, code in new.items():
        if code == old[key]:
            continue
        if not code.co_flags & 0x1 and _shell(code) != _shell(old[key]):
            return None
        for function in functions.get(key, []):
            if len(function.__code__.co_freevars) != len(code.co_freevars):
                return None
            swap.append((function, code))
    return swap or None


def _shell(code: CodeType) -> CodeType:
    """Return a module's or class's own code, without the functions in it."""
    constants = tuple(None if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_consts=constants)

"""Run the collected tests in workers that are forked from the process which has collected them.

Collecting imports Airflow, the SDK and 1,200 files of tests: 17 s of CPU time and 500 MB. Forked
workers share both, while those of pytest-xdist are new interpreters that collect everything again.
"""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, pairwise
from multiprocessing.connection import Connection, wait
from typing import Any, TextIO

import pytest

from include.local_aws.core.processes import die_with_parent
from tests.scheduling import next_file

_FORK = multiprocessing.get_context("fork")
Message = tuple[str, Any]


class Workers:
    """Plug in the loop that gives files to workers and reports their tests as pytest's own does."""

    def __init__(self, number: int) -> None:
        self._number = number

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the tests of several files; leave those of one file to this process."""
        files: dict[str, list[int]] = {}
        for index, item in enumerate(session.items):
            files.setdefault(_file(item), []).append(index)
        number = min(self._number, len(files))
        if number < 2 or session.testsfailed or session.config.option.collectonly:
            return None
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # one for all
        session.config.pluginmanager.getplugin("terminalreporter").showfspath = False
        _Run(session, files).work(number)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        return True


class _Worker:
    """One forked process: the test that it runs, and the others of its file."""

    def __init__(self, session: pytest.Session, name: str, tests: list[int]) -> None:
        self.running, self.left = tests[0], tests
        self.file = _file(session.items[tests[0]])
        self.connection, theirs = _FORK.Pipe()
        self.process = _FORK.Process(target=_serve, args=(session, name, theirs, tests), name=name)
        self.process.start()
        theirs.close()

    def send(self, tests: list[int]) -> None:
        with suppress(OSError):  # it has crashed, which the next message says
            self.connection.send(tests)


class _Run:
    """The workers of a session, and the files that none of them has yet."""

    def __init__(self, session: pytest.Session, files: dict[str, list[int]]) -> None:
        self._session, self._files = session, files
        self._hook = session.config.hook
        self._workers: dict[Any, _Worker] = {}  # by their connections
        self._names = (f"worker-{number}" for number in count())

    def work(self, number: int) -> None:
        """Start workers, and return when all have ended."""
        for _ in range(number):
            self._start(self._next_tests(""))
        while self._workers:
            for connection in wait(list(self._workers)):
                worker = self._workers[connection]
                if message := _received(worker.connection):
                    kind, value = message
                    getattr(self, f"_on_{kind}")(worker, value)
                else:
                    self._end(worker)

    def _start(self, tests: list[int]) -> None:
        worker = _Worker(self._session, next(self._names), tests)
        self._workers[worker.connection] = worker

    def _next_tests(self, last: str) -> list[int]:
        """Take the file that suits a worker whose last one was *last*; none are left if empty."""
        if not self._files or self._is_stopped():
            return []
        elsewhere = [worker.file for worker in self._workers.values()]
        if last:
            elsewhere.remove(last)
        return self._files.pop(next_file(self._files, last, elsewhere))

    def _on_start(self, worker: _Worker, index: int) -> None:
        worker.running, worker.left = index, [each for each in worker.left if each != index]
        item = self._session.items[index]
        self._hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)

    def _on_report(self, worker: _Worker, data: dict[str, Any]) -> None:
        config, was_stopped = self._session.config, self._is_stopped()
        report = self._hook.pytest_report_from_serializable(config=config, data=data)
        self._hook.pytest_runtest_logreport(report=report)
        if self._is_stopped() and not was_stopped:
            for each in self._workers.values():
                each.send([])

    def _on_finish(self, worker: _Worker, index: int) -> None:
        item = self._session.items[index]
        self._hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def _on_warning(self, worker: _Worker, arguments: dict[str, Any]) -> None:
        text, kind, *place = arguments["warning_message"]
        category = type(kind, (Warning,), {})  # for the name: its class is the worker's
        message = warnings.WarningMessage(text, category, *place)
        arguments = arguments | {"warning_message": message}
        self._hook.pytest_warning_recorded.call_historic(kwargs=arguments)

    def _on_next(self, worker: _Worker, _: None) -> None:
        worker.left = self._next_tests(worker.file)
        if worker.left:
            worker.file = _file(self._session.items[worker.left[0]])
        worker.send(worker.left)

    def _end(self, worker: _Worker) -> None:
        """Forget a worker; if it crashed, fail its test, and give the others to a new one."""
        del self._workers[worker.connection]
        worker.process.join()
        if code := worker.process.exitcode:
            self._fail(worker.running, f"{worker.process.name} ended with code {code}.")
            worker.left = [index for index in worker.left if index != worker.running]
            if tests := worker.left or self._next_tests(""):
                self._start(tests)

    def _fail(self, index: int, reason: str) -> None:
        item = self._session.items[index]
        report = pytest.TestReport(
            item.nodeid, item.location, dict(item.keywords), "failed", reason, "call"
        )
        self._hook.pytest_runtest_logreport(report=report)

    def _is_stopped(self) -> bool:
        return bool(self._session.shouldfail or self._session.shouldstop)


class _Forwarding:
    """Send what pytest reports of a worker's tests to the process that shows it."""

    def __init__(self, session: pytest.Session, connection: Connection) -> None:
        self._config, self._connection = session.config, connection
        self.is_on = False  # until it is registered, when it gets all warnings of the parent

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        hook = self._config.hook
        data = hook.pytest_report_to_serializable(config=self._config, report=report)
        self._connection.send(("report", data))

    def pytest_warning_recorded(
        self,
        warning_message: warnings.WarningMessage,
        when: str,
        nodeid: str,
        location: tuple[str, int, str] | None,
    ) -> None:
        if self.is_on:
            kind, where = warning_message.category.__name__, warning_message.filename
            message = (str(warning_message.message), kind, where, warning_message.lineno)
            arguments = {"warning_message": message, "when": when, "nodeid": nodeid}
            self._connection.send(("warning", arguments | {"location": location}))


def _serve(session: pytest.Session, name: str, connection: Connection, tests: list[int]) -> None:
    """Run *tests*, in a worker, then those of the files that the parent sends, until none is."""
    die_with_parent()
    config, forwarding = session.config, _Forwarding(session, connection)
    config.workerinput = {"workerid": name}  # type: ignore[attr-defined]  # says so to plugins
    with _own_capture(config), open(os.devnull, "w") as nowhere:
        _silence(session, nowhere)
        config.pluginmanager.register(forwarding)
        forwarding.is_on = True
        try:
            for index, following in _pairs(session, connection, tests):
                connection.send(("start", index))
                item, nextitem = (
                    None if i is None else session.items[i] for i in (index, following)
                )
                config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
                connection.send(("finish", index))
        finally:  # the fixtures of the session end
            config.hook.pytest_sessionfinish(session=session, exitstatus=pytest.ExitCode.OK)


def _pairs(
    session: pytest.Session, connection: Connection, tests: list[int]
) -> Iterator[tuple[int, int | None]]:
    """Yield each test with the next one, whose fixtures outlive it.

    Stop if the parent says so, or after as many failures here as the run may have.
    """
    while tests:
        for index, following in pairwise(tests):
            if connection.poll() or session.shouldfail:
                return
            yield index, following
        connection.send(("next", None))
        last, tests = tests[-1], connection.recv()
        yield last, tests[0] if tests else None


@contextmanager
def _own_capture(config: pytest.Config) -> Iterator[None]:
    """Capture output in files of this process: those of its parent have one position for all."""
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    try:
        yield
    finally:
        capture.stop_global_capturing()


def _silence(session: pytest.Session, nowhere: TextIO) -> None:
    """Leave the terminal to the parent; plugins expect a reporter all the same."""
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    reporter = pytest.TerminalReporter(session.config, nowhere)
    reporter.pytest_sessionstart(session)
    plugins.register(reporter, "terminalreporter")


def _received(connection: Connection) -> Message | None:
    """Return the next message; None if the worker has ended."""
    try:
        message: Message = connection.recv()
    except (EOFError, ConnectionResetError):
        return None
    return message


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]

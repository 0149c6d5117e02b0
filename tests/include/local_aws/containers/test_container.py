"""One container: its output, its end, its stop."""

from __future__ import annotations

import asyncio
import errno
import time
from pathlib import Path

import pytest

from include.local_aws.containers.command import Box
from include.local_aws.containers.container import LINE, LONGEST, Container, StartFailed
from include.local_aws.core.options import Sandbox

MODES: tuple[Sandbox, ...] = ("auto", "none")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "algo-1" / "ml"
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize("mode", MODES)
def test_lines_and_code_are_the_commands(root: Path, mode: Sandbox) -> None:
    lines: list[str] = []

    async def run() -> int:
        argv = ["sh", "-c", "echo one; echo two >&2; printf three; exit 9"]
        container = await Container.start(Box(root, ()), argv, mode, lines.append)
        return await container.wait()

    assert asyncio.run(run()) == 9
    assert lines == ["one", "two", "three"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("trap", "code"), [("exit 5", 5), ("", 137)])
def test_stopping_is_sigterm_then_sigkill(root: Path, mode: Sandbox, trap: str, code: int) -> None:
    """The command gets SIGTERM; a process that ignores it is killed afterwards."""

    async def run() -> tuple[int, float]:
        up = asyncio.Event()
        script = f"trap '{trap}' TERM; echo up; while :; do sleep 0.05; done"
        box = Box(root, ())
        container = await Container.start(box, ["sh", "-c", script], mode, lambda _: up.set())
        await up.wait()
        began = time.monotonic()
        await container.stop(patience=20 if trap else 0.3)
        ended = await container.wait()
        return ended, time.monotonic() - began

    ended, seconds = asyncio.run(run())
    assert ended == code or (code == 137 and ended == -9)
    assert seconds < 15


@pytest.mark.parametrize(
    ("variables", "argv", "why"),
    [
        ({"A": "\0"}, ["true"], "'A' has a NUL"),
        ({"A=B": "x"}, ["true"], "`=` in its name"),
        ({"A": "x" * (LONGEST + 1)}, ["true"], "more than"),
        ({}, ["true", "a\0b"], "NUL"),
    ],
)
def test_values_that_no_process_can_have_are_refused(
    root: Path, variables: dict[str, str], argv: list[str], why: str
) -> None:
    starting = Container.start(Box(root, (), environment=variables), argv, "none", print)
    with pytest.raises(StartFailed, match=why):
        asyncio.run(starting)


@pytest.mark.parametrize("mode", MODES)
def test_container_that_is_just_starting_is_stopped_at_once(root: Path, mode: Sandbox) -> None:
    async def run() -> float:
        container = await Container.start(Box(root, ()), ["sleep", "60"], mode, print)
        began = time.monotonic()
        await container.stop(patience=30)
        return time.monotonic() - began

    assert asyncio.run(run()) < 15


def test_line_that_is_too_long_does_not_end_the_log(root: Path) -> None:
    lines: list[str] = []
    script = f"head -c {3 * LINE} /dev/zero | tr '\\0' x; echo; echo end"

    async def run() -> int:
        container = await Container.start(Box(root, ()), ["sh", "-c", script], "none", lines.append)
        return await container.wait()

    assert asyncio.run(run()) == 0
    assert lines[-1] == "end"
    assert all(set(line) <= {"x"} for line in lines[:-1])


def test_machine_that_cannot_start_a_process_is_the_reason(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", fail)
    with pytest.raises(StartFailed, match=r"cannot be started: .* Cannot allocate memory"):
        asyncio.run(Container.start(Box(root, ()), ["true"], "none", print))

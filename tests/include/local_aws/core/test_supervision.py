from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core import supervision


def test_work_that_fails_is_started_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.001)
    tries: list[int] = []

    async def work() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("No space left on device")

    asyncio.run(supervision.keep_running("The work", work))
    assert len(tries) == 3
    assert "The work failed; restarting" in caplog.text


def test_pauses_grow_to_limit_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 8:
            raise asyncio.CancelledError

    async def work() -> None:
        raise OSError

    monkeypatch.setattr("include.local_aws.core.supervision.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(supervision.keep_running("The work", work))
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_pause_is_short_again_after_work_that_lasted(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            raise asyncio.CancelledError

    async def work() -> None:
        if len(pauses) == 2:
            asyncio.get_running_loop().time = lambda: 1e9  # type: ignore[method-assign]
        raise OSError

    monkeypatch.setattr("include.local_aws.core.supervision.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(supervision.keep_running("The work", work))
    assert pauses == [1, 2, 1, 2]


def test_cancelled_work_ends() -> None:
    async def cancel() -> bool:
        task = asyncio.create_task(supervision.keep_running("w", lambda: asyncio.sleep(60)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(cancel())


def test_tasks_are_logged_if_they_fail_and_cancelled_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        raise OSError("No space left on device")

    async def run() -> tuple[int, bool, int]:
        tasks = supervision.Tasks("The work")
        lasting = tasks.begin(asyncio.sleep(60))
        await asyncio.gather(tasks.begin(fail()), return_exceptions=True)
        await asyncio.sleep(0)
        running = len(tasks)
        await tasks.stop()
        return running, lasting.cancelled(), len(tasks)

    assert asyncio.run(run()) == (1, True, 0)
    assert "The work failed" in caplog.text
    assert "No space left on device" in caplog.text

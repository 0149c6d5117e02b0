"""Load on an endpoint from outside the server's process; every response and failure is recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tests.include.local_aws.models import Platform

PAUSE = 0.05  # seconds between two requests of a caller: 70 a second of four, for half a core


class Traffic:
    """Callers of an endpoint, for the length of a with block."""

    def __init__(
        self,
        platform: Platform,
        endpoint: str,
        body: str = "name",
        callers: int = 4,
        pause: float = PAUSE,
        **members: str,
    ) -> None:
        self.answers: list[str] = []
        self.failures: list[Exception] = []
        self._platform, self._endpoint, self._body = platform, endpoint, body
        self._pause, self._members = pause, members
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._call, daemon=True) for _ in range(callers)]

    def share(self, answer: str, since: int = 0) -> float:
        """Return the share of *answer* in the responses after the first *since* ones."""
        answers = self.answers[since:]
        return answers.count(answer) / max(len(answers), 1)

    def until_answered(self, answer: str) -> None:
        self.until(lambda answers: answer in answers)

    def until(self, condition: Callable[[list[str]], bool], within: float = 60) -> None:
        deadline = time.monotonic() + within
        while not condition(self.answers):
            assert time.monotonic() < deadline, f"not so within {within} s: {self.answers[-1:]}"
            time.sleep(0.02)

    def _call(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                answer = self._platform.invoke(self._endpoint, self._body, **self._members)
                self.answers.append(answer)
            except Exception as error:  # noqa: BLE001  (every failure is recorded)
                self.failures.append(error)

    def __enter__(self) -> Traffic:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

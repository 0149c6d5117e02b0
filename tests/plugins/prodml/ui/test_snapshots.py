"""The last response to a request is shown while a newer one takes long."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from prodml.ui import snapshots
from prodml.ui.snapshots import FRESH, OLDEST, Snapshots


class Page:
    """A request of a page at a time that the test sets, to an AWS that a test holds up."""

    def __init__(self) -> None:
        self.now = 0.0
        self.readings = 0
        self.error: Exception | None = None
        self.may_answer = Event()
        self.may_answer.set()
        self._snapshots = Snapshots[int](lambda: self.now)

    def open(self, earlier: int | None = None) -> tuple[int, bool]:
        return self._snapshots.response("models", self._read, lambda: earlier)

    def _read(self) -> int:
        self.readings += 1
        number = self.readings
        assert self.may_answer.wait(10)
        if self.error:
            raise self.error
        return number


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setattr(snapshots, "PATIENCE", 10.0)
    page = Page()
    yield page
    page.may_answer.set()


def test_a_response_is_read_once_a_minute(page: Page) -> None:
    assert [page.open(), page.open()] == [(1, False), (1, False)]
    page.now = FRESH
    assert page.open() == (2, False)


def test_the_last_response_is_shown_while_aws_is_slow(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.open()
    monkeypatch.setattr(snapshots, "PATIENCE", 0.01)
    page.now = FRESH
    page.may_answer.clear()
    assert [page.open(), page.open()] == [(1, True), (1, True)]
    assert page.readings == 2, "the second request waits for the reading of the first"
    monkeypatch.setattr(snapshots, "PATIENCE", 10.0)
    page.may_answer.set()
    assert page.open() == (2, False)


def test_the_first_response_may_be_one_that_is_kept_elsewhere(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.open(earlier=-1) == (1, False), "AWS answered at once"
    monkeypatch.setattr(snapshots, "PATIENCE", 0.01)
    page.now = OLDEST
    page.may_answer.clear()
    assert page.open(earlier=-1) == (-1, True)


def test_what_cannot_be_renewed_is_an_error_and_not_an_old_response(page: Page) -> None:
    page.open()
    page.now, page.error = FRESH, TimeoutError("AWS does not answer")
    for _ in range(2):
        with pytest.raises(TimeoutError):
            page.open()


def test_a_response_of_yesterday_is_not_shown(page: Page) -> None:
    page.open()
    page.now = OLDEST
    assert page.open() == (2, False)

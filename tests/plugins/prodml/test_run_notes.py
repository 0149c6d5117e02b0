"""Sentences that tasks leave for the note of their run."""

from __future__ import annotations

from typing import Any, cast

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from airflow.sdk.execution_time.context import set_current_context
from prodml.run_notes import KEY, leave, skip

from tests.plugins.runs import Ti


def _context(ti: Ti) -> Any:
    return cast("Any", {"ti": ti})


def test_a_skipped_task_logs_its_reason_and_leaves_it_for_the_note(
    ti: Ti, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level("INFO"),
        set_current_context(_context(ti)),
        pytest.raises(AirflowSkipException, match=r"^no file yet$"),
    ):
        skip("no file yet")
    assert "Skipped: no file yet" in caplog.text
    assert ti.pushed == {KEY: ["Skipped: no file yet"]}


def test_sentences_without_what_postgresql_refuses_are_left_together(ti: Ti) -> None:
    with set_current_context(_context(ti)):
        leave("churn: OK.", "b\0roken: ALERT.")
    assert ti.pushed == {KEY: ["churn: OK.", "broken: ALERT."]}


def test_outside_of_a_task_there_is_no_note_and_a_skip_is_still_one() -> None:
    leave("no run has this")
    with pytest.raises(AirflowSkipException, match="pinned") as raised:
        skip("pinned")
    assert raised.value.__suppress_context__

"""A pipeline's exceptions end a task in Airflow."""

from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.pipelines.adapters.outcomes import settled
from include.pipelines.errors import NothingNew, PipelineError


@settled
def task(error: Exception | None = None, *, value: int = 1) -> int:
    """Return the value."""
    if error:
        raise error
    return value


def test_a_result_passes_and_the_function_keeps_its_name() -> None:
    assert task(value=3) == 3
    assert (task.__name__, task.__doc__) == ("task", "Return the value.")


def test_nothing_new_skips_with_its_reason_and_no_traceback_of_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level("INFO"),
        pytest.raises(AirflowSkipException, match=r"^no file yet$") as raised,
    ):
        task(NothingNew("no file yet"))
    assert "Skipped: no file yet" in caplog.text
    assert raised.value.__suppress_context__


def test_a_wrong_value_fails_without_a_retry_and_ends_with_its_sentence() -> None:
    with pytest.raises(AirflowFailException, match=r"^direction is 'up'$") as raised:
        task(PipelineError("direction is 'up'"))
    assert raised.value.__suppress_context__  # the log ends with the sentence


def test_what_may_pass_is_left_to_airflows_retries() -> None:
    with pytest.raises(ConnectionError, match="reset"):
        task(ConnectionError("reset"))

"""Metric definitions: values in a job's lines, and patterns that must not block the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.experiments import metric_series
from include.local_aws.sagemaker.training import metrics
from include.local_aws.sagemaker.training.metrics import (
    LINE_LIMIT,
    Scraper,
    check_definitions,
    curve,
)
from include.local_aws.testing import Server
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.jobs import SKLEARN, Jobs, made
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.training.test_job import GROUP

Unique = Callable[[str], str]
LOSS = {"Name": "loss", "Regex": "loss=(.*?);"}
ENDLESS = {"Name": "endless", "Regex": "(a|aa)+$"}  # on many a's and something else


@pytest.fixture(name="aws")
def _aws(aws: Aws) -> Aws:
    aws.add(Metrics(aws.store))
    return aws


def scraped(aws: Aws, lines: list[str], *definitions: dict[str, str]) -> tuple[Any, list[str]]:
    """Return the final metrics and the warnings."""
    warnings: list[str] = []
    scraper = Scraper(aws, "job", list(definitions), "job-step", warnings.append)
    for number, line in enumerate(lines):
        scraper.read(line, 100.0 + number)
    return {m["MetricName"]: m["Value"] for m in scraper.final()}, warnings


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("-1.5e-3", -0.0015), (".5 s", 0.5), ("3#011auc:4", 3)]
)
def test_a_number_is_the_start_of_the_group(aws: Aws, text: str, value: float) -> None:
    assert scraped(aws, [f"loss={text};"], LOSS) == ({"loss": value}, [])


def test_the_last_value_is_final_and_all_are_kept(aws: Aws) -> None:
    lines = ["loss=3; loss=2;", "other", "loss=1;"]
    assert scraped(aws, lines, LOSS)[0] == {"loss": 1}
    series = metric_series.points(aws, "job-step")["loss"]
    assert [(point.at, point.value) for point in series] == [(100, 3), (100, 2), (102, 1)]
    assert curve(aws, {"TrainingJobName": "job"}, "loss") == [3, 2, 1]


def test_values_that_are_not_finite_are_skipped_with_one_warning(aws: Aws) -> None:
    lines = ["loss=2;", "loss=nan;", "loss=-inf;", "loss=1e999;", "loss=none;"]
    finals, warnings = scraped(aws, lines, LOSS)
    assert finals == {"loss": 2}
    assert warnings == ["A value of metric loss is not finite; it is skipped."]
    assert len(metric_series.points(aws, "job-step")["loss"]) == 1


def test_a_pattern_without_an_end_is_dropped_and_the_others_continue(aws: Aws) -> None:
    lines = ["a" * 60 + "!", "loss=1;", "a" * 60 + "!"]
    began = time.process_time()
    finals, warnings = scraped(aws, lines, ENDLESS, LOSS)
    assert time.process_time() - began < 2
    assert finals == {"loss": 1}
    assert warnings == ["The Regex of metric endless takes too long; the metric is skipped."]


def test_a_pattern_that_is_slow_on_each_line_is_dropped(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Add up the time of lines none of which takes too long alone."""
    monkeypatch.setattr(metrics, "MORE_A_LINE", -0.4 * metrics.LIMIT)
    finals, warnings = scraped(aws, ["loss=3;", "loss=2;", "loss=1;"], LOSS)
    assert finals == {"loss": 2}
    assert warnings == ["The Regex of metric loss takes too long; the metric is skipped."]


def test_a_value_that_cannot_be_stored_spares_the_next_ones(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Continue after an error such as a full disk."""
    outcomes = iter([OSError("No space left"), None])

    def put(*_: Any) -> None:
        if error := next(outcomes):
            raise error

    monkeypatch.setattr(metrics, "put_metrics", put)
    assert scraped(aws, ["loss=2;", "loss=1;"], LOSS) == ({"loss": 1}, [])
    assert "Recording the metrics of {'TrainingJobName': 'job'} failed" in caplog.text


def test_an_invalid_pattern_is_refused_by_its_metric() -> None:
    check_definitions([LOSS, ENDLESS])
    with pytest.raises(
        AwsError, match=r"'loss=\(' of metric definition bad is not a valid regular"
    ):
        check_definitions([{"Name": "bad", "Regex": "loss=("}])


@pytest.fixture(name="metered", scope="module")
def _metered(local_aws: Server) -> Jobs:
    return made(local_aws, "metered")


def printing(jobs: Jobs, name: str, code: str, *definitions: dict[str, str]) -> None:
    """Start a job that runs *code*."""
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "-c", code],
        "MetricDefinitions": list(definitions),
    }
    jobs.train(name, SKLEARN, AlgorithmSpecification=specification)


def test_a_diverged_job_completes_and_search_still_works(metered: Jobs, unique: Unique) -> None:
    """A NaN in a document would fail each search of the account, for good."""
    name = unique("diverged")
    printing(metered, name, "print('loss=0.5; loss=nan; loss=inf;')", LOSS)
    job = metered.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job
    assert [(m["MetricName"], m["Value"]) for m in job["FinalMetricDataList"]] == [("loss", 0.5)]
    component = metered.sagemaker.describe_trial_component(
        TrialComponentName=f"{name}-aws-training-job"
    )
    assert [metric["Count"] for metric in component["Metrics"]] == [1]
    parents = {"Name": "Parents.ExperimentName", "Operator": "Equals", "Value": "other"}
    response = metered.sagemaker.search(
        Resource="ExperimentTrialComponent", SearchExpression={"Filters": [parents]}
    )
    assert response["Results"] == []
    assert any("metric loss is not finite" in ln for ln in metered.lines(GROUP, name))


def test_the_server_answers_while_a_pattern_backtracks(metered: Jobs, unique: Unique) -> None:
    """Match patterns for three seconds, each of which would take hours on the job's line."""
    name = unique("endless")
    patterns = [ENDLESS | {"Name": f"endless-{number}"} for number in range(int(3 / LINE_LIMIT))]
    printing(metered, name, "print('a' * 60 + '!', flush=True); print('loss=1;')", *patterns, LOSS)
    slowest = 0.0
    ended = False
    while not ended:
        began = time.monotonic()
        job = metered.sagemaker.describe_training_job(TrainingJobName=name)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.02)  # more requests would use the CPU time that is the patterns' limit
        ended = job["TrainingJobStatus"] != "InProgress"
    assert [m["MetricName"] for m in job["FinalMetricDataList"]] == ["loss"]
    assert slowest < 2, f"DescribeTrainingJob took {slowest:.1f} s"


def test_a_bad_pattern_is_refused_at_the_call(metered: Jobs, unique: Unique) -> None:
    bad = {"Name": "bad", "Regex": "loss=("}
    code, message = refusal(printing_one, jobs=metered, name=unique("bad"), definition=bad)
    assert (code, "metric definition bad" in message) == ("ValidationException", True)


def printing_one(jobs: Jobs, name: str, definition: dict[str, str]) -> None:
    printing(jobs, name, "", definition)

"""Rules watch a real training job, stop it, and leave a report; a retry does not train it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from prodml.debugger.rules import LossNotDecreasing, NotFinite, Plateau, Rule, as_json
from prodml.exceptions import JobStoppedError, StoppedByRuleError
from prodml.notifications.outbox import take
from prodml.notifications.run_events import TrainingProblem
from prodml.operators.leaderboard import LeaderboardOperator
from prodml.operators.selection import SelectBestTrialOperator
from prodml.operators.training import TrainTrialOperator
from structlog.testing import capture_logs

from tests.plugins.runs import ROLE, SKLEARN, Ti, read_text, run, training_request

NAMES = ("train:loss", "validation:loss")
LOSS = [{"Name": name, "Regex": rf"{name}=([0-9.]+);"} for name in NAMES]
STUCK = """
import os, time
from pathlib import Path
Path(os.environ["SM_MODEL_DIR"], "model.txt").write_text("of the best epoch")
for epoch in range(10_000):
    print(f"train:loss={1 / (1 + epoch):.4f}; validation:loss=0.7;", flush=True)
    time.sleep(0.02)
"""
SOUND = """
import os
from pathlib import Path
import prodml_hook
hook = prodml_hook.Hook(every=1)
for epoch in range(15):
    hook.step(labels=["no"] * 90 + ["yes"] * 10)
    held = "nan" if epoch == 7 else 0.5 - epoch / 50
    print(f"train:loss={1 / (1 + epoch):.4f}; validation:loss={held};")
Path(os.environ["SM_MODEL_DIR"], "model.txt").write_text("a model")
"""


@pytest.fixture
def make(script: Path, bucket: str, experiment: str, data: str, unique: str) -> Any:
    """Return a function that makes the training task of a script."""

    def task(
        text: str, rules: Sequence[Rule | dict[str, Any]], **arguments: Any
    ) -> TrainTrialOperator:
        (script / "train.py").write_text(text)
        config = training_request(SKLEARN, data) | {"HyperParameters": {"seed": unique}}
        config["AlgorithmSpecification"] |= {"MetricDefinitions": LOSS}
        return TrainTrialOperator(
            task_id="train",
            experiment=experiment,
            name=unique,
            source_dir=str(script),
            code_prefix=f"s3://{bucket}/code",
            config=config,
            role_arn=ROLE,
            poll_interval=0.1,
            rules=rules,
            **arguments,
        )

    return task


@pytest.fixture(autouse=True)
def no_events() -> Iterator[None]:
    take()
    yield
    take()


def _jobs(sagemaker: Any, unique: str) -> list[dict[str, Any]]:
    """Return the jobs of a test, by its hyperparameter."""
    summaries = sagemaker.list_training_jobs(MaxResults=100)["TrainingJobSummaries"]
    names = [summary["TrainingJobName"] for summary in summaries]
    jobs = [sagemaker.describe_training_job(TrainingJobName=name) for name in names]
    return [job for job in jobs if job["HyperParameters"].get("seed") == unique]


def _report(s3: Any, ti: Ti) -> str:
    assert ti.pushed["report"].startswith("/prodml/reports/")
    return read_text(s3, ti.pushed["report_source"]["uri"])


def test_a_rule_stops_the_job_once_and_for_all(
    make: Any, ti: Ti, sagemaker: Any, s3: Any, bucket: str, unique: str, experiment: str
) -> None:
    rule = LossNotDecreasing("validation:loss", stop=True)
    operator = make(STUCK, as_json([rule, NotFinite()]), deferrable=True)
    with capture_logs() as logs, pytest.raises(StoppedByRuleError) as failed:
        run(operator, ti)
    text = "LossNotDecreasing: validation:loss is 0.7 after 13 reports, and was 0.7 at the start."
    assert text in str(failed.value)
    assert "remove the rule or its `stop`" in str(failed.value)
    (job,) = _jobs(sagemaker, unique)
    assert job["TrainingJobStatus"] == "Stopped"
    assert any(text in str(line) for line in logs)
    (event,) = take()
    assert isinstance(event, TrainingProblem)
    assert event.findings == [text]
    page = _report(s3, ti)
    assert text.partition(": ")[2] in page
    assert page.count('class="mark"') == 1
    with pytest.raises(StoppedByRuleError):  # a retry, in another process
        run(make(STUCK, [rule], deferrable=True), ti)
    assert len(_jobs(sagemaker, unique)) == 1
    board = run(
        LeaderboardOperator(
            task_id="board",
            experiment=experiment,
            metric="validation:loss",
            output_uri=f"s3://{bucket}/{unique}",
            trials=[operator.trial],
        ),
        ti,
    )
    assert board["board"][0]["reason"] == f"stopped by rule {text}"


def test_the_model_of_a_plateau_is_kept_and_ranked(
    make: Any, ti: Ti, sagemaker: Any, unique: str, experiment: str
) -> None:
    rule = Plateau("validation:loss", patience=10, stop=True)
    trial = run(make(STUCK, [rule]), ti)
    assert trial["status"] == "Stopped"
    assert trial["model_data"].endswith("model.tar.gz")
    assert trial["stopped_by"].startswith("Plateau: validation:loss has not improved by 0.10%")
    best = SelectBestTrialOperator(
        task_id="best",
        experiment=experiment,
        trials=[trial],
        metric="validation:loss",
        direction="Minimize",
    )
    assert run(best, ti)["value"] == 0.7
    assert run(make(STUCK, [rule]), ti) == trial  # a retry
    assert len(_jobs(sagemaker, unique)) == 1


def test_a_finding_without_a_stop_changes_only_the_report(make: Any, ti: Ti, s3: Any) -> None:
    trial = run(make(SOUND, [NotFinite(), Plateau("train:loss")]), ti)
    assert trial["status"] == "Completed"
    page = _report(s3, ti)
    assert "1 rule found a problem." in page
    assert "validation:loss is nan." in page
    assert "<td>yes</td><td class=n>150</td>" in page


def test_a_job_that_a_person_stopped_fails_as_before(
    make: Any, ti: Ti, sagemaker: Any, unique: str
) -> None:
    operator = make(STUCK, [NotFinite(stop=True)], deferrable=True)
    from airflow.sdk.exceptions import TaskDeferred

    with pytest.raises(TaskDeferred) as deferred:
        operator.execute({"ti": ti})
    trigger: Any = deferred.value.trigger
    sagemaker.stop_training_job(TrainingJobName=trigger.name)
    with pytest.raises(JobStoppedError, match="was stopped"):
        operator.finish({"ti": ti}, trigger.name, operator.jobs.wait(trigger.name, 0.1))

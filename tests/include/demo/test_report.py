"""The demo's results: complete when the loop has closed, and a failure when it has not."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from include.demo import environment as env
from include.demo.progress import Progress
from include.demo.report import Report

TRIAL = {"name": "deep", "status": "Completed", "metrics": {"validation:auc": 0.93}, "secret": 1}
RETRAINED = {
    "train": [TRIAL],
    "select_best": {"name": "deep", "metric": "validation:auc", "value": 0.93, "trial": "t"},
    "judge": {"holdout": {"auc": 0.92}, "decision": "Accepted: auc 0.9200", "approval": "Approved"},
}
BATCH = {"rows_in": 500, "rows_out": 500, "output": "s3://b/p", "model_package_arn": "arn"}


class Demo:
    """A report of a demo that went well, unless a test says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.page = io.StringIO()
        self.file = folder / "demo.json"
        progress = Progress(Console(file=self.page, width=110))
        progress.seconds["setup"] = 3.0
        self.report = Report(time.time() - 60, "warm", progress)

    def report_all(
        self,
        trial: dict[str, Any] = TRIAL,
        batch: dict[str, Any] = BATCH,
        instances: int = 2,
        status: str = "InService",
        shifted: str = "ALERT",
    ) -> None:
        self.report.ran(
            {"dag_id": "d", "run_type": "manual", "state": "success", "dag_run_id": "r"}
        )
        self.report.retrain(RETRAINED | {"train": [trial]})
        self.report.batch({"verify_predictions": batch})
        self.report.predictions(['{"minutes": 2.5}'], [0.25])
        self.report.scaled(1, instances)
        for which, outcome in (("clean", "OK"), ("shifted", shifted), ("after_retrain", "OK")):
            self.report.drift(which, {"outcome": outcome, "columns": ["a", "b"]})
        self.report.second_retrain(RETRAINED)
        self.report.endpoint(
            {"EndpointName": "churn", "EndpointStatus": status, "EndpointConfigName": "c2"}
        )
        self.report.finish()


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    monkeypatch.setattr(env, "LOCAL", tmp_path)
    return Demo(tmp_path)


def test_programs_find_everything_in_the_file(demo: Demo) -> None:
    demo.report_all()
    document = json.loads(demo.file.read_text())
    assert document["mode"] == "warm"
    assert document["time_scale"] == env.TIME_SCALE
    assert document["seconds"]["total"] == pytest.approx(60, abs=5)
    assert document["trials"] == [{k: v for k, v in TRIAL.items() if k != "secret"}]
    assert document["best"] == {"name": "deep", "metric": "validation:auc", "value": 0.93}
    assert document["batch_transform"] == {k: BATCH[k] for k in ("rows_in", "rows_out", "output")}
    assert document["predictions"] == [{"record": {"minutes": 2.5}, "score": 0.25}]
    assert document["endpoint"] == {
        "name": "churn",
        "status": "InService",
        "config": "c2",
        "instances_before": 1,
        "instances_after": 2,
    }
    assert document["dag_runs"][0] == {
        "dag_id": "d",
        "run_type": "manual",
        "state": "success",
        "run_id": "r",
    }


def test_people_find_it_in_a_table(demo: Demo) -> None:
    demo.report_all()
    for cell in ("validation:auc 0.9300", "500 rows in, 500 out", "1 → 2 instances", "ALERT  a, b"):
        assert cell in demo.page.getvalue()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"shifted": "OK"}, r"drift checks returned .*'shifted': 'OK'.* instead of"),
        ({"batch": BATCH | {"rows_out": 499}}, "read 500 rows and wrote 499"),
        ({"batch": BATCH | {"rows_in": 0, "rows_out": 0}}, "read 0 rows and wrote 0"),
        ({"status": "Updating"}, "the endpoint is Updating"),
        ({"instances": 1}, "no second instance started"),
        ({"trial": TRIAL | {"status": "Failed", "metrics": {}}}, "a trial failed"),
    ],
)
def test_a_loop_that_did_not_close_fails_and_is_written_down(
    demo: Demo, change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(RuntimeError, match=f"unexpected results: .*{complaint}"):
        demo.report_all(**change)
    assert demo.file.exists()

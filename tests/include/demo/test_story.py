"""A chapter drives one DAG run, and ends the demo with the task's own error when it fails."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from rich.console import Console

from include.demo import story as stories
from include.demo.airflow_api import AirflowApi
from include.demo.progress import Progress
from include.demo.report import Report
from include.demo.story import DAGS, Story
from include.local_aws.testing import Server
from include.settings import ROOT
from tests.include.demo.conftest import StubAirflow
from tests.include.local_aws.models import Platform, variant

RUNS = "/dags/initialize_project/dagRuns"


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def story(
    stub: StubAirflow, demo_aws: Server, page: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> Story:
    monkeypatch.setattr(stories, "AirflowApi", lambda: AirflowApi(stub.url))
    monkeypatch.setattr(AirflowApi, "trigger", lambda self, dag_id, conf: "r1")
    progress = Progress(Console(file=page, width=110))
    return Story(progress, Report(time.time(), "warm", progress))


def run_of(stub: StubAirflow, state: str, *tasks: dict[str, Any]) -> None:
    """Answer that the run r1 of initialize_project ended in *state* with *tasks*."""
    run = {"dag_id": "initialize_project", "dag_run_id": "r1", "run_type": "manual", "state": state}
    stub.answer("GET", f"{RUNS}/r1", run)
    stub.answer("GET", f"{RUNS}/r1/taskInstances", {"task_instances": list(tasks)})


def task(name: str, state: str, index: int = -1) -> dict[str, Any]:
    return {
        "task_id": name,
        "state": state,
        "map_index": index,
        "try_number": 1,
        "duration": 1.0,
        "rendered_map_index": None,
    }


def test_every_dag_of_the_story_exists() -> None:
    assert [dag for dag in DAGS if not (ROOT / "dags" / f"{dag}.py").is_file()] == []


def test_a_chapter_shows_the_tasks_of_its_run(
    stub: StubAirflow, story: Story, page: io.StringIO
) -> None:
    run_of(stub, "success", task("create_bucket", "success"))
    story.initialize()
    assert "(initialize_project)" in page.getvalue()
    assert "✓ create_bucket" in page.getvalue()


def test_a_failed_run_ends_the_demo_with_its_tasks_log(stub: StubAirflow, story: Story) -> None:
    run_of(stub, "failed", task("create_bucket", "failed"), task("after", "upstream_failed"))
    log = f"{RUNS}/r1/taskInstances/create_bucket/logs/1"
    stub.answer("GET", log, {"content": [{"event": "BucketAlreadyExists: taken"}]})
    with pytest.raises(RuntimeError) as raised:
        story.initialize()
    first, name, reason, link = str(raised.value).splitlines()
    assert first == "initialize_project run r1 failed."
    assert (name.strip(), reason.strip()) == ("create_bucket:", "BucketAlreadyExists: taken")
    assert link.endswith("/dags/initialize_project/runs/r1")


def test_results_of_mapped_tasks_are_lists(stub: StubAirflow, story: Story) -> None:
    run_of(
        stub, "success", *(task("train", "success", n) for n in (0, 1)), task("judge", "skipped")
    )
    stub.answer("GET", f"{RUNS}/r1/taskInstances/train/xcomEntries/return_value", {"value": 7})
    results = story._results("initialize_project", "r1")
    assert results == {"train": [7, 7], "judge": None}


def test_only_a_run_that_an_asset_started_is_the_alerts_own(
    stub: StubAirflow, story: Story
) -> None:
    kinds = {"old": "asset_triggered", "by-hand": "manual", "new": "asset_triggered"}
    runs = [{"dag_run_id": name, "run_type": kind} for name, kind in kinds.items()]
    stub.answer("GET", RUNS, {"dag_runs": runs[:2]})
    stub.answer("GET", RUNS, {"dag_runs": runs})
    assert story._started_run("initialize_project", {"old"}) == "new"


def test_instances_are_those_of_the_endpoint_and_none_without_one(
    story: Story, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "ENDPOINT", "no-such-endpoint")
    assert story._instances() == 0
    name = platform.serving(variant(platform.model(), InitialInstanceCount=2))
    monkeypatch.setattr(stories, "ENDPOINT", name)
    assert story._instances() == 2
    story._wait_until_in_service()

"""Jobs and costs in a real browser: with data, empty, and with a failing AWS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.plugins.prodml.ui.conftest import Airflow
from tests.plugins.prodml.ui.visits import PHONE, WIDE, Studio

Answers = dict[str, tuple[int, Any]]
API, AIRFLOW = "**/prodml/api", "**/api/v2/dags"
SCREENS = [(WIDE, "light"), (PHONE, "dark")]
DENIED = {"error": "AWS could not be read: denied.", "remedy": "Allow this call."}
NOW = datetime.now(UTC).replace(microsecond=0)
RUN = "scheduled__2026-11-29T00:00:00+00:00"


def _ago(**time: float) -> str:
    return (NOW - timedelta(**time)).isoformat()


START = _ago(days=29)
NO_JOBS = {"start": START, "since": START, "jobs": []}
NO_COSTS = {
    "read_at": NOW.isoformat(),
    "start": START,
    "since": START,
    "prices_as_of": "2026-11-01",
    "unpriced": [],
    "unread": 0,
    "rows": [],
    "billing": [],
    "runs": [],
}


def _job(number: int, **members: Any) -> dict[str, Any]:
    failed = number % 5 == 4
    return {
        "kind": ("TrainingJob", "ProcessingJob", "TransformJob")[number % 3],
        "name": f"local-retrain-churn-{number}",
        "status": "Failed" if failed else "Completed",
        "progress": "Failed" if failed else "Completed",
        "message": "AlgorithmError: the column total_day_minutes is missing" if failed else "",
        "running": False,
        "pipeline": "churn",
        "dag": "retrain_churn",
        "run": RUN,
        "task": "train_candidates.train",
        "map_index": number % 4,
        "created": _ago(hours=7 * number, minutes=14),
        "started": _ago(hours=7 * number, minutes=10),
        "ended": _ago(hours=7 * number),
        "seconds": 200 + number,
        "limit_seconds": 1800,
        "instance_type": "ml.m5.large",
        "instances": 1,
        "spot": False,
        "usd": 0.0064,
        "usd_at_most": 0.0575,
        "page": "http://127.0.0.1:4566/_local/jobs/TrainingJob/job",
        **members,
    }


RUNNING = {"status": "InProgress", "running": True, "ended": None, "seconds": 600}
JOBS = [
    _job(0, progress="Training", **RUNNING),
    _job(1, progress="Starting", **RUNNING | {"started": None, "seconds": 0}),
    _job(2, message="4,000 rows, none refused"),
    *(_job(number) for number in range(3, 40)),
]
LOG: dict[str, Any] = {"lines": [{"at": 0, "text": "it began"}], "tokens": {}, "instances": 1}
USD = {"churn": 0.9, "wine": 0.4, "digits": 0.25}
ROWS = [
    {
        "day": _ago(days=day)[:10],
        "pipeline": pipeline,
        "dag": f"{dag}_{pipeline}",
        "kind": kind,
        "usd": usd * share * (1 + day % 4),
    }
    for day in range(29)
    for pipeline, usd in USD.items()
    for dag, kind, share in (("retrain", "TrainingJob", 0.3), ("retrain", "Endpoint", 2.8))
]
BILLING = [
    {
        "kind": kind,
        "name": name,
        "pipeline": "churn",
        "dag": "retrain_churn",
        "run": RUN,
        "since": _ago(hours=51),
        "instances": 2,
        "instance_types": ["ml.m5.large"],
        "usd_per_hour": usd,
        "usd": 51 * usd,
    }
    for kind, name, usd in (("Endpoint", "churn", 0.23), ("TrainingJob", JOBS[0]["name"], 0.115))
]
RUNS = [
    {
        "dag": dag,
        "run": RUN if number == 0 else f"manual__{_ago(days=number)}",
        "pipeline": "churn",
        "created": _ago(days=number, hours=1),
        "jobs": 9,
        "running": int(number == 0),
        "usd": 0.05 + number / 40,
        "usd_at_most": None if number == 0 else 0.3,
    }
    for number, dag in enumerate(["retrain_churn", "retrain_churn", "tune_churn", "retrain_wine"])
]
BUDGET_TASK = {"dag_id": "retrain_churn", "run_id": RUN, "task_id": "prepare_data.check_budget"}
SPENT: Answers = {
    f"{API}/costs?*": (
        200,
        NO_COSTS | {"rows": ROWS, "billing": BILLING, "runs": RUNS, "unpriced": ["ml.p5.48xlarge"]},
    ),
    f"{AIRFLOW}/~/dagRuns/~/taskInstances/~/xcomEntries?*": (200, {"xcom_entries": [BUDGET_TASK]}),
    f"{AIRFLOW}/**/xcomEntries/return_value?*": (200, {"value": '{"usd_at_most": 0.52}'}),
}


@pytest.mark.parametrize(
    ("page", "empty", "title"),
    [("jobs", NO_JOBS, "No job yet"), ("costs", NO_COSTS, "No cost yet")],
)
def test_a_page_without_data_and_without_aws_says_what_to_do(
    studio: Studio, page: str, empty: Any, title: str
) -> None:
    with studio.visit(page, answers={f"{API}/{page}?*": (200, empty)}) as visit:
        assert title in visit.page.get_by_role("main").inner_text()
        visit.refuse_faults()
    denied = {f"{API}/{page}?days={{7,30}}": (502, DENIED)}
    with studio.visit(f"{page}?days=constructor", answers=denied) as visit:
        assert "Allow this call." in visit.page.get_by_role("alert").inner_text()


@pytest.fixture(scope="module")
def waiting(airflow: Airflow) -> Iterator[dict[str, Any]]:
    """A running job of a task of a real run."""
    runs = "/api/v2/dags/retrain_churn/dagRuns"
    run = "manual__that-is-stopped"
    body = {"dag_run_id": run, "logical_date": None}
    assert airflow.call("POST", runs, body, user="ada")[0] == 200
    yield _job(0, progress="Training", run=run, task="approve", map_index=-1, **RUNNING)
    airflow.call("DELETE", f"{runs}/{run}", user="ada")


def _listed(job: dict[str, Any]) -> Answers:
    jobs = [job, *JOBS[1:]]
    return {f"{API}/jobs?*": (200, NO_JOBS | {"jobs": jobs}), f"{API}/log/**": (200, LOG)}


@pytest.mark.parametrize(
    ("width", "scheme", "user", "answer", "state"),
    [
        (PHONE, "dark", "vera", "Ask your Airflow administrator for a role", None),
        (WIDE, "light", "ada", "is marked as failed. The job stops", "failed"),
    ],
)
def test_a_running_job_is_followed_and_stopped_by_who_may_edit_its_task(
    airflow: Airflow,
    browser: Any,
    waiting: dict[str, Any],
    width: int,
    scheme: str,
    user: str,
    answer: str,
    state: str | None,
) -> None:
    studio = Studio(airflow.url, browser, airflow.token(user))
    with studio.visit("jobs", width, scheme, answers=_listed(waiting)) as visit:
        page = visit.page
        running = page.get_by_role("region", name="Running jobs")
        assert "10 min 0 s of 30 min 0 s" in running.inner_text()
        assert "waiting for instances" in running.inner_text()
        running.get_by_role("button", name=f"Details of {waiting['name']}").focus()
        page.keyboard.press("Enter")
        page.get_by_text("it began").wait_for()
        task = page.get_by_role("link", name="train_candidates.train 1").first
        assert str(task.get_attribute("href")).endswith("/train_candidates.train/mapped/1")
        visit.refuse_faults()
        visit.keep("jobs")
        page.get_by_role("button", name="Stop …").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Stop it").click()
        page.get_by_text(answer).wait_for()
        page.get_by_role("searchbox").fill("failed train_candidates.train")
        assert "Ended (8)" in page.get_by_role("main").inner_text()
        page.get_by_role("searchbox").fill("completed")
        ended = page.get_by_role("region", name="Ended jobs")
        assert ended.get_by_role("columnheader", name="Message").count() == 1
        row = ended.get_by_role("row").filter(has_text="4,000 rows, none refused")
        assert "Completed" in row.inner_text()
    run = f"/api/v2/dags/retrain_churn/dagRuns/{waiting['run']}"
    _, task_instance = airflow.call("GET", f"{run}/taskInstances/approve", user="vera")
    assert task_instance["state"] == state


@pytest.mark.parametrize(
    ("tab", "jobs", "titles"),
    [
        ("run?dag=retrain_churn&run=r", JOBS, ["Running (2)", "Ended (38)"]),
        ("task?dag=retrain_churn&run=r&task=t", JOBS[:1], ["Training job local-retrain-churn-0"]),
    ],
)
def test_a_tab_shows_jobs_on_a_phone(
    studio: Studio, tab: str, jobs: list[dict[str, Any]], titles: list[str]
) -> None:
    answers: Answers = {
        f"{API}/jobs?*": (200, NO_JOBS | {"jobs": jobs}),
        f"{API}/log/**": (200, LOG),
    }
    with studio.visit(tab, PHONE, "dark", answers=answers) as visit:
        headings = visit.page.get_by_role("heading", level=2).all_inner_texts()
        assert headings[: len(titles)] == titles
        assert visit.page.get_by_role("columnheader", name="Pipeline").count() == 0
        visit.refuse_faults()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_costs_are_divided_and_compared_with_their_bounds(
    studio: Studio, width: int, scheme: str
) -> None:
    with studio.visit("costs", width, scheme, answers=SPENT) as visit:
        page = visit.page
        page.locator("canvas").nth(1).wait_for()
        page.get_by_role("group", name="Table: runs").get_by_text("$0.520").wait_for()
        text = page.get_by_role("main").inner_text()
        for part in ("$0.345 an hour", "ml.p5.48xlarge", "10 %", "churn"):
            assert part in text
        visit.refuse_faults()
        visit.keep("costs", full_page=True)
        page.get_by_label("Divide by").select_option("kind")
        assert "endpoint" in page.get_by_role("group", name="Table: totals").inner_text()

"""Experiments, endpoints and drift in a real browser: with data, empty, and with a failing AWS.

The answers are stated here; that the API gives these is the subject of the tests of `studio`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.prodml.ui.visits import PHONE, WIDE, Studio

Answers = dict[str, tuple[int, Any]]
API = "**/prodml/api"
ARN = "arn:aws:sagemaker:us-east-1:000000000000:training-job/"
SCREENS = [(WIDE, "light"), (PHONE, "dark")]
TITLES = {"experiments": "No experiment yet", "endpoints": "No endpoint", "drift": "No drift check"}
DENIED = {"error": "AWS could not be read: denied.", "remedy": "Allow this call."}


def _trial(number: int) -> dict[str, Any]:
    failed = number % 10 == 9
    return {
        "name": "xgboost",
        "trial": "churn",
        "job": f"job-{number}",
        "arn": f"{ARN}job-{number}",
        "status": "Failed" if failed else "Completed",
        "progress": "",
        "reason": "Found unknown categories" if failed else "",
        "usable": not failed,
        "created": "2026-11-29T06:00:00+00:00",
        "seconds": 45,
        "instance_type": "ml.m5.large",
        "instances": 1,
        "parameters": {"eta": number / 1000, "max_depth": number % 7},
        "metrics": {} if failed else {"validation:auc": {"last": 0.7 + number / 5000}},
        "data": {"train": "s3://b/train"},
        "code": "",
        "model": "s3://b/model.tar.gz",
    }


TRIALS = [_trial(number) for number in range(1000)]
CURVE = {"metric": "validation:auc", "unit": "iteration", "x": [0, 1, 2], "y": [0.5, 0.7, 0.8]}
LOG: dict[str, Any] = {"lines": [{"at": 0, "text": "it began"}], "tokens": {}, "instances": 1}
EXPERIMENTS: Answers = {
    f"{API}/experiments": (200, [{"name": "churn", "created": None, "modified": None}]),
    f"{API}/experiments/churn/trials?*": (200, TRIALS[:100]),
    f"{API}/experiments/churn/trials": (200, TRIALS),
    f"{API}/curves?*": (200, [CURVE | {"job": "job-998"}]),
    f"{API}/log/**": (200, LOG),
}
VARIANT = {
    "name": "AllTraffic",
    "shadow": False,
    "weight": 1.0,
    "desired_weight": 1.0,
    "instances": 1,
    "desired": 2,
    "instance_type": "ml.m5.large",
    "serverless": False,
    "model": "churn-1",
    "image": "r/xgboost:3.0-5",
    "status": "",
    "usd_per_hour": 0.115,
}
TARGET = {
    "scaled": "AllTraffic",
    "least": 1,
    "most": 3,
    "suspended": False,
    "policy": "target",
    "kind": "TargetTrackingScaling",
    "metric": "SageMakerVariantInvocationsPerInstance",
    "value": 130.0,
}
ENDPOINT = {
    "name": "churn",
    "status": "InService",
    "failure": "",
    "config": "churn-1",
    "created": None,
    "modified": None,
    "variants": [VARIANT],
    "components": [],
    "usd_per_hour": 0.115,
    "scaling": {"targets": [TARGET], "activities": [], "alarms": []},
    "alarms": [],
    "capture": None,
    "deployments": {"strategy": "all at once", "rollback_alarms": [], "history": []},
}
SERIES = {
    "served": "AllTraffic",
    "metric": "InvocationsPerInstance",
    "statistic": "Sum",
    "unit": "requests",
    "x": [60_000, 120_000],
    "y": [90.0, 140.0],
}
METRICS = {"start": 0, "end": 180_000, "period": 60, "series": [SERIES]}
SUMMARY = {
    "name": "churn",
    "status": "InService",
    "created": None,
    "modified": None,
    "dag": "retrain_churn",
    "run": "manual__1",
}
ENDPOINTS: Answers = {
    f"{API}/endpoints": (200, [SUMMARY]),
    f"{API}/endpoints/churn": (200, ENDPOINT),
    f"{API}/endpoints/churn/metrics?*": (200, METRICS),
    f"{API}/endpoints/churn/test": (200, {"test": None}),
}


ESTIMATE = {
    "score": "auc",
    "value": 0.87,
    "status": "WARN",
    "expected": 0.9,
    "warn": 0.88,
    "alert": 0.85,
}


def _window(hour: int, distance: float) -> dict[str, Any]:
    return {
        "stamp": f"20240506T{hour:02}0000Z",
        "start": f"2024-05-06T{hour - 1:02}:00:00+00:00",
        "end": f"2024-05-06T{hour:02}:00:00+00:00",
        "outcome": "ALERT" if distance > 0.2 else "OK",
        "rows": 500,
        "reason": "",
        "action": "retrain",
        "why": "2 partitions are newer.",
        "model": "",
        "drift": "",
        "data_quality": "OK",
        "model_quality": "OK",
        "worse_metrics": [],
        "prediction_drift": [],
        "alerting": ["minutes"],
        "has_report": True,
        "columns": {"minutes": _cell(distance)},
        "joint": _cell(distance / 2),
        "estimate": ESTIMATE,
    }


def _cell(distance: float) -> dict[str, float]:
    return {"distance": distance, "warn": 0.1, "alert": 0.2}


WINDOWS = [_window(1, 0.05), _window(2, 0.3)]
DRIFT: Answers = {
    f"{API}/drift*": (200, [{"pipeline": "churn", "endpoint": "churn"}]),
    f"{API}/drift/churn/churn?*": (200, WINDOWS),
}


@pytest.mark.parametrize("page", TITLES)
def test_a_page_without_data_and_without_aws_says_what_to_do(studio: Studio, page: str) -> None:
    with studio.visit(page, answers={f"{API}/{page}*": (200, [])}) as visit:
        assert TITLES[page] in visit.page.get_by_role("main").inner_text()
        visit.refuse_faults()
    with studio.visit(page, answers={f"{API}/{page}*": (502, DENIED)}) as visit:
        assert "Allow this call." in visit.page.get_by_role("alert").inner_text()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_thousand_trials_are_filtered_and_compared(
    studio: Studio, width: int, scheme: str
) -> None:
    with studio.visit("experiments", width, scheme, answers=EXPERIMENTS) as visit:
        page = visit.page
        page.get_by_text("1000 trials, 0 chosen").wait_for()
        assert page.get_by_role("row").count() < 60, "only the rows in view are drawn"
        page.get_by_role("searchbox").fill("eta>0.99 max_depth>=3")
        page.get_by_text("of 1000 trials").wait_for()
        page.get_by_label("Compare job-998").focus()
        page.keyboard.press("Space")
        page.get_by_role("region", name="Curves").locator("canvas").wait_for()
        page.get_by_role("button", name="xgboost").first.click()
        page.get_by_text("it began").wait_for()
        visit.refuse_faults()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_an_endpoint_shows_its_load_cost_and_target(
    studio: Studio, width: int, scheme: str
) -> None:
    with studio.visit("endpoints", width, scheme, answers=ENDPOINTS) as visit:
        page = visit.page
        page.locator("canvas").first.wait_for()
        text = page.get_by_role("main").inner_text()
        for part in ("InService", "$0.115 an hour", "xgboost:3.0-5", "1 to 3", "130"):
            assert part in text
        visit.refuse_faults()
        page.get_by_role("button", name="Tear down").click()
        assert "Delete endpoint churn?" in page.get_by_role("dialog").inner_text()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_drift_shows_each_window_with_its_report(studio: Studio, width: int, scheme: str) -> None:
    with studio.visit("drift", width, scheme, answers=DRIFT) as visit:
        page = visit.page
        page.locator("canvas").nth(1).wait_for()
        report = page.get_by_role("link", name="Report of the window until 05-06 02:00")
        assert report.get_attribute("href") == "../api/drift/churn/churn/20240506T020000Z/report"
        shown = page.get_by_role("region", name="Trend").get_by_role("combobox")
        assert shown.get_by_role("option").all_inner_texts() == [
            *("minutes", "all columns", "estimated auc")
        ]
        shown.select_option("estimated auc")
        page.get_by_role("img", name="estimated auc with its thresholds").wait_for()
        visit.refuse_faults()


def test_a_hint_shows_what_a_check_has_written_as_text(studio: Studio) -> None:
    written = _window(1, 0.05) | {"model_quality": "<img src=x>", "joint": None, "estimate": None}
    answers = DRIFT | {f"{API}/drift/churn/churn?*": (200, [written])}
    with studio.visit("drift", answers=answers) as visit:
        picture = visit.page.get_by_role("img", name="Drift of 1 columns in 1 windows")
        picture.locator("canvas").last.hover(position={"x": 600, "y": 68})  # the last row
        picture.get_by_text("model quality: <img src=x>").wait_for()

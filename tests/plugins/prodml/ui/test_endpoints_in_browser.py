"""The Endpoints page in a real browser: scaling, a test, captured requests, asking, tearing down.

The answers are stated here; that the API gives these is the subject of the tests of `studio`. What
changes something goes to the real Airflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.plugins.prodml.ui.conftest import Airflow
from tests.plugins.prodml.ui.endpoint_answers import (
    API,
    DENIED,
    ENDPOINT,
    ENDPOINTS,
    FLEETS,
    METRICS,
    SUMMARY,
    Answers,
)
from tests.plugins.prodml.ui.visits import PHONE, WIDE, Studio

if TYPE_CHECKING:
    from playwright.sync_api import Route

AIRFLOW = "**/api/v2/dags"
ANSWER = '{"class": "no", "probability": 0.0431, "version": "churn/2"}'
RESULT = (
    '{"endpoint": "churn", "variant": "Challenger", "milliseconds": 14.2, "status": 200, '
    '"answer": "{\\"class\\": \\"no\\", \\"probability\\": 0.0431, \\"version\\": \\"churn/2\\"}"}'
)
# There is no scheduler: what a worker would do is stated.
WORKED: Answers = {
    f"{AIRFLOW}/ask_churn/dagRuns/*/taskInstances/ask/xcomEntries/return_value": (
        *(200, {"key": "return_value", "value": RESULT}),
    ),
    f"{AIRFLOW}/ask_churn/dagRuns/manual__*": (
        *(200, {"dag_id": "ask_churn", "dag_run_id": "manual__1", "state": "success"}),
    ),
}


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_an_endpoint_shows_its_test_its_scaling_and_its_requests(
    studio: Studio, width: int, scheme: str
) -> None:
    with studio.visit("endpoints", width, scheme, answers=ENDPOINTS) as visit:
        page = visit.page
        page.locator("canvas").first.wait_for()
        page.get_by_role("region", name="A/B test").wait_for()
        page.get_by_role("button", name="Show the newest requests").click()
        page.get_by_text("Left out as personal: account_length.").wait_for()
        text = page.get_by_role("main").inner_text()
        for part in (
            *("5 hours of 24 hours", "The challenger wins: errors", "undecided"),
            *("Setting desired instance count to 2.", "triggered policy target"),
            *("canary of 10 %", "order-7", "Hidden: not a record", "51 kB were read"),
        ):
            assert part in text
        visit.refuse_faults()
        visit.keep("endpoints", "A/B test")


def test_components_have_their_versions_copies_pictures_and_questions(studio: Studio) -> None:
    with studio.visit("endpoints", answers=FLEETS) as visit:
        page = visit.page
        table = page.get_by_role("group", name="Table: Inference components")
        rows = [row.split("\t") for row in table.get_by_role("row").all_inner_texts()[1:]]
        assert [row[2:6] for row in rows] == [
            ["version 3", "2", "2", "0.5 vCPU, 1024 MB"],
            ["version 1", "1", "2", "0.5 vCPU, 1024 MB"],
        ]
        assert "No room for a copy." in rows[1][1]
        page.get_by_label("Requests per copy and minute of shared, over time").wait_for()
        page.get_by_label("CPU of a copy, of its instance of shared, over time").wait_for()
        assert page.get_by_text("No value in this time.").count() == 2
        page.get_by_role("button", name="Ask it").click()
        page.get_by_text("ask_churn sends the record as you").wait_for()
        page.get_by_role("combobox", name="Inference component").select_option("wine")
        page.get_by_text("There is no DAG ask_wine that you may read.").wait_for()
        page.get_by_role("button", name="Tear down").click()
        page.get_by_text("with the inference components churn, wine, its").wait_for()
        visit.refuse_faults()


def test_what_fails_on_the_page_is_explained_and_the_rest_is_there(studio: Studio) -> None:
    failing = {f"{API}/churn/test": (502, DENIED), f"{API}/churn/requests": (502, DENIED)}
    with studio.visit("endpoints", answers=ENDPOINTS | failing) as visit:
        visit.page.get_by_role("button", name="Show the newest requests").click()
        visit.page.get_by_role("alert").nth(1).wait_for()
        assert visit.page.get_by_text("Allow this call.").count() == 2
        assert "$0.345 an hour" in visit.page.get_by_role("main").inner_text()
        visit.errors.clear()  # the browser reports each failed request there
        visit.refuse_faults()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_record_is_sent_as_the_user_and_answered(
    studio: Studio, airflow: Airflow, width: int, scheme: str
) -> None:
    with studio.visit("endpoints", width, scheme, answers=ENDPOINTS | WORKED) as visit:
        page = visit.page
        page.get_by_role("button", name="Ask it").click()
        form = page.get_by_role("region", name="Ask it")
        form.get_by_label("total_day_minutes").fill("265.1")
        form.get_by_label("voice_mail_plan").select_option("yes")
        form.get_by_label("Variant").select_option("Challenger")
        form.get_by_role("button", name="Send").click()
        row = form.get_by_role("row").filter(has_text=ANSWER)
        assert row.inner_text().split("\t")[1:4] == ["200", "Challenger", "14.2"]
        visit.refuse_faults()
        visit.keep("ask", "Ask it")
    _, listed = airflow.call(
        "GET", "/api/v2/dags/ask_churn/dagRuns?order_by=-run_after&limit=1", user="vera"
    )
    (run,) = listed["dag_runs"]
    assert run["triggering_user_name"] == "ada"
    assert (run["conf"]["variant"], run["conf"]["record"]["total_day_minutes"]) == (
        *("Challenger", 265.1),
    )


def test_a_record_as_json_is_checked_and_a_model_without_a_dag_says_so(studio: Studio) -> None:
    with studio.visit("endpoints", answers=ENDPOINTS) as visit:
        page = visit.page
        page.get_by_role("button", name="Ask it").click()
        page.get_by_role("button", name="Edit as JSON").click()
        page.get_by_label("Record, as JSON").fill("[1]")
        page.get_by_role("button", name="Send").click()
        assert "not one JSON object" in page.get_by_role("alert").inner_text()
    with studio.visit("endpoints", answers=ENDPOINTS | {f"{AIRFLOW}?*": (200, {"dags": []})}) as v:
        v.page.get_by_role("button", name="Ask it").click()
        v.page.get_by_text("There is no DAG ask_churn that you may read.").wait_for()
        v.page.get_by_role("button", name="Tear down").click()
        v.page.get_by_text("You may not read a DAG that deletes it.").wait_for()
        assert v.page.get_by_role("button", name="Delete it").is_disabled()
        assert v.errors == []


def test_the_models_own_dag_tears_down_after_a_confirmation(studio: Studio) -> None:
    dags: list[dict[str, Any]] = [
        {"dag_id": name, "is_paused": False, "tags": []}
        for name in ("tear_down_churn", "tear_down_endpoints")
    ]
    run = {"dag_id": "tear_down_churn", "dag_run_id": "manual__1", "state": "queued"}
    answers = ENDPOINTS | {f"{AIRFLOW}?*": (200, {"dags": dags})}
    answers |= {f"{AIRFLOW}/tear_down_churn/dagRuns": (200, run)}
    with (
        studio.visit("endpoints", answers=answers) as visit,
        visit.page.expect_request("**/dagRuns") as sent,
    ):
        visit.page.get_by_role("button", name="Tear down").click()
        visit.page.get_by_text("The DAG tear_down_churn deletes the endpoint").wait_for()
        visit.page.get_by_role("button", name="Delete it").click()
        visit.page.get_by_role("link", name="A run of tear_down_churn").wait_for()
    assert sent.value.post_data_json == {"logical_date": None, "conf": {"confirm": True}}


def test_another_endpoint_is_not_torn_down_by_the_first_ones_dag(studio: Studio) -> None:
    dag = {"dag_id": "tear_down_churn", "is_paused": False, "tags": []}
    answers = ENDPOINTS | {
        f"{AIRFLOW}?*": (200, {"dags": [dag]}),
        API: (200, [SUMMARY, SUMMARY | {"name": "wine"}]),
        f"{API}/wine": (200, ENDPOINT | {"name": "wine"}),
        f"{API}/wine/metrics?*": (200, METRICS),
        f"{API}/wine/test": (200, {"test": None}),
    }
    with studio.visit("endpoints", answers=answers) as visit:
        page = visit.page
        page.get_by_role("button", name="Tear down").click()
        page.get_by_text("The DAG tear_down_churn deletes the endpoint").wait_for()
        page.get_by_role("button", name="Cancel").click()
        page.route(f"{AIRFLOW}?*", lambda _: None)  # its DAG is not known yet
        page.get_by_role("combobox", name="Endpoint").select_option("wine")
        page.get_by_role("heading", name="wine").wait_for()
        page.get_by_role("button", name="Tear down").click()
        page.get_by_role("heading", name="Delete endpoint wine?").wait_for()
        assert page.get_by_role("button", name="Delete it").is_disabled()


def test_the_answer_to_an_earlier_choice_comes_too_late(studio: Studio) -> None:
    with studio.visit("endpoints", answers=ENDPOINTS) as visit:
        page, waiting = visit.page, list["Route"]()
        page.locator("canvas").first.wait_for()
        page.route(f"{API}/churn/metrics?hours=24&*", lambda route: waiting.append(route))
        span = page.get_by_role("combobox", name="Time")
        span.select_option("Last day")
        with page.expect_response("**/metrics?hours=1&*"):
            span.select_option("Last hour")
        with page.expect_response("**/metrics?hours=24&*"):
            waiting[0].fulfill(json=METRICS | {"series": []})
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.get_by_text("No value in this time.").count() == 0

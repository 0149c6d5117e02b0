"""The Studio pages in a real browser: with data, empty, and with a failing AWS."""

from __future__ import annotations

import json

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account
from tests.plugins.prodml.ui.conftest import Airflow
from tests.plugins.prodml.ui.visits import PHONE, WIDE, Studio, Visit

MODEL = "churn"
SCORES = {
    0.8997: "Approved",
    0.8695: "Rejected",
    0.9386: "Approved",
    0.941: "PendingManualApproval",
}
BUCKET = "prodml-local"
DRIFTED = {
    "window_end": "2026-11-29T05:00:00+00:00",
    "outcome": "ALERT",
    "columns": ["total_day_minutes"],
}
EMPTY = {"read_at": "2026-11-29T06:00:00Z", "models": [], "truncated": False}
NOTHING = {"**/prodml/api/models": (200, EMPTY), "**/api/v2/dags?*": (200, {"dags": []})}


@pytest.fixture(scope="module")
def churn(studio: Studio, platform: Platform) -> str:
    """The model of the server's DAGs: four versions, of which the third serves and drifts."""
    packages = account.register(platform, MODEL, SCORES)
    account.train(platform, MODEL, 3, packages[2])
    account.serve(platform, MODEL, packages[2])
    platform.s3.create_bucket(Bucket=BUCKET)
    key = f"{MODEL}/drift/windows/{MODEL}/20261129T050000Z.json"
    platform.s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(DRIFTED))
    for _ in range(3):
        platform.invoke(MODEL, "1,2")
    return MODEL


def test_a_failing_aws_is_explained(studio: Studio, server: Server) -> None:
    denied = {"operation": "Search", "error": "AccessDeniedException", "status": 400}
    with server.faults(denied), studio.visit("models") as visit:
        alert = visit.page.get_by_role("alert")
        assert "AccessDeniedException" in alert.inner_text()
        assert "Allow this call to the role of Airflow's API server" in alert.inner_text()
        visit.errors.clear()  # the browser reports each failed request there
        visit.refuse_faults()


def test_an_account_without_models_says_how_to_get_one(studio: Studio) -> None:
    with studio.visit("models", answers=NOTHING) as visit:
        assert "No model yet" in visit.page.get_by_role("main").inner_text()
        visit.refuse_faults()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_models_show_what_is_in_production(
    studio: Studio, churn: str, width: int, scheme: str
) -> None:
    with studio.visit("models", width, scheme) as visit:
        card = visit.page.get_by_role("region", name=churn, exact=True)
        card.get_by_role("link", name="running", exact=True).wait_for()  # Airflow has answered
        text = card.inner_text()
        for part in ("InService", "version 3, since", "auc 0.9386", "2,666 rows", "running"):
            assert part in text
        drift = card.get_by_role("link", name="ALERT")
        drift.wait_for()
        assert drift.get_attribute("href") == "drift?endpoint=churn%2Fchurn"
        card.get_by_text("$0.00").wait_for()
        card.get_by_text("Scorecards").click()
        assert card.get_by_role("cell").all_inner_texts() == ["auc", "0.9410"]
        card.locator("canvas").wait_for()
        visit.refuse_faults()
        visit.keep("models")


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_model_shows_versions_deployments_and_lineage(
    studio: Studio, churn: str, width: int, scheme: str
) -> None:
    with studio.visit(f"model?name={churn}", width, scheme) as visit:
        page = visit.page
        table = page.get_by_role("region", name="Versions", exact=True).get_by_role("table")
        assert table.get_by_role("columnheader").all_inner_texts() == ["version", *"4321"]
        cells = table.get_by_role("row").nth(1).get_by_role("cell")
        statuses = ["Pending", "Approved, in production", "Rejected", "Approved"]
        assert cells.all_inner_texts() == statuses
        decided = table.get_by_role("row").nth(2).get_by_role("cell").all_inner_texts()
        assert decided == ["not decided yet", *["ada, 2026-11-29 06:00 UTC"] * 3]
        page.get_by_text("Choose versions: 4 of 4").click()
        page.get_by_role("checkbox", name="2 Rejected").press("Space")
        assert cells.all_inner_texts() == [statuses[0], statuses[1], statuses[3]]
        page.get_by_role("img", name="over time: 2 spans, 1 rolled back").wait_for()
        deployments = page.get_by_role("region", name="Deployments").get_by_role("row")
        happened = [row.split("\t")[1:3] for row in deployments.all_inner_texts()[1:]]
        assert happened == [["3", "deployed"], ["2", "rolled back"], ["1", "deployed"]]
        graph = page.get_by_role("img", name="6 nodes and 6 edges")
        graph.locator("canvas").wait_for()
        graph.click(position={"x": 84, "y": 79})  # the first node
        page.get_by_role("heading", name="data: raw").wait_for()
        page.get_by_role("button", name="training: xgboost-deep").press("Enter")
        job = page.get_by_role("link", name="its job").get_attribute("href") or ""
        assert f"/_local/jobs/TrainingJob/{churn}-3" in job
        visit.refuse_faults()
        page.mouse.move(0, 0)  # a node under the mouse fades the others and has a hint
        graph.get_by_text("raw", exact=True).wait_for(state="hidden")
        visit.keep("model", full_page=True)


def test_a_picture_that_cannot_be_read_leaves_the_rest(studio: Studio, churn: str) -> None:
    denied = {"error": "AWS could not be read: denied.", "remedy": "Allow this call."}
    paths = ("churn/deployments", "churn/versions/3/lineage")
    answers = {f"**/prodml/api/models/{path}": (502, denied) for path in paths}
    with studio.visit(f"model?name={churn}", answers=answers) as visit:
        for name in ("In production", "Lineage"):
            part = visit.page.get_by_role("region", name=name, exact=True)
            assert "Allow this call." in part.get_by_role("alert").inner_text()
        assert "in production" in visit.page.get_by_role("table").inner_text()


def test_an_unknown_model_leads_to_the_list(studio: Studio) -> None:
    with studio.visit("model?name=nothing", answers=NOTHING) as visit:
        assert visit.page.get_by_role("main").get_by_role("link").get_attribute("href") == "models"
        visit.refuse_faults()


def test_a_question_is_answered_by_keyboard_as_the_user(
    studio: Studio, airflow: Airflow, churn: str
) -> None:
    with studio.visit("models") as visit:
        approve = visit.page.get_by_role("button", name="Approve")
        approve.focus()
        visit.page.keyboard.press("Enter")
        approve.wait_for(state="detached")
        assert visit.errors == []
    run = "/api/v2/dags/retrain_churn/dagRuns/manual__2026-11-29"
    _, asked = airflow.call("GET", f"{run}/taskInstances/approve/-1/hitlDetails", user="vera")
    assert asked["chosen_options"] == ["Approve"]
    assert asked["responded_by_user"]["name"] == "ada"


def test_studio_is_in_airflows_navigation_and_follows_its_mode(studio: Studio, churn: str) -> None:
    with studio.context(scheme="dark") as context:
        page = context.new_page()
        page.goto(studio.url)
        page.get_by_role("link", name="Studio").click()
        frame = page.frame_locator("iframe")
        assert frame.get_by_role("region", name=churn, exact=True).inner_text()
        assert frame.locator("html").get_attribute("data-theme") == "dark"
        page.evaluate("document.documentElement.classList.remove('dark')")
        frame.locator("html[data-theme=light]").wait_for(state="attached")
        script = "<a id=script target=_blank href='javascript:document.title = 1'>Script</a>"
        frame.locator("main").evaluate(
            "(main, html) => main.insertAdjacentHTML('afterend', html)", script
        )
        title = page.title()
        frame.locator("#script").click()
        assert page.title() == title


def test_a_tab_of_a_dag_shows_its_model_and_a_tab_of_a_task_its_job(
    studio: Studio, churn: str
) -> None:
    with studio.context() as context:
        page = context.new_page()
        page.goto(f"{studio.url}/dags/retrain_churn")
        page.locator("a[href$='/plugin/studio-dag']").click()
        frame = page.frame_locator("iframe")
        frame.get_by_role("heading", name=churn, exact=True).wait_for()
        assert frame.get_by_role("navigation").count() == 0, "Airflow's page has it"
        frame.locator("canvas").first.wait_for()
        Visit(page, []).keep("tab")
    with studio.visit("dag?dag=retrain_churn", PHONE, "dark") as visit:
        visit.page.locator("canvas").first.wait_for()
        visit.refuse_faults()
    task = "task?dag=retrain_churn&run=manual__2026-11-29&task=approve&map_index={MAP_INDEX}"
    with studio.visit(task) as visit:
        visit.page.get_by_text("It started no SageMaker job").wait_for()
        visit.refuse_faults()

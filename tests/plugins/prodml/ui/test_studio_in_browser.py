"""The Studio pages in a real browser: with data, empty, and with a failing AWS."""

from __future__ import annotations

import os

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account
from tests.plugins.prodml.ui.conftest import Airflow
from tests.plugins.prodml.ui.visits import PHONE, WIDE, Studio

MODEL = "churn"
SCORES = {
    0.8997: "Approved",
    0.8695: "Rejected",
    0.9386: "Approved",
    0.941: "PendingManualApproval",
}
EMPTY = {"read_at": "2026-11-29T06:00:00Z", "models": [], "truncated": False}
NOTHING = {"**/prodml/api/models": (200, EMPTY), "**/api/v2/dags?*": (200, {"dags": []})}


@pytest.fixture(scope="module")
def churn(studio: Studio, platform: Platform) -> str:
    """The model of the server's DAG: four versions, of which the third serves."""
    packages = account.register(platform, MODEL, SCORES)
    account.serve(platform, MODEL, packages[2])
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
        text = card.inner_text()
        for part in ("InService", "version 3, since", "auc 0.9386", "2,666 rows", "running"):
            assert part in text
        card.locator("canvas").wait_for()
        visit.refuse_faults()
        if width == WIDE and (folder := os.environ.get("PRODML_SCREENSHOTS")):
            visit.page.screenshot(path=f"{folder}/studio-models.png")


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_model_shows_its_versions_side_by_side(
    studio: Studio, churn: str, width: int, scheme: str
) -> None:
    with studio.visit(f"model?name={churn}", width, scheme) as visit:
        table = visit.page.get_by_role("table")
        assert table.get_by_role("columnheader").all_inner_texts() == ["version", *"4321"]
        statuses = ["Pending", "Approved, in production", "Rejected", "Approved"]
        assert table.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts() == statuses
        visit.page.locator("canvas").wait_for()
        visit.refuse_faults()


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

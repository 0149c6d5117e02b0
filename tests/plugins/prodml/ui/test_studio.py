"""Airflow asks who may read Studio, and takes actions from its own pages only."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request

import pytest
from fastapi.testclient import TestClient
from prodml.ui.studio import FOLDER, KEPT

from tests.plugins.prodml.ui.conftest import Airflow


def test_an_unknown_page_is_answered_with_the_known_ones(airflow: Airflow) -> None:
    status, said = airflow.call("GET", "/prodml/studio/nothing", user="vera")
    known = "models, model, experiments, endpoints, drift, jobs, costs, dag, run, task"
    assert (status, said["detail"]) == (404, f"No page 'nothing'. Open one of {known}.")


def test_a_browser_keeps_the_script_of_the_present_version_only(pages: TestClient) -> None:
    script = re.findall(r'src="(static/[^"]+/studio\.js)"', pages.get("/studio/models").text)[0]
    kept = pages.get(f"/studio/{script}")
    other = pages.get("/studio/static/other/studio.js")
    assert (kept.headers["Cache-Control"], other.headers["Cache-Control"]) == (KEPT, "no-store")
    assert kept.text == other.text == (FOLDER / "studio.js").read_text(encoding="utf-8")
    assert kept.headers["Content-Encoding"] == "gzip"


def test_a_viewer_may_not_answer_a_question(airflow: Airflow) -> None:
    question = "/api/v2/dags/retrain_churn/dagRuns/manual__2026-11-29/taskInstances/approve/-1"
    body = {"chosen_options": ["Approve"], "params_input": {}}
    assert airflow.call("PATCH", f"{question}/hitlDetails", body, user="vera")[0] == 403


ASKING = "/api/v2/dags/ask_churn/dagRuns"


def test_a_viewer_may_not_ask_a_model(airflow: Airflow) -> None:
    assert airflow.call("POST", ASKING, {"logical_date": None}, user="vera")[0] == 403


def test_what_another_site_can_send_triggers_nothing(airflow: Airflow) -> None:
    """A form sends text with the browser's cookies; a body of JSON needs the server's consent."""
    headers = {"Content-Type": "text/plain", "Cookie": f"_token={airflow.token('ada')}"}
    body = json.dumps({"logical_date": None}).encode()
    request = urllib.request.Request(airflow.url + ASKING, body, headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 422

"""An event in words, with links that Airflow understands."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from prodml.notifications.message import LONGEST, SUBJECT, Message, Source
from prodml.notifications.run_events import BudgetRefused, DagBroken
from prodml.notifications.version_events import ApprovalWaiting

BASE = "http://localhost:8080"
RUN = "scheduled__2026-01-01T00:00:00+00:00"
QUOTED = "scheduled__2026-01-01T00%3A00%3A00%2B00%3A00"


@pytest.mark.parametrize(
    ("source", "page", "path"),
    [
        (Source(), "", ""),
        (Source("d", RUN), "", f"/dags/d/runs/{QUOTED}"),
        (Source("d", RUN, "a/b"), "", f"/dags/d/runs/{QUOTED}/tasks/a%2Fb"),
        (Source("d", "r", "t", 0), "xcom", "/dags/d/runs/r/tasks/t/mapped/0/xcom"),
        (Source("d", "r", "t"), "required_actions", "/dags/d/runs/r/tasks/t/required_actions"),
    ],
    ids=["airflow", "run", "task", "mapped", "page"],
)
def test_a_link_leads_to_the_task_or_run(source: Source, page: str, path: str) -> None:
    assert source.address(page) == f"{BASE}{path}"


@pytest.mark.parametrize(("index", "mapped"), [(None, False), (-1, False), (0, True), (3, True)])
def test_a_task_instance_is_mapped_if_it_has_an_index(index: int | None, mapped: bool) -> None:
    ti = SimpleNamespace(dag_id="d", run_id="r", task_id="t", map_index=index)
    assert (f"/mapped/{index}" in Source.of(ti).address()) is mapped


def test_a_message_links_the_tab_of_its_event_and_the_runbook() -> None:
    event = ApprovalWaiting(model_package_arn="model-package/churn/7", card="0.9")
    message = Message.of(event, Source("d", "r", "t"))
    assert message.text == (
        "ProdML: churn version 7 waits for approval\n\n0.9\n\n"
        f"In Airflow: {BASE}/dags/d/runs/r/tasks/t/required_actions\n"
        f"Runbook: {BASE}/prodml/runbooks#approval-waiting"
    )


def test_long_facts_are_cut() -> None:
    (whole, cut) = (
        Message.of(BudgetRefused(reason="x" * length), Source()).facts
        for length in (LONGEST, LONGEST + 1)
    )
    assert whole == "x" * LONGEST
    assert cut == f"{whole}..."


def test_a_subject_of_sns_is_one_short_line_of_ascii() -> None:
    odd = Message.of(DagBroken(file="Zürich\n\n.py"), Source())
    assert odd.short_subject == "ProdML: DAG file Z rich .py cannot be imported"
    long = Message.of(DagBroken(file="x" * SUBJECT), Source())
    assert (len(long.short_subject), long.short_subject[-4:]) == (SUBJECT, "x...")


def test_markup_in_facts_stays_text() -> None:
    message = Message.of(BudgetRefused(reason='<b> & "USD"'), Source())
    assert '&lt;b&gt; &amp; "USD"' in message.slack
    assert "<pre>&lt;b&gt; &amp; &quot;USD&quot;</pre>" in message.html


def test_a_message_without_facts_has_no_empty_part() -> None:
    message = Message("deployed", "It serves.", "", f"{BASE}/dags", f"{BASE}/runbooks")
    assert message.text.startswith("It serves.\n\nIn Airflow: ")
    assert "<pre>" not in message.html

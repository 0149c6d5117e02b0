"""Send events to an SNS topic, Slack and a mail server that really receive them."""

from __future__ import annotations

import logging
import socket
from email.message import Message as Mail

import pytest
from prodml.notifications.message import Source
from prodml.notifications.run_events import RunFailed
from prodml.notifications.sending import send
from prodml.notifications.version_events import ApprovalWaiting, ModelDeployed

from tests.plugins.receivers import Notify, Slack, Topic

ARN = "arn:aws:sagemaker:us-east-1:0:model-package/churn/7"
CARD = "| score | champion |\n| auc | <0.9> {{ conn.aws_default.password }} ü |"
WAITING = ApprovalWaiting(model_package_arn=ARN, card=CARD)
SOURCE = Source("retrain_churn", "manual__2026-01-01T00:00:00+00:00", "approve")
LINK = (
    "http://localhost:8080/dags/retrain_churn/runs/manual__2026-01-01T00%3A00%3A00%2B00%3A00"
    "/tasks/approve/required_actions"
)
RUNBOOK = "http://localhost:8080/prodml/runbooks#approval-waiting"
SUBJECT = "ProdML: churn version 7 waits for approval"
TEXT = f"{SUBJECT}\n\n{CARD}\n\nIn Airflow: {LINK}\nRunbook: {RUNBOOK}"


def test_every_receiver_gets_the_event_once(
    notify: Notify, topic: Topic, slack: Slack, mails: list[Mail]
) -> None:
    notify(f"sns:{topic.arn}", "slack:#ml", "slack:ml_webhook", "mailto:team@example.com")
    send(WAITING, SOURCE)
    (message,) = topic.messages()
    assert message["Subject"] == SUBJECT
    assert message["Message"] == TEXT
    assert message["MessageAttributes"]["event"]["Value"] == "approval-waiting"
    by_path = dict(slack.requests)
    assert sorted(by_path) == ["/api/chat.postMessage", "/services/T0/B0/X"]
    marked = TEXT.replace("<", "&lt;").replace(">", "&gt;")
    assert {document["text"] for document in by_path.values()} == {marked}
    assert by_path["/api/chat.postMessage"]["channel"] == "#ml"
    (mail,) = mails
    assert (mail["To"], mail["From"]) == ("team@example.com", "airflow@example.com")
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    html = b"".join(part for part in parts if isinstance(part, bytes)).decode()
    assert f'<a href="{LINK}">' in html
    assert "&lt;0.9&gt; {{ conn.aws_default.password }} ü" in html


def test_a_receiver_that_is_down_costs_a_warning_and_no_other_receiver_its_message(
    notify: Notify, topic: Topic, slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    notify("slack:no_such_connection", f"sns:{topic.arn}-gone", f"sns:{topic.arn}")
    with caplog.at_level(logging.WARNING):
        send(RunFailed(dag_id="retrain_churn", reason="task_failure"), SOURCE)
    assert [message["Subject"] for message in topic.messages()] == [
        "ProdML: A run of retrain_churn failed"
    ]
    warnings = [record.getMessage() for record in caplog.records if "Could not" in record.message]
    assert len(warnings) == 2
    assert all("A run of retrain_churn failed" in warning for warning in warnings)


def test_a_receiver_that_does_not_answer_costs_seconds(
    notify: Notify, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    notify("mailto:team@example.com")
    monkeypatch.setattr("prodml.notifications.sending.LONGEST", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", f"smtp://127.0.0.1:{port}/?timeout=5")
        send(ModelDeployed(model_package_arn=ARN, endpoint="churn"), SOURCE)
    assert "did not take 'ProdML: Endpoint churn serves churn version 7' in 0 s" in caplog.text


def test_without_receivers_nothing_is_written(notify: Notify, topic: Topic) -> None:
    notify()
    send(WAITING, SOURCE)
    assert topic.messages() == []

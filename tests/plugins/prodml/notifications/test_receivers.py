from __future__ import annotations

import importlib.util

import pytest
from prodml.notifications import receivers
from prodml.notifications.receivers import (
    Channel,
    Mailbox,
    NotificationSettingsError,
    Topic,
    Webhook,
    read,
)

ARN = "arn:aws-cn:sns:cn-north-1:123456789012:ml_team-1"


def test_entries_are_separated_by_commas() -> None:
    text = f"sns:{ARN}, slack:#ml-alerts ,slack:ml_hook, mailto:team@example.com,, slack:#ml-alerts"
    expected = (Topic(ARN), Channel("#ml-alerts"), Webhook("ml_hook"), Mailbox("team@example.com"))
    assert read({"PRODML_NOTIFY": text}) == expected
    assert read({}) == read({"PRODML_NOTIFY": " , "}) == ()


def test_a_topic_is_reached_by_the_projects_connection() -> None:
    environment = {"PRODML_NOTIFY": f"sns:{ARN}", "PRODML_AWS_CONN_ID": "prod"}
    assert read(environment) == (Topic(ARN, "prod"),)


@pytest.mark.parametrize(
    "entry",
    [
        "team@example.com",
        "sns:ml",
        "slack:",
        "slack:#",
        "mailto:team",
        "sms:+49",
        "sns:arn:aws:sqs:",
    ],
)
def test_any_other_entry_is_refused_with_the_forms(entry: str) -> None:
    with pytest.raises(NotificationSettingsError) as refused:
        read({"PRODML_NOTIFY": f"slack:#ml, {entry}"})
    assert str(refused.value).startswith(f"PRODML_NOTIFY has {entry!r}; use sns:TOPIC_ARN")


def test_a_missing_provider_is_named_when_the_settings_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed = importlib.util.find_spec
    monkeypatch.setattr(
        receivers, "find_spec", lambda name: None if "slack" in name else installed(name)
    )
    with pytest.raises(NotificationSettingsError, match="needs apache-airflow-providers-slack"):
        read({"PRODML_NOTIFY": "slack:#ml"})
    assert read({"PRODML_NOTIFY": "mailto:team@example.com"}) == (Mailbox("team@example.com"),)

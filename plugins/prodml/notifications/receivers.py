"""Read from `PRODML_NOTIFY` who is notified, and make Airflow's notifier for each receiver."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Protocol

from prodml.notifications.message import Message

VARIABLE = "PRODML_NOTIFY"
TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}")
CHANNEL = re.compile(r"#[^\s#,]{1,80}|[A-Za-z0-9_.-]{1,200}")
MAILBOX = re.compile(r"[^\s@,<>]+@[^\s@,<>]+")
TIMEOUT = 8  # seconds in which Slack must answer


class NotificationSettingsError(ValueError):
    """Raised when PRODML_NOTIFY names no valid receiver."""


class Receiver(Protocol):
    """A place that messages are sent to."""

    def notifier(self, message: Message) -> Any:
        """Return the notifier of Airflow that sends *message*."""


@dataclass(frozen=True)
class Topic:
    """An SNS topic, in the region of its ARN."""

    arn: str
    aws_conn_id: str = "aws_default"

    def notifier(self, message: Message) -> Any:
        from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

        return SnsNotifier(
            target_arn=self.arn,
            subject=message.short_subject,
            message=message.text,
            message_attributes={"event": message.event},
            aws_conn_id=self.aws_conn_id,
            region_name=self.arn.split(":")[3],
        )


@dataclass(frozen=True)
class Channel:
    """A Slack channel, by Slack's API and the connection `slack_api_default`."""

    name: str

    def notifier(self, message: Message) -> Any:
        from airflow.providers.slack.notifications.slack import SlackNotifier

        return SlackNotifier(text=message.slack, channel=self.name, timeout=TIMEOUT)


@dataclass(frozen=True)
class Webhook:
    """An incoming webhook of Slack, by its connection in Airflow."""

    conn_id: str

    def notifier(self, message: Message) -> Any:
        from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

        return SlackWebhookNotifier(
            text=message.slack, slack_webhook_conn_id=self.conn_id, timeout=TIMEOUT
        )


@dataclass(frozen=True)
class Mailbox:
    """An address, by the SMTP connection of Airflow's setting ``[email] email_conn_id``."""

    address: str

    def notifier(self, message: Message) -> Any:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        return SmtpNotifier(to=self.address, subject=message.subject, html_content=message.html)


@cache
def receivers() -> tuple[Receiver, ...]:
    """Return the receivers of this process, read once; empty if no one is to be notified."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> tuple[Receiver, ...]:
    """Return the receivers that the variable names; raise NotificationSettingsError for others."""
    text = environment.get(VARIABLE, "")
    connection = environment.get("PRODML_AWS_CONN_ID") or "aws_default"
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    return tuple(dict.fromkeys(_receiver(entry, connection) for entry in entries))


def _receiver(entry: str, aws_conn_id: str) -> Receiver:
    kind, _, address = entry.partition(":")
    if kind == "sns" and TOPIC.fullmatch(address):
        return Topic(address, aws_conn_id)
    if kind == "slack" and CHANNEL.fullmatch(address):
        _require("slack", entry)
        return Channel(address) if address.startswith("#") else Webhook(address)
    if kind == "mailto" and MAILBOX.fullmatch(address):
        _require("smtp", entry)
        return Mailbox(address)
    raise NotificationSettingsError(
        f"{VARIABLE} has {entry!r}; use sns:TOPIC_ARN, slack:#CHANNEL, slack:CONNECTION_ID of an "
        "incoming webhook, or mailto:ADDRESS, with commas between."
    )


def _require(provider: str, entry: str) -> None:
    if find_spec(f"airflow.providers.{provider}") is None:
        raise NotificationSettingsError(
            f"{VARIABLE} has {entry!r}, which needs apache-airflow-providers-{provider}. "
            "Install it on every machine of this Airflow, or remove the entry."
        )

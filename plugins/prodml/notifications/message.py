"""Write an event as a message: a subject, sentences, a link to Airflow and one to the runbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from airflow.sdk import conf

from prodml.links.report import PREFIX
from prodml.notifications.events import Event

LONGEST = 3000  # characters of the facts; Slack cuts longer messages
SUBJECT = 100  # characters of an SNS subject, all printable ASCII
RUNBOOKS = f"{PREFIX}/runbooks"
UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


@dataclass(frozen=True)
class Source:
    """The task or run that an event happened to; empty for an event of Airflow itself."""

    dag_id: str = ""
    run_id: str = ""
    task_id: str | None = None
    map_index: int = -1

    @classmethod
    def of(cls, ti: Any) -> Source:
        """Return the task instance as a source."""
        index = -1 if ti.map_index is None else ti.map_index
        return cls(ti.dag_id, ti.run_id, ti.task_id, index)

    def address(self, page: str = "") -> str:
        """Return the URL in Airflow of the task instance or run, or of one of its tabs."""
        parts = ["dags", self.dag_id, "runs", self.run_id] if self.dag_id else []
        if self.task_id:
            parts += ["tasks", self.task_id]
            parts += ["mapped", str(self.map_index)] if self.map_index >= 0 else []
        parts += [page] if page else []
        return "/".join([_base(), *(quote(part, safe="") for part in parts)])


@dataclass(frozen=True)
class Message:
    """An event in words; *event* is its name."""

    event: str
    subject: str
    facts: str
    link: str
    runbook: str

    @classmethod
    def of(cls, event: Event, source: Source) -> Message:
        """Return *event* in words, without the secrets that Airflow masks in its logs."""
        from airflow.sdk._shared.secrets_masker import redact

        facts = "\n\n".join(event.facts())
        return cls(
            event=event.name,
            subject=str(redact(f"ProdML: {event.title}")),
            facts=str(redact(facts if len(facts) <= LONGEST else f"{facts[:LONGEST]}...")),
            link=source.address(event.page),
            runbook=f"{_base()}{RUNBOOKS}#{event.name}",
        )

    @property
    def short_subject(self) -> str:
        """Return the subject as SNS takes it."""
        plain = UNPRINTABLE.sub(" ", self.subject)
        return plain if len(plain) <= SUBJECT else f"{plain[: SUBJECT - 3]}..."

    @property
    def text(self) -> str:
        links = f"In Airflow: {self.link}\nRunbook: {self.runbook}"
        return "\n\n".join(filter(None, [self.subject, self.facts, links]))

    @property
    def slack(self) -> str:
        """Return the text with the three characters escaped that Slack's markup reserves."""
        return escape(self.text, quote=False)

    @property
    def html(self) -> str:
        facts = f"<pre>{escape(self.facts)}</pre>" if self.facts else ""
        links = ((self.link, "In Airflow"), (self.runbook, "Runbook"))
        shown = " · ".join(f'<a href="{escape(url)}">{name}</a>' for url, name in links)
        return f"<p>{escape(self.subject)}</p>{facts}<p>{shown}</p>"


def _base() -> str:
    return str(conf.get("api", "base_url", fallback="http://localhost:8080")).rstrip("/")

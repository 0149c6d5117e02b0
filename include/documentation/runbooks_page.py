"""The runbooks of all notifications, as Airflow shows them below `/prodml/runbooks`."""

from __future__ import annotations

from prodml.notifications.runbooks import RUNBOOKS, Runbook

PAGE = """\
# Runbooks

One section for each event that [a notification](notifications.md) is about; made from
`plugins/prodml/notifications/runbooks.py`. A notification links the same page in Airflow.

{sections}
"""


def page() -> str:
    """Return the page's Markdown."""
    return PAGE.format(sections="\n\n".join(_section(*item) for item in RUNBOOKS.items()))


def _section(name: str, runbook: Runbook) -> str:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(runbook.steps, 1))
    return f"## {name.replace('-', ' ').capitalize()}\n\n{runbook.meaning}\n\n{steps}"

"""Show the runbooks of all events on one page, with an anchor for each."""

from __future__ import annotations

import re
from html import escape

from prodml.notifications.runbooks import RUNBOOKS, Runbook

MARK = re.compile(r"([`*])(.+?)\1")
TAGS = {"`": "code", "*": "em"}


def page() -> str:
    """Return the page."""
    body = "".join(_section(name, runbook) for name, runbook in RUNBOOKS.items())
    style = "body{font:16px/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    return (
        f'<!doctype html><html lang=en><head><meta charset="utf-8"><title>Runbooks</title>'
        f"<style>{style}</style></head><body><h1>Runbooks</h1>{body}</body></html>"
    )


def _section(name: str, runbook: Runbook) -> str:
    steps = "".join(f"<li>{_markup(step)}</li>" for step in runbook.steps)
    heading = name.replace("-", " ").capitalize()
    return f'<h2 id="{name}">{heading}</h2><p>{_markup(runbook.meaning)}</p><ol>{steps}</ol>'


def _markup(text: str) -> str:
    def tagged(mark: re.Match[str]) -> str:
        return f"<{TAGS[mark[1]]}>{mark[2]}</{TAGS[mark[1]]}>"

    return MARK.sub(tagged, escape(text))

"""The page of runbooks shows their Markdown as HTML, and nothing else of them as HTML."""

from __future__ import annotations

import pytest
from prodml.notifications.runbooks import RUNBOOKS, Runbook
from prodml.ui.runbooks import page


def test_code_and_emphasis_are_marked_and_the_rest_is_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runbook = Runbook("Less than `a < b` & *no more*.", ("Run `x`, then `y`.", "Wait 2 * 3 s."))
    monkeypatch.setitem(RUNBOOKS, "too-little", runbook)
    assert page().endswith(
        '<h2 id="too-little">Too little</h2>'
        "<p>Less than <code>a &lt; b</code> &amp; <em>no more</em>.</p>"
        "<ol><li>Run <code>x</code>, then <code>y</code>.</li><li>Wait 2 * 3 s.</li></ol>"
        "</body></html>"
    )


def test_no_mark_is_left_on_the_page() -> None:
    text = page()
    assert text.count("<h2 id=") == len(RUNBOOKS)
    assert "*" not in text
    assert "`" not in text

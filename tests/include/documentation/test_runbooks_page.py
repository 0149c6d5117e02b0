"""Each runbook is a section of the page, with its steps in order."""

from __future__ import annotations

from prodml.notifications.runbooks import RUNBOOKS

from include.documentation.runbooks_page import page


def test_each_runbook_is_a_section_with_numbered_steps() -> None:
    sections = page().split("\n## ")[1:]
    assert len(sections) == len(RUNBOOKS)
    for section, (name, runbook) in zip(sections, RUNBOOKS.items(), strict=True):
        title, _, rest = section.partition("\n\n")
        assert title.lower() == name.replace("-", " ")
        assert rest.startswith(runbook.meaning)
        lines = rest.strip().splitlines()[-len(runbook.steps) :]
        assert lines == [f"{n}. {step}" for n, step in enumerate(runbook.steps, 1)]

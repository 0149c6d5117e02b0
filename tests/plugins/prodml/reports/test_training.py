"""The report of a training job: curves with marks, resource use, what to do."""

from __future__ import annotations

import math

from prodml.debugger.judge import Judge
from prodml.debugger.observations import Observation, Source
from prodml.debugger.rules import LossNotDecreasing, LowUse, Rule
from prodml.reports.training import page

LOSSES = {"train:loss": 0.5, "validation:loss": 0.7}
USAGE = {"cpu/algo-1": 2.0, "gpu/algo-1": 90.0}
SEEN = [
    *(
        Observation(Source.METRIC, {"train:loss": 0.5, "validation:loss": 0.7}, n)
        for n in range(20)
    ),
    *(
        Observation(Source.USAGE, {"cpu/algo-1": 2.0, "gpu/algo-1": 90.0}, 60.0 * n)
        for n in range(12)
    ),
    Observation(Source.GRADIENTS, {"all": math.inf, "<layer>": 0.1}, 30.0),
    Observation(Source.LABELS, {"no": 90, "yes": 10}, 31.0),
]


def _page(*rules: Rule) -> str:
    judge = Judge(rules)
    judge.see(SEEN)
    return page("job", "Completed", SEEN, judge.findings)


def test_findings_are_marked_where_they_belong() -> None:
    text = _page(LossNotDecreasing("validation:loss", stop=True), LowUse())
    assert "The job is Completed. 2 rules found a problem." in text
    assert "<td class=text>0.2 minutes</td><td class=text>LossNotDecreasing</td>" in text
    assert "Lower the learning rate" in text
    assert text.count('class="mark"') == 2
    figures = dict(part.split("</h3>", 1) for part in text.split("<h3>")[1:])
    assert [title for title, drawn in figures.items() if 'class="mark"' in drawn] == [
        "Metric: loss",
        "Use of instances: cpu",
    ]
    assert "Use of instances: gpu" in figures


def test_a_page_without_findings_shows_what_the_job_reported() -> None:
    text = _page()
    assert "No rule found a problem." in text
    assert "&lt;layer&gt;" in text
    assert "<layer>" not in text
    assert "<td>yes</td><td class=n>10</td>" in text
    assert "inf" not in text.replace("finding", "")
    assert "no metric" in page("job", "Failed", [], [])

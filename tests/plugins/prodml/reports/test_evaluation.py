"""Show an evaluation as a page."""

from __future__ import annotations

from prodml.reports.evaluation import page

from tests.plugins.prodml.reports.evaluations import evaluation


def test_the_page_shows_both_models_with_intervals_and_the_threshold() -> None:
    html = page("churn", evaluation())
    assert "<h1>Evaluation of churn</h1>" in html
    assert "<td>0.9000 (0.8800 to 0.9200)</td>" in html
    assert "This model says yes from a probability of 0.31 on, which costs 0.42" in html
    assert html.count("Confusion matrix: ") == 2
    assert html.count("<svg") == 3
    assert html.count("<polyline") == 2 * 3 + 2  # chance, and as stated
    assert "&lt;gold&gt;" in html
    assert "<gold>" not in html


def test_without_a_champion_there_is_no_gain() -> None:
    html = page("churn", evaluation(champion=None))
    assert "<th>gain</th>" not in html
    assert "in production" not in html

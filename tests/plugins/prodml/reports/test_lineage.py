from __future__ import annotations

from prodml.reports.lineage import page

COLUMNS = ("step", "name")


def test_each_step_is_a_row_in_the_order_of_the_columns() -> None:
    rows = [{"name": "train", "step": 1, "hidden": "x"}, {"name": "churn/1", "step": 2}]
    text = page("a-trial", COLUMNS, rows)
    assert "<h1>Lineage of a-trial</h1>" in text
    assert "<tr><th>step</th><th>name</th></tr><tr><td>1</td><td>train</td></tr>" in text
    assert text.index("<td>train</td>") < text.index("<td>churn/1</td>")
    assert "hidden" not in text


def test_names_are_text_and_never_markup() -> None:
    text = page("<i>", ("<b>",), [{"<b>": "<script>alert(1)</script>"}])
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in text
    assert not any(tag in text for tag in ("<i>", "<b>", "<script"))


def test_trial_without_a_step_has_a_sentence_for_its_table() -> None:
    text = page("a-trial", COLUMNS, [])
    assert "<p>The trial has no step yet.</p>" in text
    assert "<table>" not in text

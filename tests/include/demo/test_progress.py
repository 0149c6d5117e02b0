"""Output of the demo: mapped tasks are distinguished by their labels."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from include.demo.progress import Progress


@pytest.mark.parametrize(
    ("index", "label", "shown"),
    [(1, "xgboost-deep", "train[xgboost-deep]"), (2, None, "train[2]"), (-1, None, "train ")],
)
def test_a_mapped_task_is_printed_with_its_label(index: int, label: Any, shown: str) -> None:
    page = io.StringIO()
    task = {
        "task_id": "train",
        "map_index": index,
        "rendered_map_index": label,
        "state": "success",
        "duration": 8.0,
    }
    Progress(Console(file=page, width=110)).show([task], [])
    assert f"✓ {shown}" in page.getvalue()

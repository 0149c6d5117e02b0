"""The examples of docs/reference/operators.md are DAGs that Airflow takes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.root import ROOT


def test_every_example_is_a_dag(tmp_path: Path) -> None:
    from airflow.dag_processing.dagbag import DagBag

    text = (ROOT / "docs" / "reference" / "operators.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for number, block in enumerate(blocks):
        (tmp_path / f"example_{number}.py").write_text(block)
    bag = DagBag(str(tmp_path))
    assert bag.import_errors == {}
    assert set(bag.dags) == {
        *("train_fraud", "reconcile_jobs", "deploy_fraud", "promote_fraud", "scale_fraud"),
        *("serve_fraud", "load_test_fraud", "monitor_fraud", "publish_fraud", "unpublish_fraud"),
    }

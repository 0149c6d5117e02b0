"""The notebook, executed in a fresh kernel against an embedded AWS."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from include.local_aws.testing import running_server
from tests.include.local_aws.sdk import CHEAP
from tests.root import ROOT

PATH = ROOT / "examples" / "churn_end_to_end.ipynb"
SDK = ROOT / "include" / "demo" / "sagemaker-sdk.yaml"  # as `make notebook` has it


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(notebook: nbformat.NotebookNode) -> str:
    """Return what the cells print and show as text."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    texts = [output.get("text") or output["data"].get("text/plain", "") for output in outputs]
    return "\n".join(texts)


def test_all_steps_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = nbformat.read(PATH, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(CHEAP))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(SDK))
    with running_server(tmp_path / "aws", time_scale=60) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        metadata = {"metadata": {"path": str(PATH.parent)}}
        NotebookClient(notebook, timeout=300, resources=metadata).execute()
        left = server.client("sagemaker").list_endpoint_configs()["EndpointConfigs"]
    text = printed(notebook)
    assert "5000 rows; 14.1% of them left" in text
    assert "3623 rows to train on; column 0 is the label, then 71 features" in text
    assert "AUC 0.9" in text
    assert "All traffic to" in text
    assert "CompletedWithViolations" in text
    assert "total_day_minutes" in text
    assert "2 instances: Setting desired instance count to 2." in text
    assert "Left over: []" in text
    assert left == []
    pictures = [o for cell in code_cells(notebook) for o in cell.outputs if "data" in o]
    assert sum("image/png" in picture["data"] for picture in pictures) == 3


def test_committed_without_outputs() -> None:
    """Outputs bear names and times of one run: they would change with each commit."""
    cells = code_cells(nbformat.read(PATH, as_version=4))
    assert [cell.outputs for cell in cells] == [[] for _ in cells]
    assert {cell.execution_count for cell in cells} == {None}

"""The form of a DAG as a table, from a folder with one DAG file."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.documentation import forms_page

DAG = """
from airflow.sdk import DAG, Param

FORM = {
    "gain": Param(0.5, type="number", minimum=0, exclusiveMaximum=1, description="The least."),
    "mode": Param("fast", enum=["fast", "safe", None], title="Mode"),
    "limits": Param({"low": 1, "high": 2}, type=["object", "null"]),
}
tried = DAG(dag_id="tried", schedule=None, params=FORM, doc_md="### Try it.\\n\\nTwice.")
plain = DAG(dag_id="plain", schedule=None, doc_md="### Plain.")
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of DAG files that the page is made from."""
    (tmp_path / "dags").mkdir()
    monkeypatch.setattr(forms_page, "ROOT", tmp_path)
    return tmp_path / "dags"


def test_fields_have_their_defaults_and_the_values_that_they_take(folder: Path) -> None:
    (folder / "tried.py").write_text(DAG)
    plain, tried = forms_page.page().split("\n## ")[1:]
    assert plain.endswith("**Plain.**\n\n\nIt has no form.\n")
    assert tried.startswith("tried\n\n**Try it.**\n\nTwice.\n")
    rows = tried.splitlines()[-3:]
    assert rows == [
        "| `gain` | `0.5` | number, ≥ 0, < 1 | The least. |",
        "| `mode` | `fast` | `fast`, `safe` | Mode. |",
        "| `limits` | `low, high` | object |  |",
    ]


def test_a_dag_file_that_cannot_be_imported_ends_the_build(folder: Path) -> None:
    (folder / "broken.py").write_text(
        "from airflow.sdk import DAG\nraise ValueError('no bucket')\n"
    )
    with pytest.raises(RuntimeError, match=r"(?s)broken\.py.*no bucket.*Fix it first\.$"):
        forms_page.page()

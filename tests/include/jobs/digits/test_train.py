"""The script of the digits learns from its channels, and answers the rows of a request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn", reason="the job's image has it, and an Airflow need not")

from include.jobs.digits import train

DARK, BRIGHT = "0,10", "250,240"


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train on two pixels: digit 3 is dark, and digit 7 is bright. One validation row is wrong."""
    folder = tmp_path_factory.mktemp("digits")
    channels = {
        "train": [[f"3,{DARK}", f"7,{BRIGHT}"] * 10, [f"3,{DARK}"]],
        "validation": [[f"3,{DARK}", f"7,{BRIGHT}", f"7,{BRIGHT}", f"3,{BRIGHT}"]],
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, files in channels.items():
            (folder / name).mkdir()
            for number, lines in enumerate(files):
                (folder / name / f"part-{number}.csv").write_text("\n".join(lines) + "\n")
            patch.setenv(f"SM_CHANNEL_{name.upper()}", str(folder / name))
        patch.setenv("SM_MODEL_DIR", str(folder))
        patch.setattr(sys, "argv", ["train.py", "--c", "10"])
        patch.setattr("builtins.print", lambda text: (folder / "log").open("a").write(text))
        train.main()
    return folder


def test_the_log_has_the_metrics_in_the_form_of_their_definition(model_dir: Path) -> None:
    log = (model_dir / "log").read_text()
    assert log == "train:accuracy=1.00000;validation:accuracy=0.75000;"


def test_a_request_is_answered_by_a_line_of_probabilities_for_each_row(model_dir: Path) -> None:
    model: Any = train.model_fn(str(model_dir))
    rows = train.input_fn(f"{DARK}\n{BRIGHT}\n".encode(), "text/csv; charset=utf-8")
    assert rows.max() <= 1.0
    body, kind = train.output_fn(train.predict_fn(rows, model), "text/csv")
    dark, bright = ([float(p) for p in line.split(",")] for line in body.splitlines())
    assert kind == "text/csv"
    assert dark[0] > 0.5 > bright[0]
    assert sum(dark) == pytest.approx(1, abs=1e-5)


def test_one_row_is_a_table_of_one_row() -> None:
    assert train.input_fn("0,255", "text/csv").tolist() == [[0.0, 1.0]]


def test_another_content_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'application/json' is not text/csv\. Send text/csv\."):
        train.input_fn("[[0, 255]]", "application/json")

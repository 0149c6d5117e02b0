"""Model Monitor's ground truth merger, started by the path that its container executes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from include.local_aws.containers.image import FOLDER, JOBS

PROGRAM = FOLDER / "merger" / "process.py"


def merged(base: Path, **variables: str) -> tuple[int, str]:
    """Return the exit code, and the ExitMessage of the job."""
    (base / "output").mkdir()
    environment = os.environ | variables | {"SAGEMAKER_BASE_DIR": str(base)}
    environment["PYTHONPATH"] = str(JOBS)
    done = subprocess.run([sys.executable, str(PROGRAM)], env=environment, cwd=base)
    return done.returncode, (base / "output" / "message").read_text()


def captured(number: int) -> str:
    event = {"eventId": f"event-{number}", "inferenceTime": "2026-01-01T00:00:00Z"}
    answer = {"data": "0.5", "encoding": "CSV", "observedContentType": "text/csv"}
    both = {"endpointInput": answer, "endpointOutput": answer}
    return json.dumps({"captureData": both, "eventMetadata": event, "eventVersion": "0"})


def label(number: int) -> str:
    truth = {"data": "1", "encoding": "CSV"}
    event = {"eventId": f"event-{number}"}
    return json.dumps({"groundTruthData": truth, "eventMetadata": event, "eventVersion": "0"})


def test_answers_get_their_labels(tmp_path: Path) -> None:
    """Predictions without a label are omitted."""
    for folder in ("capture", "labels"):
        (tmp_path / folder).mkdir()
    (tmp_path / "capture" / "a.jsonl").write_text(f"{captured(1)}\n{captured(2)}\n")
    (tmp_path / "labels" / "a.jsonl").write_text(f"{label(2)}\n")
    code, message = merged(
        tmp_path,
        dataset_source=str(tmp_path / "capture"),
        ground_truth_source=str(tmp_path / "labels"),
        output_path=str(tmp_path / "merged"),
    )
    assert (code, message) == (0, "Completed: 1 records have their label.")
    (line,) = (tmp_path / "merged" / "a.jsonl").read_text().splitlines()
    assert json.loads(line)["eventMetadata"]["eventId"] == "event-2"


def test_a_missing_variable_is_named(tmp_path: Path) -> None:
    code, message = merged(tmp_path, dataset_source=str(tmp_path), output_path=str(tmp_path))
    assert code == 1
    assert "ground_truth_source" in message

"""Run an evaluation job, and show what it has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from prodml.exceptions import InvalidInputError
from prodml.operators.evaluation import EvaluationOperator

from tests.plugins.prodml.reports.evaluations import evaluation
from tests.plugins.runs import ROLE, Ti, processing_request, read_text, run

FOLDER = "/opt/ml/processing/output"
WRITE = """
import pathlib, shutil
here = pathlib.Path(__file__).parent
shutil.copy(here / "evaluation.json", "/opt/ml/processing/output")
"""


def _operator(script: Path, bucket: str, folder: str, output: str) -> EvaluationOperator:
    (script / "main.py").write_text(WRITE)
    (script / "evaluation.json").write_text(json.dumps({"prodml": evaluation()}))
    written = {
        "S3Uri": f"s3://{bucket}/{folder}/evaluation",
        "LocalPath": FOLDER,
        "S3UploadMode": "EndOfJob",
    }
    outputs = {"Outputs": [{"OutputName": output, "S3Output": written}]}
    return EvaluationOperator(
        task_id="task",
        subject="churn",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        role_arn=ROLE,
        poll_interval=0.1,
        config=processing_request() | {"ProcessingOutputConfig": outputs},
    )


def test_the_button_opens_the_page_of_what_the_job_wrote(
    s3: Any, bucket: str, unique: str, script: Path, ti: Ti
) -> None:
    result = run(_operator(script, bucket, unique, "evaluation"), ti)
    assert json.loads(read_text(s3, result["evaluation"]))["prodml"] == evaluation()
    assert ti.pushed["report_source"]["uri"] == result["page"]
    assert "Evaluation of churn" in read_text(s3, result["page"])
    again = run(_operator(script, bucket, unique, "evaluation"), Ti("another run"))
    assert again == result  # the page is none of the job's outputs, which are unchanged


def test_a_job_without_the_output_is_named(bucket: str, unique: str, script: Path, ti: Ti) -> None:
    with pytest.raises(InvalidInputError, match=r"the outputs \['other'\], and no 'evaluation'"):
        run(_operator(script, bucket, unique, "other"), ti)

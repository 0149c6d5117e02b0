"""The default handlers of Hugging Face's images, without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

TASK = "from script_handler import task_of; answer = task_of(folder)"


@pytest.mark.parametrize(
    ("architecture", "task"),
    [
        ("BertForSequenceClassification", "text-classification"),
        ("TapasForQuestionAnswering", "table-question-answering"),
        ("GPT2LMHeadModel", "text-generation"),
    ],
)
def test_the_architecture_decides_on_the_task(
    architecture: str, task: str, handlers: Interpreter, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"architectures": [architecture]}))
    assert handlers.run(TASK, folder=str(tmp_path)) == task


def test_an_unknown_task_is_an_error_with_the_way_out(
    handlers: Interpreter, tmp_path: Path
) -> None:
    assert "or set HF_TASK." in handlers.refused(TASK, folder=str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"architectures": ["BertModel"]}))
    refusal = handlers.refused(TASK, folder=str(tmp_path))
    assert refusal.endswith("the architecture 'BertModel' is unknown. Set HF_TASK.")


def test_a_model_of_the_hub_is_refused(handlers: Interpreter) -> None:
    code = """import os
os.environ["HF_MODEL_ID"] = "org/model"
from script_handler import ScriptHandler
try:
    ScriptHandler().default_model_fn("/nowhere")
finally:
    del os.environ["HF_MODEL_ID"]"""
    assert "HF_MODEL_ID='org/model': models of the Hub are not" in handlers.refused(code)


def test_errors_of_requests_have_status_400(handlers: Interpreter) -> None:
    code = """from script_handler import ScriptHandler
from sagemaker_inference.errors import BaseInferenceToolkitError
answer = []
for kind in kinds:
    try:
        ScriptHandler().default_input_fn("a,b", kind)
    except BaseInferenceToolkitError as error:
        answer.append([error.status_code, error.message])"""
    (status, table), (other, unsupported) = handlers.run(code, kinds=["text/csv", "text/x"])
    assert (status, other) == (400, 400)
    assert "none of the headers question, context, inputs" in table
    assert "text/x" in unsupported

"""The default handlers of Hugging Face's images, without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.local_aws.containers.image import FOLDER
from tests.include.local_aws.images.interpreter import Interpreter

PATH = f"import sys; sys.path.insert(0, {str(FOLDER / 'hugging_face')!r})\n"
TASK = f"{PATH}from script_handler import task_of; answer = task_of(folder)"


@pytest.mark.parametrize(
    ("architecture", "task"),
    [
        ("BertForSequenceClassification", "text-classification"),
        ("TapasForQuestionAnswering", "table-question-answering"),
        ("GPT2LMHeadModel", "text-generation"),
    ],
)
def test_the_architecture_decides_on_the_task(
    architecture: str, task: str, sklearn: Interpreter, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"architectures": [architecture]}))
    assert sklearn.run(TASK, folder=str(tmp_path)) == task


def test_an_unknown_task_is_an_error_with_the_way_out(sklearn: Interpreter, tmp_path: Path) -> None:
    assert "or set HF_TASK." in sklearn.refused(TASK, folder=str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"architectures": ["BertModel"]}))
    refusal = sklearn.refused(TASK, folder=str(tmp_path))
    assert refusal.endswith("the architecture 'BertModel' is unknown. Set HF_TASK.")


def test_a_model_of_the_hub_is_refused(sklearn: Interpreter) -> None:
    code = f"""{PATH}import os
os.environ["HF_MODEL_ID"] = "org/model"
from script_handler import ScriptHandler
try:
    ScriptHandler().default_model_fn("/nowhere")
finally:
    del os.environ["HF_MODEL_ID"]"""
    assert "HF_MODEL_ID='org/model': models of the Hub are not" in sklearn.refused(code)


def test_media_types_of_requests_and_responses(sklearn: Interpreter) -> None:
    code = f"""{PATH}import numpy
from media import decode, encode
answer = [decode(*request) for request in requests]
answer += [encode([{{"score": numpy.float32(0.5)}}], "application/json")]
answer += [encode([{{"label": "A"}}], "text/csv")]"""
    requests = [['{"inputs": "a"}', "application/json"], ["inputs\na\nb\n", "text/csv"]]
    assert sklearn.run(code, requests=requests) == [
        {"inputs": "a"},
        {"inputs": ["a", "b"]},
        '[{"score":0.5}]',
        "label\r\nA\r\n",
    ]


def test_errors_of_requests_have_status_400(sklearn: Interpreter) -> None:
    code = f"""{PATH}from script_handler import ScriptHandler
from sagemaker_inference.errors import BaseInferenceToolkitError
answer = []
for kind in kinds:
    try:
        ScriptHandler().default_input_fn("a,b", kind)
    except BaseInferenceToolkitError as error:
        answer.append([error.status_code, error.message])"""
    (status, table), (other, unsupported) = sklearn.run(code, kinds=["text/csv", "text/x"])
    assert (status, other) == (400, 400)
    assert "none of the headers question, context, inputs" in table
    assert "text/x" in unsupported

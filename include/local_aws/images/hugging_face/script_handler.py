"""The default handlers of Hugging Face's images: a Transformers pipeline for the model's task."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from media import decode, encode
from sagemaker_inference.default_inference_handler import DefaultInferenceHandler
from sagemaker_inference.errors import BaseInferenceToolkitError

# The task of a model whose architecture ends so, if HF_TASK does not name it.
TASKS = {
    "TapasForQuestionAnswering": "table-question-answering",
    "ForQuestionAnswering": "question-answering",
    "ForTokenClassification": "token-classification",
    "ForSequenceClassification": "text-classification",
    "ForMultipleChoice": "multiple-choice",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "GPT2LMHeadModel": "text-generation",
    "ForConditionalGeneration": "text2text-generation",
    "T5WithLMHeadModel": "text2text-generation",
    "MTModel": "text2text-generation",
    "EncoderDecoderModel": "text2text-generation",
}
# Tasks whose pipelines read pictures or sound instead of tokens.
WITHOUT_TOKENS = (
    "automatic-speech-recognition",
    "image-segmentation",
    "image-classification",
    "audio-classification",
    "object-detection",
    "zero-shot-image-classification",
)


def task_of(model_dir: str) -> str:
    """Return HF_TASK, else the task of the architecture that the model's config.json names."""
    if named := os.environ.get("HF_TASK"):
        return named
    path = Path(model_dir, "config.json")
    if not path.is_file():
        raise ValueError(
            "The model has no config.json at the top of its archive, and HF_TASK names no task. "
            "Save the model with save_pretrained into SM_MODEL_DIR, or set HF_TASK."
        )
    architectures = json.loads(path.read_text()).get("architectures") or ["none"]
    for ending, task in TASKS.items():
        if architectures[0].endswith(ending):
            return task
    raise ValueError(
        f"The task of a model with the architecture {architectures[0]!r} is unknown. Set HF_TASK."
    )


def client_error(function: Callable[..., Any]) -> Callable[..., Any]:
    """Answer an error of *function* with status 400, as the toolkit of these images does."""

    @functools.wraps(function)
    def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except Exception as error:
            raise BaseInferenceToolkitError(400, str(error), "Bad Request") from error

    return guarded


class ScriptHandler(DefaultInferenceHandler):
    """Serves a model that `save_pretrained` wrote: `inputs` and `parameters` in, results out."""

    def default_model_fn(self, model_dir: str, context: Any = None) -> Any:
        if hub := os.environ.get("HF_MODEL_ID"):
            raise ValueError(
                f"HF_MODEL_ID={hub!r}: models of the Hub are not downloaded here. Remove it, and "
                "put the model's files into the archive that ModelDataUrl names."
            )
        from transformers import pipeline

        task = task_of(model_dir)
        part = "feature_extractor" if task in WITHOUT_TOKENS else "tokenizer"
        return pipeline(task=task, model=model_dir, device=-1, **{part: model_dir})

    @client_error
    def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
        return decode(input_data, content_type)

    @client_error
    def default_predict_fn(self, data: Any, model: Any, context: Any = None) -> Any:
        inputs = data.pop("inputs", data)
        return model(inputs, **(data.pop("parameters", None) or {}))

    @client_error
    def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> Any:
        return encode(prediction, accept)

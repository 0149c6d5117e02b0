"""The default handlers of framework images, for models without user code."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import container_codecs
from deferred import numpy as np
from sagemaker_inference import content_types, decoder, encoder
from sagemaker_inference.default_inference_handler import DefaultInferenceHandler


class TorchHandler(DefaultInferenceHandler):
    """Serves a TorchScript `model.pt` or `model.pth`; tensors in, tensors out."""

    def default_model_fn(self, model_dir: str, context: Any = None) -> Any:
        import torch

        files = [p for p in sorted(Path(model_dir).iterdir()) if p.suffix in (".pt", ".pth")]
        if len(files) != 1:
            raise ValueError(f"The model must have exactly one .pt or .pth file, not {files}.")
        return torch.jit.load(str(files[0]), map_location="cpu").eval()

    def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
        import torch

        values = decoder.decode(input_data, content_type)
        return torch.as_tensor(np.asarray(values), dtype=torch.float32)

    def default_predict_fn(self, data: Any, model: Any, context: Any = None) -> Any:
        import torch

        with torch.no_grad():
            return model(data)

    def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> Any:
        values = prediction.numpy() if hasattr(prediction, "numpy") else prediction
        return encoder.encode(values, accept)


class TensorFlowHandler(DefaultInferenceHandler):
    """Serves a SavedModel below a numbered folder, in TensorFlow Serving's REST format."""

    def default_model_fn(self, model_dir: str, context: Any = None) -> Any:
        import tensorflow as tf

        files = sorted(Path(model_dir).rglob("saved_model.pb"))
        if not files:
            raise ValueError("The model has no saved_model.pb. Save it below model/1/.")
        self._model = tf.saved_model.load(str(files[-1].parent))
        return self._model.signatures["serving_default"]

    def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
        if content_type == content_types.JSON:
            document = json.loads(input_data)
            return document["instances"] if isinstance(document, dict) else document
        return decoder.decode(input_data, content_type).tolist()

    def default_predict_fn(self, data: Any, model: Any, context: Any = None) -> Any:
        import tensorflow as tf

        _, inputs = model.structured_input_signature
        ((name, shape),) = inputs.items()
        answer = model(**{name: tf.constant(data, dtype=shape.dtype)})
        outputs = {key: value.numpy().tolist() for key, value in answer.items()}
        return next(iter(outputs.values())) if len(outputs) == 1 else outputs

    def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> Any:
        return json.dumps({"predictions": prediction})


class SklearnHandler(DefaultInferenceHandler):
    """Serves a scikit-learn model: numbers in, predictions out; the user defines model_fn."""

    behind_flask = True
    parameters_function = "execution_parameters_fn"  # of the script, for batch transform

    def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
        if container_codecs.SEVERAL:
            values = np.asarray(decoder.decode(input_data, content_type))
            values = values.reshape(1, -1) if values.ndim == 1 else values
        else:
            values = container_codecs.decode(input_data, content_type)
        return values.astype(np.float32) if content_type in content_types.UTF8_TYPES else values

    def default_predict_fn(self, data: Any, model: Any, context: Any = None) -> Any:
        return model.predict(data)

    def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> Any:
        if container_codecs.SEVERAL:
            return encoder.encode(prediction, accept), accept
        return container_codecs.encode(prediction, accept), accept


def default_handler() -> DefaultInferenceHandler:
    """Return the handler of the image, else of the framework installed in this environment."""
    if find_spec("script_handler"):  # the image's own: a built-in algorithm's, or Hugging Face's
        from script_handler import ScriptHandler

        return ScriptHandler()
    if find_spec("torch"):
        return TorchHandler()
    return TensorFlowHandler() if find_spec("tensorflow") else SklearnHandler()

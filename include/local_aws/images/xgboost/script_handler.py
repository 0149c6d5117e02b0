"""The default handlers of a model that is served by the user's script."""

from __future__ import annotations

from typing import Any

import container_codecs
from payloads import matrix
from sagemaker_inference import encoder
from sagemaker_inference.default_inference_handler import DefaultInferenceHandler


class ScriptHandler(DefaultInferenceHandler):
    """Serves an XGBoost model that the script's model_fn loads."""

    behind_flask = True

    def default_model_fn(self, model_dir: str, context: Any = None) -> Any:
        raise NotImplementedError("Please provide a model_fn implementation in the script.")

    def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
        body = input_data.encode() if isinstance(input_data, str) else bytes(input_data)
        return matrix(body, content_type, scripted=True)[0]

    def default_predict_fn(self, data: Any, model: Any, context: Any = None) -> Any:
        return model.predict(data, validate_features=False)

    def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> Any:
        if container_codecs.SEVERAL:
            return encoder.encode(prediction, accept)
        return container_codecs.encode(prediction, accept), accept

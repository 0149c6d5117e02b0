"""The containers that serve a candidate: data processor, algorithm, and the classes' names."""

from __future__ import annotations

from ...core.store import Doc
from .objectives import REGRESSION
from .searches import SKLEARN, XGBOOST, image_uri

CSV, LABEL = "text/csv", "predicted_label"
CODE = "/opt/ml/model/code"
SUPPORTED = "predicted_label,probability,probabilities"
MODE = "AUTOML_TRANSFORM_MODE"
FEATURES, LABELS = "feature-transform", "inverse-label-transform"


def containers(problem: str, region: str, fitted: Doc, trained: Doc) -> list[Doc]:
    """Return the inference pipeline of a trained candidate, in AWS's order and variables.

    A regression has no container for the names of classes, as on AWS.
    """
    served = [data_processor(region, fitted, FEATURES), _algorithm(problem, region, trained)]
    if problem == REGRESSION:
        return served
    last = data_processor(region, fitted, LABELS)
    last["Environment"] |= {
        "SAGEMAKER_INFERENCE_INPUT": LABEL,
        "SAGEMAKER_INFERENCE_OUTPUT": LABEL,
        "SAGEMAKER_INFERENCE_SUPPORTED": f"{SUPPORTED},labels",
    }
    return [*served, last]


def data_processor(region: str, fitted: Doc, mode: str | None) -> Doc:
    """Return the container of a data processor; without a mode it encodes the target too."""
    return {
        "Image": image_uri(region, SKLEARN),
        "ModelDataUrl": fitted["ModelArtifacts"]["S3ModelArtifacts"],
        "Environment": _script("sagemaker_serve.py", region) | ({MODE: mode} if mode else {}),
    }


def _algorithm(problem: str, region: str, trained: Doc) -> Doc:
    image = trained["AlgorithmSpecification"]["TrainingImage"]
    script = {} if image.endswith(XGBOOST) else _script("algorithm_serve.py", region)
    selected = {
        "SAGEMAKER_INFERENCE_OUTPUT": LABEL,
        "SAGEMAKER_INFERENCE_SUPPORTED": SUPPORTED,
    }
    return {
        "Image": image,
        "ModelDataUrl": trained["ModelArtifacts"]["S3ModelArtifacts"],
        "Environment": script
        | {"MAX_CONTENT_LENGTH": "20971520", "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": CSV}
        | ({} if problem == REGRESSION else selected),
    }


def _script(program: str, region: str) -> Doc:
    return {
        "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": CSV,
        "SAGEMAKER_PROGRAM": program,
        "SAGEMAKER_SUBMIT_DIRECTORY": CODE,
        "SAGEMAKER_REGION": region,
    }

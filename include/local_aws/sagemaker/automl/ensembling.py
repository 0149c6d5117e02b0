"""The trials of a job in mode ENSEMBLING: a training job each, whose model is an ensemble."""

from __future__ import annotations

from ...core.store import Doc
from . import searches
from .containers import CODE, CSV, LABEL, SUPPORTED
from .searches import XGBOOST

MODE = "ENSEMBLING"
# AWS ensembles models of nn-torch, fastai, LightGBM and CatBoost too, whose packages no image has.
ALGORITHMS = ("xgboost", "randomforest", "extra-trees", "linear-learner")
MODEL = "WeightedEnsemble_L2"
# The settings of each trial: AWS runs ten with different models and parameters.
SETTINGS: tuple[dict[str, str], ...] = (
    {"folds": "5", "trees": "100", "depth": "6", "leaf": "1", "c": "1"},
    {"folds": "5", "trees": "200", "depth": "3", "leaf": "2", "c": "0.1"},
    {"folds": "8", "trees": "300", "depth": "4", "leaf": "1", "c": "1", "learning-rate": "0.05"},
    {"folds": "5", "trees": "150", "depth": "8", "leaf": "1", "c": "10"},
    {"folds": "5", "trees": "400", "depth": "2", "leaf": "4", "c": "0.01"},
    {"folds": "8", "trees": "200", "depth": "6", "leaf": "3", "c": "1", "learning-rate": "0.05"},
    {"folds": "5", "trees": "500", "depth": "3", "leaf": "5", "c": "1", "learning-rate": "0.03"},
    {"folds": "10", "trees": "100", "depth": "5", "leaf": "1", "c": "0.3"},
    {"folds": "5", "trees": "300", "depth": "7", "leaf": "8", "c": "3", "learning-rate": "0.02"},
    {"folds": "10", "trees": "400", "depth": "4", "leaf": "2", "c": "0.03"},
)
MOST_TRIALS = len(SETTINGS)


def part(number: int) -> str:
    """Return the part of the names of trial *number*, counted from 1."""
    return f"t{number}"


PARTS = tuple(part(number) for number in range(1, MOST_TRIALS + 1))


def hyperparameters(number: int, algorithms: list[str], problem: str, code: str) -> Doc:
    """Return the hyperparameters of a trial; *code* is the archive of the scripts."""
    return searches.script("ensemble.py", code) | {
        "algorithms": ",".join(algorithms),
        "problem-type": problem,
        **SETTINGS[number - 1],
    }


def container(region: str, trained: Doc) -> Doc:
    """Return the container that serves a trial's ensemble and its data processor."""
    return {
        "Image": searches.image_uri(region, XGBOOST),
        "ModelDataUrl": trained["ModelArtifacts"]["S3ModelArtifacts"],
        "Environment": {
            "MODEL_NAME": MODEL,
            "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": CSV,
            "SAGEMAKER_INFERENCE_OUTPUT": LABEL,
            "SAGEMAKER_INFERENCE_SUPPORTED": f"{SUPPORTED},labels",
            "SAGEMAKER_PROGRAM": "ensemble_serve.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": CODE,
        },
    }

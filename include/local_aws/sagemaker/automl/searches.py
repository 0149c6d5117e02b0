"""The candidates' algorithms: image, fixed hyperparameters, and the ranges of the search."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.store import Doc
from .objectives import BINARY, MULTICLASS, REGRESSION, logged

# The registry of us-east-1; the embedded AWS knows an image by repository and tag alone.
REGISTRY = "683313688378"
SKLEARN, XGBOOST = "sagemaker-scikit-learn:1.4-2-cpu-py3", "sagemaker-xgboost:3.0-5"
ROUNDS, PATIENCE, SEED = "400", "50", "7"
OBJECTIVES = {
    BINARY: "binary:logistic",
    MULTICLASS: "multi:softprob",
    REGRESSION: "reg:squarederror",
}
Range = tuple[float, float, str]


@dataclass(frozen=True)
class Algorithm:
    """An algorithm that trains candidates, and the hyperparameters that are searched.

    :param short: Its part of the names of definitions, as on AWS.
    :param scaled: Whether its features are scaled: the number of its data processor.
    """

    name: str
    short: str
    image: str
    scaled: bool
    ranges: dict[str, Range]
    integers: dict[str, tuple[int, int]]
    categories: dict[str, list[str]]

    @property
    def processor(self) -> str:
        return f"dpp{int(self.scaled)}"


KNOWN = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm(
            "xgboost",
            "xgb",
            XGBOOST,
            scaled=False,
            ranges={
                "eta": (0.02, 0.4, "Logarithmic"),
                "subsample": (0.5, 1.0, "Linear"),
                "colsample_bytree": (0.3, 1.0, "Linear"),
                "min_child_weight": (0.5, 20.0, "Logarithmic"),
                "lambda": (0.01, 10.0, "Logarithmic"),
                "alpha": (0.001, 2.0, "Logarithmic"),
            },
            integers={"max_depth": (2, 9)},
            categories={},
        ),
        Algorithm(
            "linear-learner",
            "ll",
            SKLEARN,
            scaled=True,
            ranges={"c": (0.001, 100.0, "Logarithmic")},
            integers={},
            categories={"class-weight": ["none", "balanced"]},
        ),
        Algorithm(
            "mlp",
            "mlp",
            SKLEARN,
            scaled=True,
            ranges={
                "weight-decay": (1e-6, 1.0, "Logarithmic"),
                "learning-rate": (3e-4, 1e-2, "Logarithmic"),
            },
            integers={},
            categories={"layers": ["32", "64", "128", "64-32", "128-64"]},
        ),
    )
}


def image_uri(region: str, image: str) -> str:
    return f"{REGISTRY}.dkr.ecr.{region}.amazonaws.com/{image}"


def fixed(algorithm: Algorithm, problem: str, classes: int, code: str) -> Doc:
    """Return the StaticHyperParameters of a definition; *code* is the archive of the scripts."""
    if algorithm.name == "xgboost":
        several = {"num_class": str(classes)} if problem == MULTICLASS else {}
        return several | {
            "objective": OBJECTIVES[problem],
            "eval_metric": ",".join(logged(problem)),
            "num_round": ROUNDS,
            "early_stopping_rounds": PATIENCE,
            "tree_method": "hist",
            "seed": SEED,
        }
    return script("algorithm.py", code) | {
        "algorithm": algorithm.name,
        "problem-type": problem,
    }


def script(program: str, code: str) -> Doc:
    """Return the hyperparameters with which an image runs a script of the archive *code*."""
    return {"sagemaker_program": program, "sagemaker_submit_directory": code}


def ranges(algorithm: Algorithm) -> Doc:
    """Return the HyperParameterRanges of a definition."""
    return {
        "ContinuousParameterRanges": [
            {"Name": name, "MinValue": f"{low}", "MaxValue": f"{high}", "ScalingType": scaling}
            for name, (low, high, scaling) in algorithm.ranges.items()
        ],
        "IntegerParameterRanges": [
            {"Name": name, "MinValue": f"{low}", "MaxValue": f"{high}", "ScalingType": "Linear"}
            for name, (low, high) in algorithm.integers.items()
        ],
        "CategoricalParameterRanges": [
            {"Name": name, "Values": values} for name, values in algorithm.categories.items()
        ],
    }


def metric_definitions(algorithm: Algorithm, problem: str) -> list[Doc]:
    """Return the patterns of the metrics that the algorithm prints."""
    if algorithm.name == "xgboost":
        return printed(problem, r".*\[[0-9]+\].*#011{0}-{1}:(\S+)")
    return printed(problem)


def printed(problem: str, pattern: str = r"{0}:{1}=(\S+);") -> list[Doc]:
    """Return the patterns of all metrics of a problem type, as the scripts print them."""
    return [
        {"Name": f"{part}:{name}", "Regex": pattern.format(part, name)}
        for name in logged(problem)
        for part in ("train", "validation")
    ]

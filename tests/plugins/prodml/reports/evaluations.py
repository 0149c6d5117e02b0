"""Make the member `prodml` of an evaluation.json, as small as one can be."""

from __future__ import annotations

from prodml.vocabulary import Json


def estimate(value: float) -> Json:
    return {"value": value, "standard_deviation": 0.01, "interval": [value - 0.02, value + 0.02]}


def model(auc: float) -> Json:
    curves = {"roc": [[0, 0], [0.2, auc], [1, 1]], "calibration": [[0.1, 0.2], [0.8, 0.7]]}
    return {
        "scores": {"auc": estimate(auc)},
        "curves": {"yes": curves | {"precision_recall": [[0, 1], [1, 0.2]]}},
        "confusion_matrix": {"no": {"no": 1400, "yes": 3}, "yes": {"no": 5, "yes": 70}},
    }


def evaluation(champion: float | None = 0.8) -> Json:
    """Return the evaluation of a model with an auc of 0.9."""
    return {
        "problem": "binary",
        "classes": ["no", "yes"],
        "rows": 1478,
        "confidence": 0.95,
        "challenger": model(0.9),
        "champion": model(champion) if champion else None,
        "gains": {"auc": estimate(0.1)} if champion else None,
        "threshold": {
            "value": 0.31,
            "champion": 0.5,
            "costs": {"false_positive": 1.0, "false_negative": 5.0},
            "cost_per_row": 0.42,
        },
        "segments": [
            {
                "column": "plan",
                "value": "<gold>",
                "rows": 7,
                "challenger": {"auc": None},
                "champion": {"auc": 0.75},
            }
        ],
    }

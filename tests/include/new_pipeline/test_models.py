"""Objective and metric of a first model, as the template of a pipeline takes them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from include.new_pipeline.models import model_of
from tests.include.new_pipeline.samples import BINARY, MULTICLASS, REGRESSION, Cells, guessed

SAMPLES: dict[str, tuple[Cells, str, str]] = {
    "binary": (BINARY, "defaulted", "binary:logistic"),
    "multiclass": (MULTICLASS, "species", "multi:softprob"),
    "regression": (REGRESSION, "price", "reg:squarederror"),
}


def model(name: str) -> Mapping[str, str]:
    columns, label, _ = SAMPLES[name]
    return model_of(guessed(columns, label))


@pytest.mark.parametrize("name", SAMPLES)
def test_objective_fits_the_label_and_its_metric_is_the_one_that_is_tuned(name: str) -> None:
    made = model(name)
    assert f'"objective": "{SAMPLES[name][2]}"' in made["objective"]
    assert f'"eval_metric": "{made["metric"].removeprefix("validation:")}"' in made["objective"]


def test_kinds_of_models_fill_the_same_places_of_the_template() -> None:
    places = [model(name).keys() for name in SAMPLES]
    assert places[0] == places[1] == places[2]


def test_number_of_classes_is_in_the_objective() -> None:
    assert '"num_class": 3' in model("multiclass")["objective"]
    assert "num_class" not in model("binary")["objective"]


def test_gain_of_a_regression_has_the_size_of_its_label() -> None:
    spread = guessed(REGRESSION, "price").spread
    assert float(model("regression")["min_gain"]) == pytest.approx(spread / 100, rel=0.5)

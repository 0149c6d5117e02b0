"""The forms' fields as templates of operators: rendered, they are what the form holds."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from prodml.autoscaling.policies import Metric, TargetTracking
from prodml.autoscaling.scaling import Schedule

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.params import values
from tests.include.pipelines.params.forms import defaults

RETRAIN = defaults(params.retrain(PIPELINE))
LOAD = defaults(params.load_test(["churn"]))
PROMOTE = defaults(params.promote(["churn"]))


def _rendered(template: str, form: dict[str, Any]) -> str:
    return Environment(undefined=StrictUndefined).from_string(template).render(params=form)


@pytest.mark.parametrize(
    ("templates", "form"),
    [
        (values.JOBS, RETRAIN),
        (values.SELECTION, RETRAIN),
        (values.ROLLOUT, RETRAIN),
        (values.ALARMS, RETRAIN),
        (values.GATE, RETRAIN),
        (values.VERDICT, PROMOTE),
        (values.LOAD, LOAD),
    ],
    ids=["jobs", "selection", "rollout", "alarms", "gate", "verdict", "load"],
)
def test_every_template_names_a_field_of_its_form(
    templates: dict[str, str], form: dict[str, Any]
) -> None:
    for template in templates.values():
        _rendered(template, form)


def test_rates_are_rendered_as_words() -> None:
    assert _rendered(values.LOAD["rates"], LOAD) == "5 10 20 40 80 160"


@pytest.mark.parametrize(
    ("chosen", "rendered"), [("yes", "true"), ("no", "false"), ("as it is", "")]
)
def test_scale_in_is_a_switch_or_left_alone(chosen: str, rendered: str) -> None:
    (tracking,) = values.scaling()["scaling"].policies
    form = RETRAIN | {"disable_scale_in": chosen}
    assert _rendered(tracking.disable_scale_in, form) == rendered


def test_a_pipelines_own_policies_and_schedules_come_after_the_forms() -> None:
    cpu = Metric("/aws/sagemaker/Endpoints", "CPUUtilization")
    own = TargetTracking(target=70, metric=cpu, name="cpu")
    night = Schedule("night", "cron(0 20 * * ? *)", min_capacity=1, max_capacity=1)
    scaling = values.scaling(own, night)["scaling"]
    assert list(scaling.policies)[1:] == [own]
    assert list(scaling.schedules) == [night]

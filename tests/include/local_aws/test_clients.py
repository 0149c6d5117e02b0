"""The resources through the objects of the SDKs, unmodified."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from smexperiments.experiment import Experiment
from smexperiments.search_expression import Filter, Operator, SearchExpression
from smexperiments.trial_component import TrialComponent

from include.local_aws.testing import Server
from tests.include.local_aws import sdk

Unique = Callable[[str], str]
CORE = """
import sys
from sagemaker.core.resources import Experiment, Model, ModelPackageGroup, Trial

name = sys.argv[1]
experiment = Experiment.create(experiment_name=name, display_name="Shown")
assert Experiment.get(experiment_name=name).display_name == "Shown"
experiment.update(description="about it")
assert Experiment.get(experiment_name=name).description == "about it"
trial = Trial.create(trial_name=name, experiment_name=name)
assert [t.trial_name for t in Trial.get_all(experiment_name=name)] == [name]
group = ModelPackageGroup.create(model_package_group_name=name)
assert name in [g.model_package_group_name for g in ModelPackageGroup.get_all(name_contains=name)]
model = Model.create(
    model_name=name,
    execution_role_arn="arn:aws:iam::000000000000:role/prodml",
    primary_container={
        "image": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"
    },
)
assert Model.get(model_name=name).primary_container.image.endswith("3.0-5")
for resource in (trial, experiment, group, model):
    resource.delete()
assert name not in [e.experiment_name for e in Experiment.get_all()]
print("done")
"""


def test_experiment_sdk_creates_finds_and_deletes(sagemaker: Any, unique: Unique) -> None:
    """smexperiments: Experiment, Trial, TrialComponent, search, delete_all."""
    client = {"sagemaker_boto_client": sagemaker}
    name = unique("sdk")
    experiment = Experiment.create(experiment_name=name, description="first", **client)
    trial = experiment.create_trial(trial_name=f"{name}-trial")
    component = TrialComponent.create(trial_component_name=f"{name}-step", **client)
    component.parameters = {"depth": 3, "kind": "tree"}
    component.save()
    trial.add_trial_component(component)
    experiment.description = "second"
    experiment.save()
    assert Experiment.load(experiment_name=name, **client).description == "second"
    assert [t.trial_name for t in experiment.list_trials()] == [f"{name}-trial"]
    components = TrialComponent.search(search_expression=in_experiment(name), **client)
    assert [c.trial_component_name for c in components] == [f"{name}-step"]
    experiment.delete_all(action="--force")
    left = TrialComponent.search(search_expression=in_experiment(name), **client)
    assert list(left) == []


def in_experiment(name: str) -> SearchExpression:
    of_experiment = Filter(name="Parents.ExperimentName", operator=Operator.EQUALS, value=name)
    deep = Filter(name="Parameters.depth", operator=Operator.GREATER_THAN, value="2")
    return SearchExpression(filters=[of_experiment, deep])


def test_sagemaker_core_handles_resources(
    local_aws: Server, unique: Unique, tmp_path: Path
) -> None:
    environment = local_aws.environment() | {"HOME": str(tmp_path)}
    printed = sdk.run(CORE, unique("core"), folder=tmp_path, more=environment)
    assert printed.strip().endswith("done"), printed[-3000:]

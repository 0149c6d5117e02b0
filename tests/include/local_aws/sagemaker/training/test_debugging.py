"""Debugger rules of real training jobs, as the SageMaker SDK asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.jobs import SKLEARN, Jobs, made
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
LOSSES = [{"Name": f"{n}:loss", "Regex": f"{n}:loss=(.*?);"} for n in ("train", "validation")]
STUCK = """
import time
for epoch in range(10_000):
    print(f"train:loss={1 / (1 + epoch)}; validation:loss=0.7;", flush=True)
    time.sleep(0.02)
"""
SILENT = "import time; time.sleep(600)"
EVALUATOR = "503895931360.dkr.ecr.us-east-1.amazonaws.com/sagemaker-debugger-rules:latest"


@pytest.fixture(scope="module", name="metered")
def _metered(local_aws: Server) -> Jobs:
    return made(local_aws, "debugged")


def rule(name: str, job: str = "", **parameters: str) -> dict[str, Any]:
    """Return a rule of the SDK, which stops the *job* if one is given."""
    from sagemaker.core.debugger import Rule, rule_configs  # takes seconds

    actions = rule_configs.ActionList(rule_configs.StopTraining(job)) if job else None
    make = getattr(rule_configs, name)
    stated = Rule.sagemaker(make(), rule_parameters=parameters, actions=actions)
    stated.prepare_actions(job)
    stated.image_uri = EVALUATOR
    return dict(stated.to_debugger_rule_config_dict())


def profiler_rule(name: str) -> dict[str, Any]:
    from sagemaker.core.debugger import ProfilerRule, rule_configs

    stated = ProfilerRule.sagemaker(getattr(rule_configs, name)())
    stated.image_uri = EVALUATOR
    return dict(stated.to_profiler_rule_config_dict())


def train(jobs: Jobs, name: str, code: str, **members: Any) -> None:
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "-c"],
        "ContainerArguments": [code],
        "MetricDefinitions": LOSSES,
    }
    jobs.train(name, SKLEARN, AlgorithmSpecification=specification, **members)


def statuses(job: dict[str, Any]) -> dict[str, str]:
    return {
        one["RuleConfigurationName"]: one["RuleEvaluationStatus"]
        for one in job["DebugRuleEvaluationStatuses"]
    }


def test_a_rule_stops_the_job_and_the_others_find_nothing(metered: Jobs, unique: Unique) -> None:
    name = unique("stuck")
    train(
        metered,
        name,
        STUCK,
        DebugRuleConfigurations=[
            rule("loss_not_decreasing", name, tensor_regex="validation"),
            rule("loss_not_decreasing", tensor_regex="train")
            | {"RuleConfigurationName": "of training"},
            rule("stalled_training_rule"),
        ],
        ProfilerRuleConfigurations=[profiler_rule("LowGPUUtilization")],
        ProfilerConfig={"S3OutputPath": f"s3://{metered.bucket}/profile"},
    )
    first = metered.sagemaker.describe_training_job(TrainingJobName=name)
    assert statuses(first)["StalledTrainingRule"] == "InProgress"
    assert first["ProfilingStatus"] == "Enabled"
    job = metered.ended("Training", name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    assert statuses(job) == {
        "LossNotDecreasing": "IssuesFound",
        "of training": "NoIssuesFound",
        "StalledTrainingRule": "NoIssuesFound",
    }
    details = job["DebugRuleEvaluationStatuses"][0]["StatusDetails"]
    assert "rule LossNotDecreasing at step 10 resulted in the condition being met" in details
    (profiled,) = job["ProfilerRuleEvaluationStatuses"]
    assert profiled["RuleEvaluationStatus"] == "NoIssuesFound"


def test_training_that_reports_nothing_is_stopped(metered: Jobs, unique: Unique) -> None:
    name = unique("silent")
    stalled = rule("stalled_training_rule", threshold="120", stop_training_on_fire="True")
    train(metered, name, SILENT, DebugRuleConfigurations=[stalled])
    job = metered.ended("Training", name)  # after two seconds, at this server's time scale
    assert job["TrainingJobStatus"] == "Stopped"
    assert statuses(job) == {"StalledTrainingRule": "IssuesFound"}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"DebugRuleConfigurations": [rule("vanishing_gradient")]},
            "the rule VanishingGradient needs tensors and is not emulated; evaluated are LossNot",
        ),
        (
            {
                "DebugRuleConfigurations": [
                    {"RuleConfigurationName": "mine", "RuleEvaluatorImage": "own:1"}
                ]
            },
            "the rule of mine, a custom one, needs tensors",
        ),
        (
            {"DebugRuleConfigurations": [rule("overfit", patience="few")]},
            "invalid parameters of Overfit: could not convert string to float: 'few'",
        ),
        (
            {"DebugRuleConfigurations": [rule("overfit", mode="GLOBAL")]},
            "the parameter mode of Overfit is not emulated",
        ),
        (
            {
                "DebugRuleConfigurations": [
                    rule("overfit")
                    | {
                        "RuleParameters": {
                            "rule_to_invoke": "Overfit",
                            "action_json": '[{"name": "email", "endpoint": "a@b.c"}]',
                        }
                    }
                ]
            },
            "the action email of Overfit is not emulated",
        ),
        (
            {
                "DebugHookConfig": {
                    "S3OutputPath": "s3://b/debug",
                    "CollectionConfigurations": [{"CollectionName": "gradients"}],
                }
            },
            "the tensors of collection gradients are not emulated",
        ),
        (
            {"ProfilerConfig": {"ProfilingParameters": {"DetailedProfilingConfig": "{}"}}},
            "ProfilingParameters of frameworks are not emulated",
        ),
        (
            {"ProfilerRuleConfigurations": [profiler_rule("ProfilerReport")]},
            "the rule ProfilerReport is not emulated; evaluated are BatchSize, CPUBottleneck",
        ),
        (
            {
                "ProfilerRuleConfigurations": [profiler_rule("LowGPUUtilization")],
                "ResourceConfig": {
                    "InstanceCount": 1,
                    "InstanceType": "ml.p3.2xlarge",
                    "VolumeSizeInGB": 1,
                },
            },
            "the rule LowGPUUtilization is not emulated on ml.p3.2xlarge",
        ),
    ],
)
def test_what_is_not_evaluated_is_refused_by_name(
    metered: Jobs, unique: Unique, members: dict[str, Any], message: str
) -> None:
    code, text = refusal(train, jobs=metered, name=unique("refused"), code="", **members)
    assert code == "ValidationException"
    assert message in text

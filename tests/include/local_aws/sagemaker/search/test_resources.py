from __future__ import annotations

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.search.resources import SEARCHED, searched
from include.local_aws.wire.errors import AwsError


@pytest.fixture(name="aws")
def _aws(aws: Aws) -> Aws:
    for kind, name, doc in (
        ("training-job", "t", {"TrainingJobArn": "arn:aws:sagemaker:r:0:training-job/t"}),
        ("experiment-trial", "trial", {"TrialName": "trial", "ExperimentName": "e"}),
        (
            "experiment-trial-component",
            "step",
            {
                "TrialComponentName": "step",
                "TrialComponentArn": "arn:step",
                "Source": {"SourceArn": "arn:aws:sagemaker:r:0:training-job/t"},
            },
        ),
    ):
        aws.store.insert(kind, name, doc)
    aws.store.link("trial-component", "trial", "step")
    aws.store.put_tags("arn:step", [{"Key": "team", "Value": "a"}])
    aws.store.put_tags("arn:aws:sagemaker:r:0:training-job/t", [{"Key": "team", "Value": "b"}])
    return aws


def test_a_component_has_its_parents_tags_and_job(aws: Aws) -> None:
    target = searched("ExperimentTrialComponent")
    (plain,) = target.docs(aws)
    assert plain["Parents"] == [{"TrialName": "trial", "ExperimentName": "e"}]
    assert plain["Tags"] == [{"Key": "team", "Value": "a"}]
    component = target.detailed(aws, plain)
    job = component["SourceDetail"]["TrainingJob"]
    assert job["TrainingJobArn"].endswith("training-job/t")
    assert job["Tags"] == [{"Key": "team", "Value": "b"}]
    assert component["Metrics"] == []


def test_a_component_without_a_job_has_no_source_detail(aws: Aws) -> None:
    aws.store.update("experiment-trial-component", "step", Source={"SourceArn": "a:b:c:d:e:f/g"})
    target = searched("ExperimentTrialComponent")
    (component,) = target.docs(aws)
    assert "SourceDetail" not in target.detailed(aws, component)


def test_each_resource_has_a_shape_in_the_model() -> None:
    assert all(resource.shape.members for resource in SEARCHED.values())


def test_unsupported_metric_is_refused_with_the_supported_ones() -> None:
    with pytest.raises(AwsError, match="FeatureGroup is not emulated; Endpoint, Experiment,"):
        searched("FeatureGroup")

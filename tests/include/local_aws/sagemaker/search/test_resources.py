from __future__ import annotations

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.search.resources import SEARCHED, complete, searched
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
    component = _component(aws)
    assert component["Parents"] == [{"TrialName": "trial", "ExperimentName": "e"}]
    assert component["Tags"] == [{"Key": "team", "Value": "a"}]
    job = component["SourceDetail"]["TrainingJob"]
    assert job["TrainingJobArn"].endswith("training-job/t")
    assert job["Tags"] == [{"Key": "team", "Value": "b"}]
    assert component["Metrics"] == []


def test_a_component_without_a_job_has_no_source_detail(aws: Aws) -> None:
    aws.store.update("experiment-trial-component", "step", Source={"SourceArn": "a:b:c:d:e:f/g"})
    assert "SourceDetail" not in _component(aws)


@pytest.mark.parametrize(
    ("read", "parts"),
    [({"displayname"}, 0), ({"parents"}, 1), ({"tags", "metrics", "sourcedetail"}, 2)],
)
def test_the_parts_that_a_search_reads_come_before_it(read: set[str], parts: int) -> None:
    before, after = searched("ExperimentTrialComponent").divided(read)
    assert (len(before), len(after)) == (parts, 3 - parts)


def _component(aws: Aws) -> Doc:
    target = searched("ExperimentTrialComponent")
    (component,) = complete(aws, target.all_parts, aws.store.list(target.kind))
    return component


def test_each_resource_has_a_shape_in_the_model() -> None:
    assert all(resource.shape.members for resource in SEARCHED.values())


def test_unsupported_metric_is_refused_with_the_supported_ones() -> None:
    with pytest.raises(AwsError, match="FeatureGroup is not emulated; Endpoint, Experiment,"):
        searched("FeatureGroup")

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from include.local_aws.testing import REGION, Server
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.experiments.test_trial_components import put

Unique = Callable[[str], str]


@dataclass
class World:
    """An experiment of three trials; component n has depth n and a last auc of 0.n."""

    experiment: str
    trials: list[str]
    components: list[str]


@pytest.fixture(scope="module", name="world")
def _world(local_aws: Server, sagemaker: Any) -> World:
    world = World("searched", [f"searched-{n}" for n in range(3)], [f"step-{n}" for n in range(3)])
    metrics = local_aws.client("sagemaker-metrics")
    sagemaker.create_experiment(ExperimentName=world.experiment)
    for number, (trial, component) in enumerate(zip(world.trials, world.components, strict=True)):
        sagemaker.create_trial(TrialName=trial, ExperimentName=world.experiment)
        sagemaker.create_trial_component(
            TrialComponentName=component,
            Parameters={"depth": {"NumberValue": number}, "kind": {"StringValue": f"k{number}"}},
            Tags=[{"Key": "team", "Value": f"t{number}"}],
        )
        sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=component)
        put(metrics, component, "validation:auc", 0.05, number / 10)
    sagemaker.create_trial_component(TrialComponentName="step-outside")
    return world


@pytest.fixture(name="find")
def _find(sagemaker: Any, world: World) -> Callable[..., list[str]]:
    def find(*filters: tuple[str, ...], **request: Any) -> list[str]:
        expression = {"Filters": [condition(*parts) for parts in filters]} if filters else {}
        asked = {"SearchExpression": expression | request.pop("expression", {})}
        answer = sagemaker.search(Resource="ExperimentTrialComponent", **asked, **request)
        return sorted(r["TrialComponent"]["TrialComponentName"] for r in answer["Results"])

    return find


def condition(name: str, operator: str, value: str | None = None) -> dict[str, str]:
    made = {"Name": name, "Operator": operator}
    return made if value is None else made | {"Value": value}


Find = Callable[..., list[str]]
IN_EXPERIMENT = ("Parents.ExperimentName", "Equals", "searched")


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        (("Parents.TrialName", "Equals", "searched-1"), ["step-1"]),
        (("Parents.TrialName", "Contains", "searched-"), ["step-0", "step-1", "step-2"]),
        (("Parameters.depth", "GreaterThan", "0"), ["step-1", "step-2"]),
        (("Parameters.depth", "LessThanOrEqualTo", "1"), ["step-0", "step-1"]),
        (("Parameters.depth", "Equals", "2"), ["step-2"]),
        (("Parameters.kind", "Equals", "k1"), ["step-1"]),
        (("Parameters.kind", "NotEquals", "k1"), ["step-0", "step-2"]),
        (("Parameters.kind", "In", "k0,k2"), ["step-0", "step-2"]),
        (("Metrics.validation:auc.Last", "GreaterThanOrEqualTo", "0.1"), ["step-1", "step-2"]),
        (("Metrics.validation:auc.max", "LessThan", "0.1"), ["step-0"]),
        (("Tags.team", "Equals", "t2"), ["step-2"]),
        (("Parameters.unknown", "Exists"), []),
        (("Parameters.depth", "Exists"), ["step-0", "step-1", "step-2"]),
    ],
)
def test_operator_on_property(find: Find, filter_: tuple[str, ...], names: list[str]) -> None:
    assert find(IN_EXPERIMENT, filter_) == names


def test_filters_may_be_alternatives(find: Find) -> None:
    either = [("TrialComponentName", "Equals", f"step-{n}") for n in (0, 2)]
    assert find(*either, expression={"Operator": "Or"}) == ["step-0", "step-2"]
    assert find(*either) == []


def test_sub_expressions_are_combined(find: Find) -> None:
    """(depth is 0 or depth is 2) and in the experiment."""
    depths = [condition("Parameters.depth", "Equals", n) for n in "02"]
    expression = {"SubExpressions": [{"Filters": depths, "Operator": "Or"}]}
    assert find(IN_EXPERIMENT, expression=expression) == ["step-0", "step-2"]


def test_nested_filters_hold_for_one_element(find: Find) -> None:
    nested = {
        "NestedPropertyName": "Parents",
        "Filters": [
            condition("Parents.ExperimentName", "Equals", "searched"),
            condition("Parents.TrialName", "Equals", "searched-2"),
        ],
    }
    assert find(expression={"NestedFilters": [nested]}) == ["step-2"]


def test_results_are_sorted_and_paged(sagemaker: Any, world: World) -> None:
    pages = sagemaker.get_paginator("search").paginate(
        Resource="ExperimentTrialComponent",
        SearchExpression={"Filters": [condition(*IN_EXPERIMENT)]},
        SortBy="Metrics.validation:auc.Last",
        SortOrder="Descending",
        PaginationConfig={"PageSize": 2},
    )
    names = [[r["TrialComponent"]["TrialComponentName"] for r in p["Results"]] for p in pages]
    assert names == [["step-2", "step-1"], ["step-0"]]


def test_result_carries_parents_parameters_and_metrics(sagemaker: Any, world: World) -> None:
    expression = {"Filters": [condition("TrialComponentName", "Equals", "step-1")]}
    (result,) = sagemaker.search(Resource="ExperimentTrialComponent", SearchExpression=expression)[
        "Results"
    ]
    component = result["TrialComponent"]
    assert component["Parents"] == [{"TrialName": "searched-1", "ExperimentName": "searched"}]
    assert component["Parameters"]["depth"] == {"NumberValue": 1.0}
    assert component["Metrics"][0]["Last"] == 0.1
    assert component["Tags"] == [{"Key": "team", "Value": "t1"}]


@pytest.mark.parametrize("resource", ["Experiment", "ExperimentTrial"])
def test_experiments_and_trials_are_searched(sagemaker: Any, world: World, resource: str) -> None:
    expression = {"Filters": [condition("ExperimentName", "Equals", world.experiment)]}
    results = sagemaker.search(Resource=resource, SearchExpression=expression)["Results"]
    assert len(results) == {"Experiment": 1, "ExperimentTrial": 3}[resource]


def test_other_resources_are_refused(sagemaker: Any) -> None:
    code, message = refusal(sagemaker.search, Resource="FeatureGroup")
    assert code == "ValidationException"
    assert "FeatureGroup" in message


def test_filter_without_value_is_refused(sagemaker: Any, world: World) -> None:
    expression = {"Filters": [condition("TrialComponentName", "Equals")]}
    code, _ = refusal(
        sagemaker.search, Resource="ExperimentTrialComponent", SearchExpression=expression
    )
    assert code == "ValidationException"


def test_experiment_analytics_reads_the_experiment(local_aws: Server, world: World) -> None:
    """The SDK's table: a row for each component, best first."""
    from sagemaker.core.analytics import ExperimentAnalytics
    from sagemaker.core.helper.session_helper import Session

    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    session = Session(
        boto_session=boto3.Session(region_name=REGION, **credentials),
        sagemaker_client=local_aws.client("sagemaker"),
    )
    table = ExperimentAnalytics(
        experiment_name=world.experiment,
        sort_by="metrics.validation:auc.last",
        sort_order="Descending",
        metric_names=["validation:auc"],
        parameter_names=["depth", "kind"],
        sagemaker_session=session,
    ).dataframe()
    assert list(table["TrialComponentName"]) == ["step-2", "step-1", "step-0"]
    assert list(table["validation:auc - Last"]) == [0.2, 0.1, 0.0]
    assert list(table["depth"]) == [2.0, 1.0, 0.0]
    assert list(table["Trials"]) == [["searched-2"], ["searched-1"], ["searched-0"]]


def test_nothing_is_shared_from_other_accounts(sagemaker: Any, world: World) -> None:
    asked = {"Resource": "Experiment", "CrossAccountFilterOption": "CrossAccount"}
    assert sagemaker.search(**asked)["Results"] == []


def test_trial_carries_its_components(sagemaker: Any, world: World) -> None:
    expression = {"Filters": [condition("TrialName", "Equals", "searched-1")]}
    (result,) = sagemaker.search(Resource="ExperimentTrial", SearchExpression=expression)["Results"]
    (component,) = result["Trial"]["TrialComponentSummaries"]
    assert component["TrialComponentName"] == "step-1"


def test_unknown_sort_key_is_refused(sagemaker: Any, world: World) -> None:
    code, message = refusal(sagemaker.search, Resource="Experiment", SortBy="Unknown")
    assert (code, message) == ("ValidationException", "Unknown property name: Unknown")


def test_page_is_ten_by_default(sagemaker: Any, unique: Unique) -> None:
    for _ in range(11):
        sagemaker.create_experiment(ExperimentName=unique("many"))
    expression = {"Filters": [condition("ExperimentName", "Contains", "many-")]}
    first = sagemaker.search(Resource="Experiment", SearchExpression=expression)
    assert len(first["Results"]) == 10
    rest = sagemaker.search(
        Resource="Experiment", SearchExpression=expression, NextToken=first["NextToken"]
    )
    assert len(rest["Results"]) == 1
    assert "NextToken" not in rest


def test_names_in_use_are_suggested(sagemaker: Any, world: World) -> None:
    query = {"PropertyNameQuery": {"PropertyNameHint": "metrics.validation:"}}
    response = sagemaker.get_search_suggestions(
        Resource="ExperimentTrialComponent", SuggestionQuery=query
    )
    names = [item["PropertyName"] for item in response["PropertyNameSuggestions"]]
    assert "Metrics.validation:auc.Last" in names
    assert all(name.startswith("Metrics.validation:") for name in names)


def test_groups_are_sorted_by_creation_by_default(sagemaker: Any, unique: Unique) -> None:
    """A group has no LastModifiedTime, by which AWS sorts by default."""
    stem = unique("Sorted")
    for suffix in "bca":
        sagemaker.create_model_package_group(ModelPackageGroupName=f"{stem}-{suffix}")
    named = condition("ModelPackageGroupName", "Contains", stem)

    def groups(**request: str) -> str:
        expression = {"Filters": [named]}
        results = sagemaker.search(
            Resource="ModelPackageGroup", SearchExpression=expression, **request
        )["Results"]
        return "".join(r["ModelPackageGroup"]["ModelPackageGroupName"][-1] for r in results)

    assert groups() == "acb"
    assert groups(SortBy="CreationTime", SortOrder="Ascending") == "bca"
    assert groups(SortBy="LastModifiedTime", SortOrder="Ascending") == "bca"
    assert groups(SortBy="ModelPackageGroupName", SortOrder="Ascending") == "abc"


@pytest.mark.parametrize("depth", [60, 300, 2000])
def test_deeply_nested_expressions_are_refused(sagemaker: Any, depth: int) -> None:
    """botocore itself cannot write them: the body is made here."""
    inner = '{"Filters": [{"Name": "ExperimentName", "Operator": "Exists"}]}'
    expression = '{"SubExpressions": [' * depth + inner + "]}" * depth
    body = f'{{"Resource": "Experiment", "SearchExpression": {expression}}}'
    request = urllib.request.Request(
        sagemaker.meta.endpoint_url,
        body.encode(),
        {
            "X-Amz-Target": "SageMaker.Search",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": f"AWS4-HMAC-SHA256 Credential=a/20260101/{REGION}/sagemaker/x",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=20)
    assert caught.value.code == 400
    kind = json.load(caught.value)["__type"].rpartition("#")[2]
    assert kind in ("ValidationException", "SerializationException")

"""The metadata of a version, within SageMaker's limits, and the arguments of mapped transforms."""

from __future__ import annotations

from typing import get_type_hints

from prodml.decisions import decision
from prodml.operators.evaluation import EvaluationOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.vocabulary import Approval

from include.local_aws.wire.model import service
from include.pipelines.contracts.evaluation import Contender, EvaluationPlan, Origin, VersionFacts
from include.pipelines.evaluation.scorecards import origin
from tests.include.pipelines.contracts.arguments import arguments


def test_every_property_of_a_version_is_text() -> None:
    assert set(get_type_hints(VersionFacts).values()) == {str}


def test_a_version_has_no_more_properties_and_no_longer_names_than_sagemaker_takes() -> None:
    shape = service("sagemaker").shape_for("CustomerMetadataMap")
    names = VersionFacts.__annotations__
    assert len(names) <= shape.metadata["max"]
    assert max(map(len, names)) <= shape.key.metadata["max"]


def test_facts_that_later_tasks_add_are_facts_of_a_version() -> None:
    assert origin("dag", "run", "leaderboard").keys() == Origin.__annotations__.keys()
    rejected = decision(Approval.REJECTED, "the comparison on the holdout")
    assert rejected.keys() <= VersionFacts.__annotations__.keys()


def test_operators_take_every_field_of_their_plans() -> None:
    assert Contender.__annotations__.keys() <= arguments(BatchTransformOperator)
    assert EvaluationPlan.__annotations__.keys() <= arguments(EvaluationOperator)

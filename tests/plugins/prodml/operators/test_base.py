"""What every operator shares."""

from __future__ import annotations

from typing import Any

from prodml.aws.tags import by_key
from prodml.links.job import KEY
from prodml.naming import Identity, identity_of
from prodml.operators.base import AwsOperator
from prodml.vocabulary import TRAINING

from tests.plugins.runs import Ti


def test_a_task_that_is_not_mapped_has_the_index_minus_one() -> None:
    operator = AwsOperator(task_id="task", deployment="prod")
    ti: Any = Ti("run")
    ti.map_index = None
    context: Any = {"ti": ti}
    assert operator.identity(context) == Identity("prod", "pipeline", "run", "task", -1)


def test_tags_name_the_task_and_its_try() -> None:
    context: Any = {"ti": Ti("run", map_index=3, try_number=2)}
    operator = AwsOperator(task_id="task", deployment="prod")
    tags = by_key(operator.tags(context, "digest"))
    assert identity_of(tags) == operator.identity(context)
    assert (tags["prodml:try"], tags["prodml:request-hash"]) == ("2", "digest")


def test_a_link_opens_the_named_resource(ti: Ti) -> None:
    context: Any = {"ti": ti}
    AwsOperator(task_id="task").link_to(context, TRAINING, "my-job")
    assert "my-job" in ti.pushed[KEY]


def test_the_connection_has_the_operators_own_region() -> None:
    assert AwsOperator(task_id="task", region_name="eu-west-1").aws.region_name == "eu-west-1"

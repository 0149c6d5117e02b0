"""A graph of three entities for the tests of lineage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.sagemaker.lineage.test_artifacts import create

Unique = Callable[[str], str]


@pytest.fixture(name="chain")
def _chain(sagemaker: Any, unique: Unique) -> tuple[str, str, str]:
    """Create data -> training (an action) -> endpoint (a context); return their ARNs."""
    data = create(sagemaker, f"s3://bucket/{unique('data')}")
    source = {"SourceUri": f"s3://bucket/{unique('run')}"}
    action = sagemaker.create_action(
        ActionName=unique("train"), Source=source, ActionType="Training", Properties={"a": "1"}
    )["ActionArn"]
    context = sagemaker.create_context(
        ContextName=unique("endpoint"), Source=source, ContextType="Endpoint"
    )["ContextArn"]
    for first, second in ((data, action), (action, context)):
        sagemaker.add_association(
            SourceArn=first, DestinationArn=second, AssociationType="ContributedTo"
        )
    return data, action, context

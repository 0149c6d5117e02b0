"""The age of a version of a model package, and whether it may serve."""

from __future__ import annotations

import pytest
from prodml.endpoints.versions import age, refuse_unapproved
from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Approval

ARN = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/3"


def test_only_an_approved_version_may_serve() -> None:
    refuse_unapproved({"ModelPackageArn": ARN, "ModelApprovalStatus": Approval.APPROVED})
    pending = {"ModelPackageArn": ARN, "ModelApprovalStatus": "PendingManualApproval"}
    with pytest.raises(RequestRefusedError, match="churn/3 is PendingManualApproval"):
        refuse_unapproved(pending)


def test_a_version_without_the_property_is_the_oldest() -> None:
    dated = {"CustomerMetadataProperties": {"window-end": "2024-05-06"}}
    assert age(dated, "window-end") == "2024-05-06"
    assert age({}, "window-end") == age(dated, "other") == ""
    assert age({}, "window-end") < age(dated, "window-end")

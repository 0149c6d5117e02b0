"""The plan of a copy: where it goes."""

from __future__ import annotations

import pytest

from include.pipelines.deployment.imports import plan

ARN = "arn:aws:sagemaker:eu-west-1:111111111111:model-package/churn/7"


def test_a_copy_lies_where_nothing_expires() -> None:
    planned = plan({"pipeline": "churn", "source": ARN})
    where = "s3://prodml-local/churn/artifacts/imported/eu-west-1-111111111111-churn-7"
    assert planned == {"group": "churn", "output_uri": where}


def test_a_form_without_a_version_is_refused() -> None:
    with pytest.raises(ValueError, match="Set `source` to the ARN of an approved"):
        plan({"pipeline": "churn", "source": None})

"""Images, right and wrong."""

from __future__ import annotations

import json
from typing import Any

from prodml.preflight.images import check_images

from tests.plugins.prodml.preflight.conftest import Checked
from tests.plugins.runs import XGBOOST

OWN = "000000000000.dkr.ecr.us-east-1.amazonaws.com"


def test_image_of_aws(checked: Checked) -> None:
    lines = checked(check_images, images=(XGBOOST, XGBOOST))
    assert lines == {"image sagemaker-xgboost:1.7-1": ("OK", "registry 683313688378, us-east-1")}


def test_image_of_another_region(checked: Checked) -> None:
    (line,) = checked(check_images, images=(XGBOOST,), region="eu-west-1").values()
    assert line == ("WRONG", "is in us-east-1, jobs are in eu-west-1")


def test_image_outside_of_ecr(checked: Checked) -> None:
    (line,) = checked(check_images, images=("docker.io/library/python:3.11",)).values()
    assert line == ("WRONG", "docker.io/library/python:3.11 is not in ECR")


def test_own_image(server: Any, checked: Checked, unique: str) -> None:
    image = f"{OWN}/{unique}:v1"
    (line,) = checked(check_images, images=(image,)).values()
    assert line == ("UNKNOWN", f"your registry has no repository {unique}")

    ecr = server.client("ecr")
    ecr.create_repository(repositoryName=unique)
    manifest = json.dumps({"schemaVersion": 2, "config": {}, "layers": []})
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    ecr.put_image(
        repositoryName=unique,
        imageManifest=manifest,
        imageManifestMediaType=kind,
        imageTag="v1",
    )
    (line,) = checked(check_images, images=(image,)).values()
    assert line == ("OK", "exists in your registry")

    (line,) = checked(check_images, images=(f"{OWN}/{unique}:v2",)).values()
    assert line == ("WRONG", f"{OWN}/{unique}:v2 does not exist")

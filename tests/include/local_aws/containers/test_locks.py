"""The locks of the images are complete: no version depends on the state of the index."""

from __future__ import annotations

import asyncio
import re

import pytest

from include.local_aws.containers.image import BOTO, PIP, Packages
from include.local_aws.containers.images import KNOWN, TOOLKIT
from include.local_aws.containers.locks import compiled

PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*==\S+( ;.*)?")
PACKAGES = {name: image.packages for name, image in KNOWN.items()} | {"toolkit": TOOLKIT}


@pytest.mark.parametrize("name", PACKAGES)
def test_each_image_has_boto3_pip_and_a_lock(name: str) -> None:
    packages = PACKAGES[name]
    assert {BOTO, PIP} <= set(packages.requirements)
    assert all(PINNED.fullmatch(line) for line in (*packages.requirements, *packages.lock))
    assert any(line.startswith("botocore==") for line in packages.lock)


def test_a_lock_has_the_dependencies_of_the_packages() -> None:
    lines = asyncio.run(compiled(Packages(("jinja2==3.1.6",))))
    assert [line.partition("==")[0] for line in lines] == ["markupsafe"]


def test_another_lock_makes_another_environment() -> None:
    plain = Packages(("a==1",))
    assert plain.digest != Packages(("a==1",), lock=("b==2",)).digest
    assert plain.digest == Packages(("a==1",), nearest=("a==2",)).digest
    assert plain.digest != plain.with_extra(("c==3",))

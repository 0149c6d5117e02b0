"""The locks of the images are complete: no version depends on the state of the index."""

from __future__ import annotations

import asyncio
import re

import pytest

from include.local_aws.containers.image import PIP, Packages
from include.local_aws.containers.known_images import LOCKED
from include.local_aws.containers.locks import compiled

PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*==\S+( ;.*)?")


@pytest.mark.parametrize("name", LOCKED)
def test_each_image_has_boto3_pip_and_a_lock(name: str) -> None:
    packages: Packages | None = LOCKED[name]
    while packages:
        assert PIP in packages.requirements
        assert any(line.startswith("boto3==") for line in packages.requirements)
        names = {line.split("==")[0] for line in packages.lock}
        open_ones = {line.lower() for line in packages.requirements if "==" not in line}
        assert open_ones <= names
        assert all(PINNED.fullmatch(line) for line in packages.lock)
        assert "botocore" in names
        packages = packages.instead


def test_a_lock_has_the_dependencies_of_the_packages() -> None:
    lines = asyncio.run(compiled(Packages(("jinja2==3.1.6",))))
    assert [line.partition("==")[0] for line in lines] == ["markupsafe"]


def test_another_lock_makes_another_environment() -> None:
    plain = Packages(("a==1",))
    assert plain.digest != Packages(("a==1",), lock=("b==2",)).digest
    assert plain.digest == Packages(("a==1",), instead=Packages(("a==2",))).digest
    assert plain.digest != Packages(("a==1",), python="3.12").digest
    assert plain.digest != plain.with_extra(("c==3",))

"""Instances without processes, for tests of what starts and stops them."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest

from include.local_aws.sagemaker.runtime.containers import Containers
from include.local_aws.sagemaker.runtime.instances import Instance


@dataclass
class Launches:
    """Stands in for the containers of instances: counts the launches by image; some fail."""

    number: Counter[str] = field(default_factory=Counter)
    failing: set[tuple[str, int]] = field(default_factory=set)

    def launch(self, image: str) -> None:
        self.number[image] += 1
        if (image, self.number[image]) in self.failing:
            raise RuntimeError(f"launch {self.number[image]} of {image} failed")


@pytest.fixture
def launches(monkeypatch: pytest.MonkeyPatch) -> Launches:
    launches = Launches()

    async def launch(self: Instance) -> None:
        launches.launch(self._definitions[0]["Image"])
        self.containers = Containers({})

    async def live(self: Instance) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Instance, "_launch", launch)
    monkeypatch.setattr(Instance, "_live", live)
    return launches

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from include.local_aws.containers.instance_types import Resources
from include.local_aws.sagemaker.runtime.placement import NoRoomError, Placement, fit

HALF = Resources(cpus=1, memory=4096)
WHOLE = Resources(cpus=2, memory=8192)


def _placement(
    hosts: list[str], most: int = 0, capacity: Sequence[Resources] = (WHOLE,)
) -> Placement:
    async def grow() -> bool:
        if len(hosts) >= most:
            return False
        hosts.append(f"host-{len(hosts)}")
        return True

    return Placement(lambda: capacity[0], lambda: hosts, grow)


@pytest.mark.parametrize(("strategy", "copies"), [("SPREAD", [1, 1]), ("BINPACK", [2])])
def test_strategy_decides_among_instances_with_room(strategy: str, copies: list[int]) -> None:
    placement = _placement(["a", "b"])

    async def seat() -> list[str]:
        return [await placement.take(name, HALF, strategy) for name in ("x", "y")]

    assert sorted(Counter(asyncio.run(seat())).values()) == copies


def test_instance_is_added_where_none_has_room() -> None:
    hosts = ["a"]
    placement = _placement(hosts, most=2)

    async def seat() -> None:
        for name in ("x", "y"):
            await placement.take(name, WHOLE)
        with pytest.raises(NoRoomError, match="not enough hardware resources"):
            await placement.take("z", HALF)

    asyncio.run(seat())
    assert (len(hosts), placement.idle()) == (2, [])
    placement.release("y")
    assert placement.idle() == ["host-1"]


def test_copy_larger_than_an_instance_adds_none() -> None:
    hosts: list[str] = []
    placement = _placement(hosts, most=2)
    with pytest.raises(NoRoomError):
        asyncio.run(placement.take("x", Resources(cpus=3, memory=1)))
    assert hosts == []


def test_copies_move_to_the_instances_of_an_update() -> None:
    hosts = ["old"]
    placement = _placement(hosts)
    asyncio.run(placement.take("x", HALF))
    hosts[:] = ["new", "other"]
    assert len(placement.idle()) == 1


def test_copies_keep_their_place_when_an_update_changes_the_instance_type() -> None:
    hosts, capacity = ["small"], [WHOLE]
    placement = _placement(hosts, capacity=capacity)

    async def seat() -> None:
        await placement.take("x", WHOLE)
        hosts[:], capacity[:] = ["large"], [Resources(cpus=3, memory=12288)]
        assert await placement.take("y", HALF) == "large"
        with pytest.raises(NoRoomError):
            await placement.take("z", HALF)

    asyncio.run(seat())


@pytest.mark.parametrize(("halves", "hosts", "expected"), [(4, 2, True), (5, 2, False)])
def test_copies_fit_on_a_number_of_instances(halves: int, hosts: int, expected: bool) -> None:
    assert fit([HALF] * halves, WHOLE, hosts) is expected

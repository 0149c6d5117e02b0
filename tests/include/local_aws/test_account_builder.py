"""An account is assembled from its folder, started and stopped in order."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from include.local_aws import account_builder
from include.local_aws.containers.environments import Environments
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.faults.book import Faults


def test_state_is_found_again_in_its_own_folder(tmp_path: Path) -> None:
    options = Options(data_dir=tmp_path)
    first = account_builder.build(options, account="1" * 12, region="eu-west-1")
    first.store.insert("model", "a", {})
    first.store.close()
    again = account_builder.build(options, account="1" * 12, region="eu-west-1")
    other = account_builder.build(options)
    assert (again.store.has("model", "a"), other.store.has("model", "a")) == (True, False)
    again.store.close()
    other.store.close()


def test_accounts_share_what_they_are_given(tmp_path: Path) -> None:
    shared = (ManualClock(), Faults(), Environments(tmp_path))
    clock, faults, environments = shared
    aws = account_builder.build(
        Options(data_dir=tmp_path), clock, faults=faults, environments=environments
    )
    assert (aws.clock, aws.faults, aws.part(Environments)) == shared
    aws.store.close()


def test_parts_end_in_the_reverse_order_of_their_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endpoint's instances must stop before the runner, and the store last."""
    calls: list[str] = []

    def noted(name: str) -> type[account_builder.Started]:
        class Part:
            async def start(self) -> None:
                calls.append(f"start {name}")

            async def stop(self) -> None:
                calls.append(f"stop {name}")

        return Part

    kinds = (noted("first"), noted("second"))
    aws = account_builder.build(Options(data_dir=tmp_path))
    for kind in kinds:
        aws.add(kind())
    monkeypatch.setattr(account_builder, "STARTED", kinds)

    async def life() -> None:
        await account_builder.start(aws)
        await account_builder.stop(aws)

    asyncio.run(life())
    assert calls == ["start first", "start second", "stop second", "stop first"]

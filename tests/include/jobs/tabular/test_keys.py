from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from include.jobs.tabular import keys
from include.jobs.tabular.keys import KeyLog


@pytest.mark.parametrize("held", [1 << 20, 100])
def test_repeated_hashes_are_found_in_memory_and_on_disk(
    monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(keys, "HELD", held)
    hashes = np.random.default_rng(1).integers(0, 2**64, 1000, np.uint64)
    with closing(KeyLog()) as log:
        for start in range(0, 1000, 70):
            log.add(hashes[start : start + 70])
        assert log.repeated()[1] == 0
        log.add(hashes[[3, 500, 500]])
        repeated, surplus = log.repeated()
    assert sorted(repeated.tolist()) == sorted(hashes[[3, 500]].tolist())
    assert surplus == 3

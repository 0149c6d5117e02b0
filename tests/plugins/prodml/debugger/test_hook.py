"""The hook reports what a loop of numpy or of PyTorch does, in lines that the reader takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from prodml.debugger.hook import Hook
from prodml.debugger.log_lines import LineReader
from prodml.debugger.observations import Source


class Clock:
    """Advances by a second in each step."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def read(lines: list[str]) -> dict[str, dict[str, float]]:
    """Return the numbers of the last line by source."""
    return {one.source: dict(one.values) for one in LineReader().read(lines[-1], 1.0)}


def test_a_numpy_loop_is_reported() -> None:
    lines: list[str] = []
    clock = Clock()
    hook = Hook(every=2, write=lines.append, clock=clock)
    weights = {"dense": np.full((2, 2), 4.0), "zeros": np.zeros(3)}
    for step in range(4):
        clock.now += 1.0 + step
        weights = {"dense": weights["dense"] - 1.0, "zeros": weights["zeros"]}
        gradients = {"dense": np.array([[3.0, 0.0], [0.0, 0.0]]), "zeros": np.ones(3)}
        hook.step(weights=weights, gradients=gradients, labels=np.array([0, 0, 1]))
    assert len(lines) == 2
    report = read(lines)
    assert report[Source.GRADIENTS] == {
        "all": pytest.approx((12 / 7) ** 0.5, 1e-3),
        "dense": 1.5,
        "zeros": 1.0,
    }
    assert report[Source.UPDATES] == {"all": 1.0, "dense": 1.0}  # from 1 to 0
    assert report[Source.LABELS] == {"0": 8, "1": 4}
    assert report[Source.STEPS] == {"mean": 3.5, "slowest": 4.0}


class Parameter(np.ndarray[Any, Any]):
    """An array with the methods of a tensor that the hook uses."""

    requires_grad = True
    grad: Any = None

    def detach(self) -> Parameter:
        return self

    def double(self) -> Parameter:
        return self

    def clone(self) -> Parameter:
        return self.copy()

    def numel(self) -> int:
        return int(np.size(self))


class Module:
    """A module of two parameters, of which one has no gradient."""

    def __init__(self) -> None:
        self.weight, self.unused = np.full(4, 2.0).view(Parameter), np.ones(2).view(Parameter)
        self.weight.grad = np.full(4, np.nan).view(Parameter)

    def named_parameters(self) -> list[tuple[str, Parameter]]:
        return [("weight", self.weight), ("unused", self.unused)]


def test_a_module_is_reported_and_nan_survives() -> None:
    lines: list[str] = []
    hook, module = Hook(every=2, write=lines.append), Module()
    hook.step(model=module)
    module.weight[:] = 1.0
    hook.step(model=module, labels=[[0.0, 1.0], [1.0, 0.0]])
    report = read(lines)
    assert np.isnan(report[Source.GRADIENTS]["weight"])
    assert report[Source.UPDATES] == {
        "all": pytest.approx(0.4714, 1e-3),
        "weight": 0.5,
        "unused": 0.0,
    }
    assert report[Source.LABELS] == {"1": 1, "0": 1}


def test_a_large_model_is_cut_to_fifty_layers() -> None:
    lines: list[str] = []
    hook = Hook(every=1, write=lines.append)
    gradients = {f"layer{n}": np.full(2, float(n)) for n in range(80)}
    hook.step(weights={}, gradients=gradients)
    layers = read(lines)[Source.GRADIENTS]
    assert len(layers) == 51
    assert {"layer0", "layer79"} < set(layers)


def test_only_the_first_process_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_CURRENT_HOST", "algo-2")
    lines: list[str] = []
    hook = Hook(every=1, write=lines.append)
    hook.step(gradients={"a": np.ones(2)})
    assert lines == []

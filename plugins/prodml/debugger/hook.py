"""Report gradients, updates, classes and step times from a training script, in lines of its log.

This file travels with the script as `prodml_hook.py` and imports the standard library alone. It
takes the arrays of PyTorch and numpy:

    hook = prodml_hook.Hook(every=50)
    for features, labels in batches:
        ...                                       # forward, backward, the optimizer's step
        hook.step(model=model, labels=labels)     # PyTorch
        hook.step(weights=weights, gradients=gradients, labels=labels)    # numpy

Of several processes that train one model, the first one reports.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

MARK = "#prodml-hook# "  # begins a line of the log
MOST_LAYERS = 50
MOST_CLASSES = 1000


class Hook:
    """
    Counts the steps of one training loop, and reports each *every* steps.

    :param every: Steps between two reports.
    :param write: Takes a line; prints it if left out.
    :param clock: Returns the time in seconds.
    """

    def __init__(
        self,
        every: int = 50,
        write: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._every = max(1, every)
        self._write = write or _print
        self._clock = clock
        self._is_leader = _is_leader(os.environ)
        self._steps = 0
        self._before: dict[str, Any] = {}
        self._rows: dict[str, int] = {}
        self._last = self._began = clock()
        self._slowest = 0.0

    def step(
        self,
        model: Any = None,
        weights: Mapping[str, Any] | None = None,
        gradients: Mapping[str, Any] | None = None,
        labels: Iterable[Any] | None = None,
    ) -> None:
        """Count one step, whose gradients are computed and whose weights are updated."""
        if not self._is_leader:
            return
        now = self._clock()
        self._slowest, self._last = max(self._slowest, now - self._last), now
        self._steps += 1
        if labels is not None:
            self._count(labels)
        due = self._steps % self._every
        if due == 0:
            if model is not None:
                weights, gradients = _of_model(model)
            self._report(weights or {}, gradients or {}, now)
        if (due + 1) % self._every == 0:  # the next step reports
            if model is not None:
                weights, _ = _of_model(model)
            self._before = {name: _copy(array) for name, array in (weights or {}).items()}
        # What the hook itself takes is no part of a step.
        spent = self._clock() - now
        self._last += spent
        self._began += spent

    def _count(self, labels: Iterable[Any]) -> None:
        for label in labels.tolist() if hasattr(labels, "tolist") else labels:
            name = str(max(range(len(label)), key=label.__getitem__) if _is_row(label) else label)
            if name in self._rows or len(self._rows) < MOST_CLASSES:
                self._rows[name] = self._rows.get(name, 0) + 1

    def _report(self, weights: Mapping[str, Any], gradients: Mapping[str, Any], now: float) -> None:
        line: dict[str, Any] = {"step": self._steps}
        if gradients:
            line["gradients"] = _sizes(gradients)
        changes = {name: weights[name] - old for name, old in self._before.items()}
        if changes:
            line["updates"] = _ratios(changes, self._before)
        if self._rows:
            line["labels"] = self._rows
        mean = (now - self._began) / self._every
        line["steps"] = {"mean": _short(mean), "slowest": _short(self._slowest)}
        self._began, self._slowest = now, 0.0
        self._write(MARK + json.dumps(line))


def _of_model(model: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the weights and the gradients of a PyTorch module, by parameter."""
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    gradients = {name: p.grad for name, p in trained if p.grad is not None}
    return {name: p.detach() for name, p in trained}, gradients


def _copy(array: Any) -> Any:
    return array.detach().clone() if hasattr(array, "detach") else array.copy()


def _squares(array: Any) -> tuple[float, int]:
    """Return the sum of the squares of *array*, and how many numbers it has."""
    wide = array.detach().double() if hasattr(array, "detach") else array.astype("float64")
    size = int(wide.numel()) if hasattr(wide, "numel") else int(wide.size)
    return float((wide * wide).sum()), size


def _sizes(gradients: Mapping[str, Any]) -> dict[str, float]:
    """Return the root mean square of each layer's gradients, and of all."""
    sums = {name: _squares(array) for name, array in gradients.items()}
    total, count = sum(s for s, _ in sums.values()), sum(n for _, n in sums.values())
    sizes = {name: (s / max(n, 1)) ** 0.5 for name, (s, n) in sums.items()}
    return {"all": _short((total / max(count, 1)) ** 0.5), **_few(sizes)}


def _ratios(changes: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, float]:
    """Return the size of each layer's change relative to its weights; layers of zeros are out."""
    changed = {name: _squares(array)[0] for name, array in changes.items()}
    old = {name: _squares(array)[0] for name, array in before.items()}
    ratios = {name: (changed[name] / old[name]) ** 0.5 for name in changed if old[name]}
    whole = (sum(changed.values()) / (sum(old.values()) or 1.0)) ** 0.5
    return {"all": _short(whole), **_few(ratios)}


def _few(values: Mapping[str, float]) -> dict[str, float]:
    """Return at most fifty layers: the smallest and the largest."""
    names = sorted(values, key=lambda name: values[name])
    if len(names) > MOST_LAYERS:
        kept = {*names[: MOST_LAYERS // 2], *names[-MOST_LAYERS // 2 :]}
        names = [name for name in values if name in kept]
    return {name: _short(values[name]) for name in values if name in names}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _is_row(label: Any) -> bool:
    return isinstance(label, list) and len(label) > 0


def _is_leader(environment: Mapping[str, str]) -> bool:
    host, master = environment.get("SM_CURRENT_HOST"), environment.get("SM_MASTER_HOST", "algo-1")
    ranks = ("RANK", "LOCAL_RANK", "OMPI_COMM_WORLD_RANK")
    return host in (None, master) and all(environment.get(rank, "0") == "0" for rank in ranks)


def _print(line: str) -> None:
    print(line, flush=True)

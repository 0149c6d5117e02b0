"""Write the inputs of an evaluation job, and run it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from include.jobs.evaluation.__main__ import main

Array = Any
Inputs = dict[str, list[str]]
YES_NO = ["--classes", '["no", "yes"]']


def evaluated(folder: Path, inputs: Inputs, *arguments: str) -> Any:
    """Return evaluation.json of *inputs*, one file each."""
    write(folder, inputs)
    assert main(["--input", str(folder), "--output", str(folder / "out"), *arguments]) == 0
    return json.loads((folder / "out" / "evaluation.json").read_text())


def write(folder: Path, inputs: Inputs) -> None:
    for name, lines in inputs.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "part-00000.csv").write_text("".join(f"{line}\n" for line in lines))


def binary(rows: int, seed: int = 1) -> tuple[Array, Array, Array]:
    """Return labels, and the probabilities of a better and a worse model of the same rows."""
    draw = np.random.default_rng(seed)
    truth = (draw.random(rows) < 0.2).astype(int)
    signal = 1.8 * truth + draw.normal(size=rows)
    noisy = (signal + size * draw.normal(size=rows) for size in (0.3, 1.0))
    better, worse = (1 / (1 + np.exp(2.0 - 1.4 * one)) for one in noisy)
    return truth, better, worse


def numbers(values: Iterable[Any]) -> list[str]:
    return [str(value) for value in values]


def objects(values: Iterable[Any], form: Callable[[Any], dict[str, Any]]) -> list[str]:
    return [json.dumps(form(value)) for value in values]

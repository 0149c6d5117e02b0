"""Keep PyTorch and its companions builds for CPUs: those of PyPI are CUDA's, of gigabytes."""

from __future__ import annotations

import re
from pathlib import Path

TORCH = re.compile(r"torch==(\d+)\.(\d+)\.(\d+)")
CONSTRAINTS = "cpu-builds.txt"  # in an environment with PyTorch: for uv and for pip
LONGEST_REASON = 400  # characters of uv's output: a job's FailureReason has 1,024
MISSING = "missing.txt"  # in an environment without a companion that its image has


def torch_in(requirements: tuple[str, ...]) -> str | None:
    """Return the requirement of PyTorch, if any."""
    return next((line for line in requirements if TORCH.match(line)), None)


def companions(torch: str) -> tuple[str, ...]:
    """Return the builds for CPUs of torchvision and torchaudio that belong to *torch*.

    torchvision 0.21 belongs to PyTorch 2.6, and 0.22 to 2.7; torchaudio stays at 2.11.
    """
    version = TORCH.match(torch)
    if not version:
        return ()
    major, minor, patch = version[1], int(version[2]), version[3]
    audio = f"{major}.{minor}.{patch}" if minor <= 11 else f"{major}.11.0"
    return (f"torchvision==0.{minor + 15}.{patch}+cpu", f"torchaudio=={audio}+cpu")


def write_constraints(home: Path, torch: str) -> None:
    """Constrain what is later installed over the environment in *home* to builds for CPUs."""
    lines = (f"{torch.partition('+')[0]}+cpu", *companions(torch))
    (home / CONSTRAINTS).write_text("\n".join((*lines, "")))


def constraints(home: Path) -> Path | None:
    """Return the file of constraints of the environment in *home*, if it has PyTorch."""
    path = home / CONSTRAINTS
    return path if path.exists() else None


def pip_settings(python: Path) -> dict[str, str]:
    """Return the variables that make pip in a container of *python*'s keep builds for CPUs."""
    path = constraints(python.parents[1])
    return {"PIP_CONSTRAINT": str(path), "UV_CONSTRAINT": str(path)} if path else {}


def refusal(home: Path, output: str) -> str:
    """Return the reason for which packages cannot be added to the environment in *home*.

    :param output: Of uv, which could not install them.
    """
    wanted = ", ".join((home / CONSTRAINTS).read_text().split())
    reason = " ".join(output.split())[:LONGEST_REASON]
    return (
        "ClientError: requirements.txt cannot be installed over the image's PyTorch, which stays a "
        f"build for CPUs ({wanted}): {reason}\nPut the missing wheels for CPUs into a folder that "
        "PIP_FIND_LINKS names, or remove their lines."
    )

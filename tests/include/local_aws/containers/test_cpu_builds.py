"""Constraints that keep PyTorch and its companions builds for CPUs."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.containers import cpu_builds


@pytest.mark.parametrize(
    ("torch", "vision", "audio"),
    [("2.6.0", "0.21.0", "2.6.0"), ("2.10.0", "0.25.0", "2.10.0"), ("2.13.0", "0.28.0", "2.11.0")],
)
def test_companions_are_those_of_the_version_of_pytorch(
    torch: str, vision: str, audio: str
) -> None:
    wanted = (f"torchvision=={vision}+cpu", f"torchaudio=={audio}+cpu")
    assert cpu_builds.companions(f"torch=={torch}") == wanted
    assert cpu_builds.companions("torch") == ()


def test_pip_is_constrained_in_containers_of_pytorch_alone(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    assert cpu_builds.pip_settings(python) == {}
    cpu_builds.write_constraints(tmp_path, "torch==2.13.0")
    path = cpu_builds.pip_settings(python)["PIP_CONSTRAINT"]
    lines = Path(path).read_text().split()
    assert lines == ["torch==2.13.0+cpu", "torchvision==0.28.0+cpu", "torchaudio==2.11.0+cpu"]


def test_a_refusal_names_the_builds_and_the_way_out(tmp_path: Path) -> None:
    cpu_builds.write_constraints(tmp_path, "torch==2.13.0")
    sentence = cpu_builds.refusal(tmp_path, f"no version of\n  torchvision {'x' * 900}")
    assert ": no version of torchvision x" in sentence
    assert len(sentence) < 1024
    assert "build for CPUs (torch==2.13.0+cpu, torchvision==0.28.0+cpu" in sentence
    assert sentence.endswith("that PIP_FIND_LINKS names, or remove their lines.")

"""The command of a training container: the request's, the toolkit's, or the image's own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.containers.environments import Environments, Log
from include.local_aws.containers.image import TOOLKIT_FOLDER, Image, Packages
from include.local_aws.containers.known_images import KNOWN
from include.local_aws.containers.requirements import BuildFailed
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.training.entry_point import PYARROW, Entry, training_entry

XGBOOST = KNOWN["sagemaker-xgboost:1.7-1"]
SKLEARN = KNOWN["sagemaker-scikit-learn:1.4-2-cpu-py3"]
SCRIPT = {"sagemaker_program": '"train.py"'}


class Built:
    """Environments of an account that are already there; records further requirements."""

    def __init__(self, aws: Aws, root: Path) -> None:
        aws.add(self, Environments)
        self.aws, self.root = aws, root
        self.extra: tuple[str, ...] = ()

    async def of(self, image: Image, log: Log, extra: tuple[str, ...] = ()) -> Path:
        self.extra = extra
        return self.root / "image" / "bin" / "python"

    async def python(self, packages: Packages, log: Log) -> Path:
        return self.root / "toolkit" / "bin" / "python"


@pytest.fixture
def built(aws: Aws, tmp_path: Path) -> Built:
    return Built(aws, tmp_path)


def entry(built: Built, image: Image, **members: Any) -> Entry:
    request = {"AlgorithmSpecification": {}} | members
    return asyncio.run(training_entry(built.aws, image, request, built.root, print))


def extra(built: Built, image: Image, **members: Any) -> tuple[str, ...]:
    """Return the further requirements that a job asks for."""
    entry(built, image, **members)
    return built.extra


def test_built_in_algorithm_runs_its_own_program(built: Built) -> None:
    made = entry(built, XGBOOST)
    assert made.argv == [str(made.python), str(XGBOOST.folder / "train.py")]
    assert made.python == built.root / "image" / "bin" / "python"
    assert {built.root / "image", XGBOOST.folder} <= set(made.visible)
    assert made.environment["PATH"].endswith(f"{made.python.parent}:/usr/local/bin:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("image", "parameters"), [(SKLEARN, {}), (XGBOOST, SCRIPT)], ids=["script mode", "own script"]
)
def test_script_runs_through_the_toolkit(
    built: Built, image: Image, parameters: dict[str, str]
) -> None:
    made = entry(built, image, HyperParameters=parameters)
    toolkit = built.root / "toolkit" / "bin" / "python"
    assert made.argv == [str(toolkit), str(TOOLKIT_FOLDER / "train.py")]
    assert made.environment["PYTHONPATH"] == str(TOOLKIT_FOLDER)
    assert made.python == built.root / "image" / "bin" / "python"
    assert {built.root / "toolkit", TOOLKIT_FOLDER, image.folder} <= set(made.visible)


def test_entry_point_of_the_request_comes_first(built: Built) -> None:
    specification = {"ContainerEntrypoint": ["python3", "-c"], "ContainerArguments": ["1"]}
    made = entry(built, SKLEARN, AlgorithmSpecification=specification, HyperParameters=SCRIPT)
    assert made.argv == ["python3", "-c", "1"]
    assert "SAGEMAKER_TRAINING_MODULE" not in made.environment


def test_requirements_of_a_script_are_installed(built: Built) -> None:
    (built.root / "code").mkdir()
    (built.root / "code" / "requirements.txt").write_text("polars==1.0\n# a comment\n")
    asked = [extra(built, XGBOOST), extra(built, SKLEARN, HyperParameters=SCRIPT)]
    assert asked == [(), ("polars==1.0",)]  # an algorithm without a script has none
    (built.root / "code" / "requirements.txt").write_text("-r /etc/passwd\n")
    with pytest.raises(BuildFailed, match="Remove the line"):
        entry(built, SKLEARN, HyperParameters=SCRIPT)


def test_parquet_needs_pyarrow(built: Built) -> None:
    channels = [{"ContentType": "text/csv"}, {"ContentType": "application/x-parquet"}]
    asked = [extra(built, XGBOOST, InputDataConfig=channels[:n]) for n in (1, 2)]
    assert asked == [(), (PYARROW,)]

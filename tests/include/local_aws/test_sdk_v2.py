"""Version 2 of the SageMaker SDK in an environment of its own: `make sdk-v2` runs these."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws import sdk, sdk_v2
from tests.root import ROOT
from tests.wheels import UV

VARIABLE = "PRODML_TEST_SDK_V2"
SDK = "sagemaker==2.257.7"
pytestmark = pytest.mark.skipif(
    VARIABLE not in os.environ, reason=f"{VARIABLE}=1 installs {SDK}, which takes minutes"
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with the SDK, which VARIABLE may name."""
    given = Path(os.environ[VARIABLE])
    if given.is_absolute():
        return given
    home = tmp_path_factory.mktemp("sdk-v2")
    python = home / "bin" / "python"
    options = ["--quiet", "--python"]
    subprocess.run([UV, "venv", *options, sys.executable, str(home)], check=True)
    subprocess.run([UV, "pip", "install", *options, str(python), SDK], check=True)
    return python


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("script", ["attach", "automl", "framework", "pipeline"])
def test_a_script_of_the_sdk_runs(
    script: str, python: Path, local_aws: Server, unique: Callable[[str], str], tmp_path: Path
) -> None:
    ended = subprocess.run(
        [str(python), "-m", f"{sdk_v2.__name__}.{script}", unique("sdk2"), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=sdk.environment(local_aws, tmp_path) | {"SAGEMAKER_SUPPRESS_V2_WARNING": "1"},
        check=False,
    )
    assert ended.stdout.strip().endswith("done"), ended.stdout + ended.stderr[-4000:]

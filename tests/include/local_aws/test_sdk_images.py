"""Version 3 of the SageMaker SDK where it needs packages: `make frameworks` runs these."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from include.local_aws.testing import REGION, Server
from tests.frameworks import only_with
from tests.include.local_aws.test_sagemaker_sdk import OPT_OUT, documented_session

Unique = Callable[[str], str]
pytestmark = only_with("torch")
GIVEN = """
import os, sys
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, SourceCode
name, folder = sys.argv[1:]
sklearn = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
torch = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.6.0-cpu-py312"
role = "arn:aws:iam::000000000000:role/prodml"
one = {"instance_type": "ml.m5.large", "instance_count": 1}
common = {"role": role, "sagemaker_session": session}
"""
TRAINER = """
source = SourceCode(source_dir=folder, entry_script="uses.py", requirements="requirements.txt")
trainer = ModelTrainer(
    training_image=sklearn, base_job_name=name, source_code=source, compute=Compute(**one), **common
)
trainer.train(wait=True, logs=True)
"""
TORCHRUN = """
from sagemaker.train.distributed import Torchrun
trainer = ModelTrainer(
    training_image=torch, base_job_name=name, compute=Compute(**one), **common,
    source_code=SourceCode(source_dir=folder, entry_script="together.py"),
    distributed=Torchrun(process_count_per_node=2),
)
trainer.train(wait=True, logs=True)
"""
PROCESSOR = """
from sagemaker.core.processing import FrameworkProcessor
processor = FrameworkProcessor(image_uri=sklearn, base_job_name=name, **one, **common)
processor.run(code="uses.py", source_dir=folder, wait=True, logs=True)
"""
REMOTE = """
from sagemaker.core.remote_function import remote

@remote(image_uri=torch, instance_type="ml.m5.large", **common)
def add(a, b):
    return a + b

print("the sum is", add(2, 3), flush=True)
"""
FILES = {
    "requirements.txt": "iniconfig==2.1.0\n",
    "uses.py": "import iniconfig\nprint('uses', iniconfig.__name__, flush=True)\n",
    "together.py": (
        "import torch, torch.distributed as d\n"
        "d.init_process_group('gloo')\n"
        "total = torch.tensor([1.0])\n"
        "d.all_reduce(total)\n"
        "print('total', total.item(), torch.__version__, flush=True)\n"
    ),
}
CASES = {
    "trainer": (TRAINER, "uses iniconfig"),
    "torchrun": (TORCHRUN, "total 2.0 2.13.0+cpu"),
    "processor": (PROCESSOR, "uses iniconfig"),
    "remote": (REMOTE, "the sum is 5"),
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", CASES)
def test_the_sdk_brings_or_finds_its_packages(
    case: str, local_aws: Server, unique: Unique, tmp_path: Path
) -> None:
    script, printed = CASES[case]
    source = tmp_path / "source"
    source.mkdir()
    for file, text in FILES.items():
        (source / file).write_text(text)
    (tmp_path / "sdk.yaml").write_text(OPT_OUT)
    variables = {
        "AWS_ENDPOINT_URL": local_aws.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(tmp_path / "sdk.yaml"),
    }
    code = f"{documented_session()}{GIVEN}{script}\nsys.stdout.flush()\nos._exit(0)\n"
    (tmp_path / "client.py").write_text(code)  # @remote reads its function's source
    ended = subprocess.run(
        [sys.executable, str(tmp_path / "client.py"), unique(case), str(source)],
        capture_output=True,
        text=True,
        timeout=800,
        env=variables,
        cwd=tmp_path,
        check=False,
    )
    assert printed in ended.stdout + ended.stderr, ended.stdout + ended.stderr[-3000:]
    assert ended.returncode == 0

"""Version 3 of the SageMaker SDK where it needs packages: `make frameworks` runs these."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from include.local_aws.testing import Server
from tests.frameworks import only_with
from tests.include.local_aws import sdk
from tests.include.local_aws.images.framework_models import TIMEOUT

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
TRACKER = """
source = SourceCode(source_dir=folder, entry_script="tracks.py", requirements="tracker.txt")
trainer = ModelTrainer(
    training_image=sklearn, base_job_name=name, source_code=source, compute=Compute(**one), **common
)
trainer.train(wait=True, logs=False)
job = trainer._latest_training_job.training_job_name
described = session.sagemaker_client.describe_trial_component(
    TrialComponentName=f"{job}-aws-training-job"
)
print(*[(m["MetricName"], m["Count"], m["Last"]) for m in described["Metrics"]], flush=True)
"""
OWN_IMAGE = """
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput
from sagemaker.core.shapes import ProcessingS3Input, ProcessingS3Output
uri = session.upload_data(f"{folder}/rows.csv", key_prefix=f"{name}/input")
below = "/opt/ml/processing"
source = ProcessingS3Input(
    s3_uri=uri, local_path=f"{below}/input", s3_data_type="S3Prefix", s3_input_mode="File"
)
target = ProcessingS3Output(
    s3_uri=f"{uri}.out", local_path=f"{below}/output", s3_upload_mode="EndOfJob"
)
image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/template:latest"
Processor(image_uri=image, base_job_name=name, **one, **common).run(
    inputs=[ProcessingInput(input_name="input", s3_input=source)],
    outputs=[ProcessingOutput(output_name="output", s3_output=target)],
)
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
BUILDER = """
import ctypes, shutil
from pathlib import Path
from sagemaker.serve import ModelBuilder
from sagemaker.serve.builder.schema_builder import SchemaBuilder
from sagemaker.serve.spec.inference_spec import InferenceSpec
from sagemaker.serve.utils.types import ModelServer

class Doubles(InferenceSpec):
    def load(self, model_dir):
        return ctypes.CDLL("libown.so")  # found in /lib

    def invoke(self, input_object, model):
        return [2 * value for value in input_object]

(library,) = Path("/lib").glob("*-linux-gnu/libz.so.1")
shutil.copy(library, "libown.so")
builder = ModelBuilder(
    inference_spec=Doubles(), schema_builder=SchemaBuilder([1], [2]), model_path="built",
    model_server=ModelServer.TORCHSERVE, image_uri=torch.replace("training", "inference"),
    role_arn=role, sagemaker_session=session, shared_libs=["libown.so"],
    instance_type="ml.m5.large", dependencies={"auto": False},
)
builder.build(model_name=name)
endpoint = builder.deploy(endpoint_name=name, initial_instance_count=1)
answer = endpoint.invoke(body="[1, 2]", content_type="application/json").body.read()
print("answer", answer.decode(), flush=True)
endpoint.delete()
"""
FILES = {
    "rows.csv": "1,2\n3,4\n",
    "requirements.txt": "iniconfig==2.1.0\n",
    "uses.py": "import iniconfig\nprint('uses', iniconfig.__name__, flush=True)\n",
    "tracker.txt": "sagemaker-experiments==0.1.45\n",
    "tracks.py": (
        "from smexperiments.tracker import Tracker\n"
        "with Tracker.load() as tracker:\n"
        "    for step, loss in enumerate((0.5, 0.25)):\n"
        "        tracker.log_metric('loss', loss, iteration_number=step)\n"
    ),
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
    "tracker": (TRACKER, "('loss', 2, 0.25)"),
    "own-image": (OWN_IMAGE, "2 rows of 1 files"),
    "torchrun": (TORCHRUN, "total 2.0 2.13.0+cpu"),
    "processor": (PROCESSOR, "uses iniconfig"),
    "remote": (REMOTE, "the sum is 5"),
    "builder": (BUILDER, "answer [2, 4]"),
}


@pytest.mark.timeout(2 * TIMEOUT)
@pytest.mark.parametrize("case", CASES)
def test_the_sdk_brings_or_finds_its_packages(
    case: str, local_aws: Server, unique: Unique, tmp_path: Path
) -> None:
    script, printed = CASES[case]
    source = tmp_path / "source"
    source.mkdir()
    for file, text in FILES.items():
        (source / file).write_text(text)
    code = f"{sdk.documented_session()}{GIVEN}{script}\nsys.stdout.flush()\nos._exit(0)\n"
    (tmp_path / "client.py").write_text(code)  # @remote reads its function's source
    name = unique(case)
    ended = subprocess.run(
        [sys.executable, str(tmp_path / "client.py"), name, str(source)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env=sdk.environment(local_aws, tmp_path),
        cwd=tmp_path,
        check=False,
    )
    # The SDK shows a job's log only as far as it is there at the last poll.
    output = "\n".join([ended.stdout, *logged(local_aws, name)])
    assert printed in output, output + ended.stderr[-3000:]
    assert ended.returncode == 0


def logged(server: Server, job: str) -> list[str]:
    """Return the log of the jobs whose names begin with *job*."""
    logs, lines = server.client("logs"), []
    for group in ("/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"):
        with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, logStreamNamePrefix=job
            )
            lines += [event["message"] for page in pages for event in page["events"]]
    return lines

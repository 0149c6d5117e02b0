"""Compare jobs with bare processes: the start of a training job, the rows of a transform.

Both sides in the same run, in turns: the same interpreter and code, once as a job and once as one
process started by hand. The transform's peer reads the whole file and predicts it at once.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import ROOT
from include.local_aws.containers.image import FOLDER
from include.local_aws.containers.images import image_for
from include.local_aws.testing import Server, running_server

RESULT = ROOT / "bench" / "results" / "jobs.json"
REGISTRY = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST, SKLEARN = (
    f"{REGISTRY}/sagemaker-{name}" for name in ("xgboost:3.0-5", "scikit-learn:1.4-2-cpu-py3")
)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
ROWS = int(os.environ.get("BENCH_ROWS", "300000"))
COLUMNS = 20
ENDED = ("Completed", "Failed", "Stopped")
SAY = "import time; print('began', time.time(), flush=True)"
PREDICT = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import xgboost as xgb
from data import csv_table
booster = xgb.Booster()
booster.load_model(sys.argv[2])
booster.set_param({"nthread": 1})
scores = booster.inplace_predict(csv_table(pathlib.Path(sys.argv[3]).read_bytes()))
pathlib.Path(sys.argv[4]).write_text("".join(f"{score}\\n" for score in scores.tolist()))
"""


class Account:
    """The benchmark's clients of the embedded AWS."""

    def __init__(self, server: Server) -> None:
        self.sagemaker = server.client("sagemaker")
        self.logs = server.client("logs")
        self.s3 = server.client("s3", s3={"addressing_style": "path"})
        self.s3.create_bucket(Bucket="bench")

    def put(self, key: str, body: bytes) -> str:
        self.s3.put_object(Bucket="bench", Key=key, Body=body)
        return f"s3://bench/{key}"

    def train(self, name: str, image: str, **members: Any) -> dict[str, Any]:
        self.sagemaker.create_training_job(
            TrainingJobName=name,
            RoleArn="arn:aws:iam::000000000000:role/prodml",
            OutputDataConfig={"S3OutputPath": "s3://bench/models"},
            ResourceConfig={
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 10,
            },
            StoppingCondition={"MaxRuntimeInSeconds": 600},
            **{"AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"}}
            | members,
        )
        return self.ended("Training", name)

    def ended(self, kind: str, name: str) -> dict[str, Any]:
        describe = getattr(self.sagemaker, f"describe_{kind.lower()}_job")
        while True:
            job: dict[str, Any] = describe(**{f"{kind}JobName": name})
            if job[f"{kind}JobStatus"] in ENDED:
                assert job[f"{kind}JobStatus"] == "Completed", job
                return job
            time.sleep(0.05)

    def began(self, name: str) -> float:
        """Return when the script of a training job printed its first line."""
        response = self.logs.filter_log_events(
            logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{name}/"
        )
        lines = [e["message"] for e in response["events"] if e["message"].startswith("began")]
        return float(lines[0].split()[1])


def script_archive() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        member = tarfile.TarInfo("train.py")
        member.size = len(SAY)
        tar.addfile(member, io.BytesIO(SAY.encode()))
    return archive.getvalue()


def starts(account: Account, python: Path) -> dict[str, Any]:
    """Return the seconds from the request to the script's first line, as medians of rounds."""
    submitted = account.put("code.tar.gz", script_archive())
    script = {
        "HyperParameters": {
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": json.dumps(submitted),
        }
    }
    command = {
        "AlgorithmSpecification": {
            "TrainingImage": SKLEARN,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "-c"],
            "ContainerArguments": [SAY],
        }
    }
    seconds: dict[str, list[float]] = {"bare process": [], "command": [], "script": []}
    for number in range(ROUNDS + 1):  # the first round warms up
        requested = time.time()
        output = subprocess.run([python, "-c", SAY], capture_output=True, text=True, check=True)
        seconds["bare process"].append(float(output.stdout.split()[1]) - requested)
        for kind, members in (("command", command), ("script", script)):
            requested, name = time.time(), f"{kind}-{number}"
            account.train(name, SKLEARN, **members)
            seconds[kind].append(account.began(name) - requested)
    return {kind: round(statistics.median(values[1:]), 3) for kind, values in seconds.items()}


def table() -> bytes:
    source = random.Random(1)
    base = [",".join(f"{source.gauss(0, 1):.4f}" for _ in range(COLUMNS)) for _ in range(1000)]
    return "".join(f"{base[number % 1000]}\n" for number in range(ROWS)).encode()


def transforms(account: Account, python: Path, folder: Path) -> dict[str, Any]:
    """Return rows per second of the same file by a transform job and by one process."""
    rows = table()
    labelled = b"".join(b"%d,%s\n" % (n % 2, row) for n, row in enumerate(rows.split(b"\n")[:1000]))
    source = {"S3DataType": "S3Prefix", "S3Uri": account.put("train.csv", labelled)}
    channel = {"ChannelName": "train", "ContentType": "text/csv"}
    job = account.train(
        "model",
        XGBOOST,
        HyperParameters={"num_round": "50", "objective": "binary:logistic"},
        InputDataConfig=[channel | {"DataSource": {"S3DataSource": source}}],
    )
    model = job["ModelArtifacts"]["S3ModelArtifacts"]
    account.sagemaker.create_model(
        ModelName="model",
        PrimaryContainer={"Image": XGBOOST, "ModelDataUrl": model},
        ExecutionRoleArn="arn:aws:iam::000000000000:role/prodml",
    )
    account.s3.download_file("bench", model.removeprefix("s3://bench/"), str(folder / "m.tar.gz"))
    shutil.unpack_archive(folder / "m.tar.gz", folder)
    (folder / "rows.csv").write_bytes(rows)
    account.put("in/rows.csv", rows)
    seconds: dict[str, list[float]] = {"one process": [], "transform job": []}
    for number in range(max(3, ROUNDS // 2)):
        seconds["one process"].append(_bare(python, folder))
        seconds["transform job"].append(_transformed(account, f"transform-{number}"))
    predictions = account.s3.get_object(Bucket="bench", Key="transform-0/rows.csv.out")[
        "Body"
    ].read()
    assert predictions == (folder / "out.csv").read_bytes(), "both sides must predict the same"
    return {kind: round(ROWS / statistics.median(values)) for kind, values in seconds.items()}


def _bare(python: Path, folder: Path) -> float:
    began = time.monotonic()
    files = [folder / name for name in ("xgboost-model", "rows.csv", "out.csv")]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run([python, "-c", PREDICT, FOLDER / "xgboost", *files], check=True, env=environment)
    return time.monotonic() - began


def _transformed(account: Account, name: str) -> float:
    """Return the seconds from CreateTransformJob to Completed, with server start and S3."""
    began = time.monotonic()
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://bench/in/"}
    account.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName="model",
        BatchStrategy="MultiRecord",
        TransformInput={
            "DataSource": {"S3DataSource": source},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        TransformOutput={"S3OutputPath": f"s3://bench/{name}", "AssembleWith": "Line"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    account.ended("Transform", name)
    return time.monotonic() - began


@contextlib.contextmanager
def account() -> Iterator[tuple[Account, Path]]:
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "aws") as server:
        yield Account(server), Path(folder)


def interpreter(uri: str) -> Path:
    return ROOT / ".local" / "images" / image_for(uri).packages.digest / "bin" / "python"


def main() -> None:
    with account() as (aws, folder):
        aws.train(
            "warm",
            SKLEARN,
            HyperParameters={},
            AlgorithmSpecification={
                "TrainingImage": SKLEARN,
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["true"],
            },
        )  # builds the environment if it is missing
        started = starts(aws, interpreter(SKLEARN))
        rates = transforms(aws, interpreter(XGBOOST), folder)
    result = {
        "seconds_to_first_line": started,
        "transform_rows_per_second": rates,
        "rows": ROWS,
        "columns": COLUMNS,
        "rounds": ROUNDS,
        "load_average": round(os.getloadavg()[0], 1),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()

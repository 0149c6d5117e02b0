"""Benchmark the gateway against direct calls of the model's process and other servers.

One model, one process each, measured in turns in the same run: the process behind an endpoint
called directly, the same through the gateway (without and with data capture), gunicorn with Flask,
and `mlflow models serve`. The peers have a separate environment, below .local/bench.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.load import Sample, Target, cpu_seconds, measure
from bench.report import HOME, ROOT, report
from include.local_aws.core.processes import free_port
from include.local_aws.testing import Server, running_server

PEERS = ROOT / "bench" / "peers"
RESULT = ROOT / "bench" / "results" / "gateway.json"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
REQUIREMENTS = (  # the first three are the image's; mlflow depends on Flask and gunicorn
    "scikit-learn==1.4.2",
    "numpy==1.26.4",
    "pandas==2.2.3",
    "mlflow==3.17.2",
)
ROUNDS, REQUESTS = int(os.environ.get("BENCH_ROUNDS", "8")), 400
CALLERS = (1, 4)
ROW = [0.1 * number - 1 for number in range(20)]
CSV = (",".join(map(str, ROW)) + "\n").encode()


def environment() -> Path:
    """Return the peers' interpreter; create its environment once."""
    home = HOME / "env"
    python = home / "bin" / "python"
    if not (home / "bin" / "mlflow").exists():
        uv = ROOT / ".local" / "tools" / "bin" / "uv"
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, home], check=True
        )
        install: list[Any] = [uv, "pip", "install", "--quiet", "--python", python, *REQUIREMENTS]
        subprocess.run(install, check=True)
    return python


def trained(python: Path, folder: Path) -> None:
    subprocess.run([python, PEERS / "train.py", folder], check=True)


@contextlib.contextmanager
def process(command: list[Any], port: int, log: Path, **variables: str) -> Iterator[int]:
    """Run a server on *port* during a with block; yield its process id."""
    variables = os.environ | variables | {"OMP_NUM_THREADS": "1"}
    with log.open("wb") as output:
        started = subprocess.Popen(
            command, env=variables, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/ping", log)
        yield started.pid
    finally:
        for child in psutil.Process(started.pid).children(recursive=True):
            child.kill()
        started.kill()
        started.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not respond. Its log:\n{log.read_text()}")


def endpoint(server: Server, folder: Path, name: str, **members: Any) -> Target:
    """Return an endpoint of one instance in service, as a target."""
    sagemaker = server.client("sagemaker")
    config = {"VariantName": "One", "ModelName": "model", "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[config | {"InitialInstanceCount": 1}],
        **members,
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    waiter = sagemaker.get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1})
    return Target(f"{server.url}/endpoints/{name}/invocations", CSV)


def register(server: Server, folder: Path) -> None:
    """Upload the model and create it in SageMaker."""
    s3 = server.client("s3", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket="bench")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        tar.add(folder / "model.joblib", "model.joblib")
        tar.add(PEERS / "inference.py", "code/inference.py")
    s3.put_object(Bucket="bench", Key="model.tar.gz", Body=archive.getvalue())
    server.client("sagemaker").create_model(
        ModelName="model",
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": "s3://bench/model.tar.gz"},
        ExecutionRoleArn="arn:aws:iam::000000000000:role/bench",
    )


def model_port(server: Server) -> int:
    """Return the port of the only running model server."""
    for child in psutil.Process(server.process.pid).children(recursive=True):
        command = child.cmdline()
        if len(command) > 2 and command[-2].endswith("serve.py"):
            return int(command[-1])
    raise RuntimeError("The endpoint has no model server.")


CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://bench/captured",
    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
}


@contextlib.contextmanager
def targets(folder: Path) -> Iterator[tuple[dict[str, Target], psutil.Process]]:
    """Run all targets at the same time; yield them and the gateway's process."""
    python = environment()
    trained(python, folder)
    flask, mlflow = free_port(), free_port()
    bin_folder = python.parent
    gunicorn = [bin_folder / "gunicorn", "--chdir", PEERS, "-w", "1", "--threads", "4"]
    gunicorn += ["-b", f"127.0.0.1:{flask}", "flask_app:app"]
    serve = [bin_folder / "mlflow", "models", "serve", "-m", folder / "mlflow"]
    serve += ["--env-manager", "local", "--workers", "1", "-p", str(mlflow)]
    path = {"PATH": f"{bin_folder}:{os.environ['PATH']}"}
    with (
        running_server(folder / "aws") as server,
        process(gunicorn, flask, folder / "f.log", MODEL_FILE=str(folder / "model.joblib")),
        process(serve, mlflow, folder / "m.log", **path),
    ):
        register(server, folder)
        plain = endpoint(server, folder, "plain")
        direct = Target(f"http://127.0.0.1:{model_port(server)}/invocations", CSV)
        document = json.dumps({"inputs": [ROW]}).encode()
        yield (
            {
                "direct": direct,
                "gateway": plain,
                "gateway_capture": endpoint(server, folder, "captured", DataCaptureConfig=CAPTURE),
                "gunicorn_flask": Target(f"http://127.0.0.1:{flask}/invocations", CSV),
                "mlflow_serve": Target(
                    f"http://127.0.0.1:{mlflow}/invocations", document, "application/json"
                ),
            },
            psutil.Process(server.process.pid),
        )


def measured(folder: Path) -> dict[str, Any]:
    with targets(folder) as (served, gateway):
        for target in served.values():
            measure(target, 100, 1)
        idle_began, idle = time.perf_counter(), cpu_seconds(gateway)
        time.sleep(5)
        idle = (cpu_seconds(gateway) - idle) / (time.perf_counter() - idle_began)
        samples = {(name, callers): Sample() for name in served for callers in CALLERS}
        spent = dict.fromkeys(served, 0.0)
        for _ in range(ROUNDS):
            for (name, callers), sample in samples.items():
                before = cpu_seconds(gateway)
                one = measure(served[name], REQUESTS, callers)
                spent[name] += cpu_seconds(gateway) - before - idle * one.seconds
                sample.add(one)
    return _report(samples, spent, idle)


def _report(
    samples: dict[tuple[str, int], Sample], spent: dict[str, float], idle: float
) -> dict[str, Any]:
    each = ROUNDS * REQUESTS * len(CALLERS)
    report: dict[str, Any] = {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "gateway_idle_cpu_percent": round(100 * idle, 2),
        "gateway_cpu_ms_per_request": {
            name: round(1000 * spent[name] / each, 3) for name in ("gateway", "gateway_capture")
        },
    }
    for callers in CALLERS:
        mine = {name: sample for (name, number), sample in samples.items() if number == callers}
        direct = mine["direct"]
        report[f"callers_{callers}"] = {
            name: sample.summary()
            | {
                "p50_of_direct": round(sample.percentile(50) / direct.percentile(50), 2),
                "p99_of_direct": round(sample.percentile(99) / direct.percentile(99), 2),
            }
            for name, sample in mine.items()
        }
    return report | {"claims": _claims(report)}


def _claims(report: dict[str, Any]) -> dict[str, bool]:
    """Return the project's claims about the gateway, and whether they hold in this run."""
    cpu = report["gateway_cpu_ms_per_request"]
    ratios = [
        report[f"callers_{callers}"][name]["p99_of_direct"] for callers in CALLERS for name in cpu
    ]
    return {
        "at most 1 ms of CPU a request": cpu["gateway"] <= 1,
        "at most 1.5 ms of CPU a request with capture": cpu["gateway_capture"] <= 1.5,
        "at most twice the p99 of the model's process": max(ratios) <= 2,
    }


if __name__ == "__main__":
    report(measured, RESULT)

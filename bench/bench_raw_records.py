"""Benchmark what the containers around a model cost: raw records in, answers out.

One model behind three endpoints, called in turns in the same run: alone with an encoded row, with
the preprocessing container before it, and as the whole inference pipeline.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.load import Sample, Target, measure
from bench.report import ROOT, report
from bench.requests import ROLE, SKLEARN
from include.data.churn_world import traffic
from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.archive import archive
from include.jobs.tabular.encoding import Encoder
from include.jobs.tabular.records import CSV, JSON, LINES, read_records
from include.local_aws.testing import Server, running_server
from include.pipelines.churn import PIPELINE
from include.pipelines.training.serving import containers

RESULT = ROOT / "bench" / "results" / "raw_records.json"
ROUNDS, REQUESTS = int(os.environ.get("BENCH_ROUNDS", "8")), 400
MOST_MS = 5.0  # that the preprocessing container may add at the median
MEDIANS = dict.fromkeys(SCHEMA.numbers, 1.0)
ROWS = 20_000  # of a batch
MODEL = """
def model_fn(model_dir):
    return None

def input_fn(data, content_type):
    text = data if isinstance(data, str) else data.decode()  # the media type names a charset
    return [[float(cell) for cell in line.split(",")] for line in text.splitlines()]

def predict_fn(rows, model):
    return [1 / (1 + abs(sum(row))) for row in rows]

def output_fn(scores, accept):
    return "".join(f"{score}\\n" for score in scores), "text/csv"
"""


def _archived(text: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        member = tarfile.TarInfo("code/inference.py")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


def models(server: Server) -> dict[str, str]:
    """Create the models; return the body that each of them is sent."""
    s3 = server.client("s3", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket="bench")
    s3.put_object(Bucket="bench", Key="model.tar.gz", Body=_archived(MODEL))
    s3.put_object(Bucket="bench", Key="p/model.tar.gz", Body=archive(SCHEMA, MEDIANS))
    trained: Any = {"Image": SKLEARN, "ModelDataUrl": "s3://bench/model.tar.gz"}
    before, model, after = containers(PIPELINE, [trained], "s3://bench/p")
    (record,) = traffic("original", 1, seed=1)
    encoded = Encoder(SCHEMA, MEDIANS).line(list(json.loads(record).values()))
    sagemaker = server.client("sagemaker")
    parts = {"model": [model], "preprocessed": [before, model], "pipeline": [before, model, after]}
    for name, served in parts.items():
        sagemaker.create_model(ModelName=name, Containers=served, ExecutionRoleArn=ROLE)
    return {name: encoded if name == "model" else record for name in parts}


def endpoint(server: Server, model: str, body: str) -> Target:
    sagemaker = server.client("sagemaker")
    variant = {"VariantName": "One", "ModelName": model, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=model, ProductionVariants=[variant | {"InitialInstanceCount": 1}]
    )
    sagemaker.create_endpoint(EndpointName=model, EndpointConfigName=model)
    waiter = sagemaker.get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=model, WaiterConfig={"Delay": 1})
    kind = CSV if model == "model" else JSON
    return Target(f"{server.url}/endpoints/{model}/invocations", body.encode(), kind)


def measured(folder: Path) -> dict[str, Any]:
    with running_server(folder / "aws") as server:
        bodies = models(server)
        targets = {name: endpoint(server, name, body) for name, body in bodies.items()}
        samples = {name: Sample() for name in targets}
        for target in targets.values():
            measure(target, 100, 1)
        for _ in range(ROUNDS):
            for name, target in targets.items():
                samples[name].add(measure(target, REQUESTS, 1))
    medians = {name: sample.percentile(50) for name, sample in samples.items()}
    added = {
        "preprocessing": round(medians["preprocessed"] - medians["model"], 2),
        "answers": round(medians["pipeline"] - medians["preprocessed"], 2),
    }
    return {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "endpoints": {name: sample.summary() for name, sample in samples.items()},
        "added_ms_at_the_median": added,
        "encoded_rows_per_second": rates(),
        "claims": {f"preprocessing adds at most {MOST_MS:g} ms": added["preprocessing"] <= MOST_MS},
    }


def rates() -> dict[str, int]:
    """Return how many records of a large request are encoded in a second, by form."""
    records = [json.loads(line) for line in traffic("original", ROWS, seed=1)]
    cells = (["" if v is None else str(v) for v in record.values()] for record in records)
    rows = "".join(",".join(row) + "\n" for row in cells)
    lines = "\n".join(map(json.dumps, records))
    encoder = Encoder(SCHEMA, MEDIANS)
    rates = {}
    for kind, body in ((CSV, rows), (LINES[0], lines)):
        began = time.process_time()
        for row in read_records(SCHEMA, body, kind).rows:
            encoder.line(row)
        rates[kind] = round(ROWS / (time.process_time() - began))
    return rates


if __name__ == "__main__":
    report(measured, RESULT)

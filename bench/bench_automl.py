"""Compare an AutoML job's best candidate with the best of a pipeline's own candidates.

Both learn from the same rows of the same division, and are the best by their own validation score.
Both answer the raw records of the same holdout, by a batch transform of what would be registered.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import boto3
import numpy as np
from prodml.jobs.script_source import with_source
from prodml.operators.training import encoded, trial_result
from prodml.vocabulary import Json
from sklearn import metrics

from bench.automl_data import DATA_SETS, DataSet
from bench.report import ROOT, report
from include.jobs.evaluation.scores import SCORES
from include.jobs.tabular.records import LINES
from include.jobs.tabular.tables import header
from include.local_aws.testing import Server, running_server
from include.pipelines.contracts.data import DataSets
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY
from include.pipelines.params.training import ALGORITHMS
from include.pipelines.training import automl, requests
from include.pipelines.training.serving import containers

RESULT = ROOT / "bench" / "results" / "automl.json"
SEEDS = (1, 2, 3)
CANDIDATES = 18
BUCKET, ROLE = "bench", "arn:aws:iam::000000000000:role/prodml"
ENDED = ("Completed", "Failed", "Stopped")


class Contest:
    """One division of a data set's rows, and what both sides make of it."""

    def __init__(self, server: Server, data_set: DataSet, seed: int, folder: Path) -> None:
        self.pipeline: Pipeline = data_set.pipeline
        self.sagemaker = server.client("sagemaker")
        self.s3 = server.client("s3", s3={"addressing_style": "path"})
        self.name = f"{self.pipeline.name}-{seed}"
        self.prepared = data_set.prepare(seed, folder)
        self.data: DataSets = {  # type: ignore[assignment]
            path.name: self._uploaded(path) for path in self.prepared.iterdir() if path.is_dir()
        }

    def _uploaded(self, folder: Path) -> str:
        prefix = f"{self.name}/{folder.name}"
        for path in folder.rglob("*"):
            if path.is_file():
                key = f"{prefix}/{path.relative_to(folder)}"
                self.s3.upload_file(str(path), BUCKET, key)
        return f"s3://{BUCKET}/{prefix}"

    def _ended(self, kind: str, describe: Callable[..., Any], name: str) -> Json:
        while (job := describe(**{f"{kind}JobName": name}))[f"{kind}JobStatus"] not in ENDED:
            time.sleep(0.2)
        if job[f"{kind}JobStatus"] != "Completed":
            raise RuntimeError(f"{name}: {job.get('FailureReason')}")
        return dict(job)

    def own(self) -> tuple[str, Any]:
        """Train the pipeline's candidates; return the name and container of the best."""
        names = {c.name: self._train(c) for c in self.pipeline.candidates}
        describe = self.sagemaker.describe_training_job
        trained = {c: self._ended("Training", describe, name) for c, name in names.items()}
        values: dict[str, float] = {
            candidate: next(
                m["Value"]
                for m in job["FinalMetricDataList"]
                if m["MetricName"] == self.pipeline.metric
            )
            for candidate, job in trained.items()
        }
        best = (max if self.pipeline.direction == "Maximize" else min)(
            values, key=lambda name: values[name]
        )
        script = next(c.script for c in self.pipeline.candidates if c.name == best)
        return best, [trial_result(trained[best], best, best, script=script)["container"]]

    def _train(self, candidate: Candidate) -> str:
        name = f"{self.name}-{candidate.name}"
        prefix = f"s3://{BUCKET}/{self.name}"
        request = requests.training(self.pipeline, candidate, prefix, self.data)
        parameters = request["HyperParameters"].items()
        request |= {"HyperParameters": {k: encoded(v) for k, v in parameters}, "RoleArn": ROLE}
        if candidate.script:
            folder, code = str(self.pipeline.jobs), f"s3://{BUCKET}/code"
            request = with_source(self.s3, request, folder, candidate.script, code)
        self.sagemaker.create_training_job(TrainingJobName=name, **request)
        return name

    def automl(self) -> tuple[str, Any]:
        """Run an AutoML job on the same rows; return the algorithm and containers of its best."""
        form = {
            "algorithms": ALGORITHMS,
            "max_candidates": CANDIDATES,
            "max_seconds": 3600,
        }
        uri = f"s3://{BUCKET}/{self.name}/table"
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.name}/table/rows.csv", Body=self._table())
        both: Any = {"train": uri, "validation": uri}
        request = automl.request(self.pipeline, form, both, f"s3://{BUCKET}/{self.name}")
        # One channel, of which AutoML holds out rows itself: 500 are needed in it.
        request["AutoMLJobInputDataConfig"] = request["AutoMLJobInputDataConfig"][:1]
        self.sagemaker.create_auto_ml_job_v2(AutoMLJobName=self.name, RoleArn=ROLE, **request)
        describe = self.sagemaker.describe_auto_ml_job_v2
        best = self._ended("AutoML", describe, self.name)["BestCandidate"]
        serving = automl.model_of({"containers": best["InferenceContainers"]})  # type: ignore[typeddict-item]
        algorithm = next(
            definition
            for definition in ("xgb", "ll", "mlp")
            if f"-{definition}/" in serving[1]["ModelDataUrl"]
        )
        return algorithm, serving

    def _table(self) -> bytes:
        parts = [
            path.read_bytes()
            for name in ("train", "validation")
            for path in sorted((self.prepared / name).iterdir())
        ]
        return b"".join([header(parts[0].partition(b"\n")[0]), *parts])

    def score(self, side: str, trained: Any) -> float:
        """Return the score of a model on the holdout, from raw records."""
        name = f"{self.name}-{side}"
        served = containers(self.pipeline, trained, self.data["preprocessing"])
        self.sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, Containers=served)
        source = {"S3DataType": "S3Prefix", "S3Uri": f"{self.data['holdout']}/"}
        output = f"s3://{BUCKET}/{self.name}/scores-of-{side}"
        self.sagemaker.create_transform_job(
            TransformJobName=name,
            ModelName=name,
            TransformInput={
                "DataSource": {"S3DataSource": source},
                "ContentType": "text/csv",
                "SplitType": "Line",
            },
            TransformOutput={"S3OutputPath": output, "Accept": LINES[0], "AssembleWith": "Line"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )
        self._ended("Transform", self.sagemaker.describe_transform_job, name)
        return self._measured(output)

    def _measured(self, output: str) -> float:
        lines = [
            json.loads(line)
            for text in self._texts(f"{output.partition('/bench/')[2]}/")
            for line in text.splitlines()
        ]
        labels = self.pipeline.schema.labels or {}
        folder = self.prepared / "holdout_labels"
        truth = np.array(
            [float(x) for p in sorted(folder.iterdir()) for x in p.read_text().split()]
        )
        if self.pipeline.problem == BINARY:
            chances = np.array([line["probability"] for line in lines])
            return float(metrics.roc_auc_score(truth, chances))
        guesses = np.array([labels[line["label"]] for line in lines])
        return float(metrics.balanced_accuracy_score(truth, guesses))

    def _texts(self, prefix: str) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        keys = sorted(item["Key"] for item in listed)
        return [self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys]


def compared(server: Server, data_set: DataSet, seed: int, folder: Path) -> Json:
    """Return the scores of both sides on one division."""
    contest = Contest(server, data_set, seed, folder)
    own, mine = contest.own()
    began = time.monotonic()
    algorithm, theirs = contest.automl()
    seconds = time.monotonic() - began
    scores = {"own": contest.score("own", mine), "automl": contest.score("automl", theirs)}
    result = {
        "seed": seed,
        "own_best": own,
        "own": round(scores["own"], 4),
        "automl_best": algorithm,
        "automl": round(scores["automl"], 4),
        "automl_seconds": round(seconds, 1),
    }
    print(data_set.pipeline.name, result, flush=True)
    return result


def measured(folder: Path) -> Json:
    results: Json = {"candidates": CANDIDATES, "data_sets": {}}
    with running_server(folder / "aws", time_scale=60) as server:
        server.client("s3", s3={"addressing_style": "path"}).create_bucket(Bucket=BUCKET)
        for data_set in DATA_SETS:
            name, judged_by = data_set.pipeline.name, data_set.pipeline.judged_by
            assert SCORES[data_set.pipeline.problem][judged_by]
            runs = [compared(server, data_set, seed, folder / f"{name}-{seed}") for seed in SEEDS]
            own, best = (fmean(run[side] for run in runs) for side in ("own", "automl"))
            results["data_sets"][name] = {
                "score": judged_by,
                "holdout_rows": data_set.holdout,
                "own": round(own, 4),
                "automl": round(best, 4),
                "difference": round(best - own, 4),
                "runs": runs,
            }
    return results


if __name__ == "__main__":
    boto3.setup_default_session(region_name="us-east-1")
    report(measured, RESULT)

"""Steps of the churn loop: read as JSON from a file, with their results as JSON in another one.

Every world that the loop is tested in (an embedded AWS, a sandbox mode, a folder for Airflow) has a
process of its own, which tests/preloaded.py forks.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from prodml.vocabulary import Json

from tests.loop.arrivals import ENDPOINT, Arrivals
from tests.loop.people import answering, api_client
from tests.loop.shortcuts import store_only, take_shortcuts

ROOT = Path(__file__).resolve().parents[2]


class Loop(Arrivals):
    """Runs DAGs by `dag.test()`; remembers the window of the last traffic for the next check."""

    def __init__(self) -> None:
        self._window: Json = {}
        self._runs: dict[str, Any] = {}

    def step(self, step: Json) -> Json:
        kind = step.pop("step")
        result: Json = getattr(self, kind)(**step)
        return result

    def dag(
        self,
        dag_id: str,
        conf: Json | None = None,
        in_window: bool = False,
        answer: str | None = None,
    ) -> Json:
        """Run a DAG; return its state, and the state and result of every task instance."""
        conf = (conf or {}) | (self._window if in_window else {})
        with answering(answer) if answer else contextlib.nullcontext():
            run = _parsed(dag_id).test(run_conf=conf)
        self._runs[dag_id] = run
        tasks: dict[str, list[Json]] = {}
        for ti in run.get_task_instances():
            value = ti.xcom_pull(task_ids=ti.task_id, map_indexes=ti.map_index)
            facts = {"state": str(ti.state), "value": value, "shown": ti.rendered_map_index}
            facts["tries"] = ti.try_number
            tasks.setdefault(ti.task_id, []).append(facts)
        return {"dag_id": dag_id, "state": str(run.state), "tasks": tasks, "note": _note(run)}

    def report(self, dag_id: str, task_id: str) -> Json:
        """Return the page that the link of the last run's task opens, by Airflow's server."""
        (ti,) = [t for t in self._runs[dag_id].get_task_instances() if t.task_id == task_id]
        address = ti.xcom_pull(task_ids=task_id, key="report", map_indexes=ti.map_index)
        answer = api_client().get(address)
        other = api_client().get(address.replace(task_id, "conclude"))
        return {"status": answer.status_code, "page": answer.text, "none": other.status_code}

    def traffic(self, world: Any, rows: int) -> Json:
        """Call the endpoint as its users would, and wait until the capture is in S3."""
        from include.data.churn_world import traffic
        from include.demo.traffic import Capture, Traffic, next_second

        records = traffic(world, rows, seed=5)
        start = next_second()
        answers = Traffic(ENDPOINT).ask_all(records)
        version = Traffic(ENDPOINT).ask(records[0])["version"]
        Capture(ENDPOINT).wait_for(rows, start)
        end = next_second()
        self._window = {"window_start": start.isoformat(), "window_end": end.isoformat()}
        return {"answers": answers, "version": version}

    def show(self, name: str) -> Json:
        """Send the first image of a folder to the endpoint of digits."""
        from include.pipelines.adapters.aws import client
        from include.settings import settings

        path = sorted((Path(settings().landing) / "digits" / name).glob("*.png"))[0]
        answer = client("sagemaker-runtime").invoke_endpoint(
            EndpointName="digits", ContentType="image/png", Body=path.read_bytes()
        )
        return dict(json.loads(answer["Body"].read()))

    def edit(self, name: str, changes: dict[str, str]) -> Json:
        """Change a file of a copy of the project, and forget the modules of its pipeline."""
        path = ROOT / name
        text = path.read_text()
        for old, new in changes.items():
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        path.write_text(text)
        for module in [one for one in sys.modules if path.parent.name in one.split(".")]:
            del sys.modules[module]
        return {}

    def events(self, asset: str) -> Json:
        """Return the events of an Asset, oldest first."""
        from airflow.models.asset import AssetEvent, AssetModel
        from airflow.utils.session import create_session
        from sqlalchemy import select

        with create_session() as session:
            wanted = select(AssetEvent).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
            events = session.scalars(wanted.where(AssetModel.name == asset))
            return {"events": [event.extra for event in events]}

    def stop(self) -> Json:
        """Ask to stop a job of each kind, as a killed task does; there are no such jobs."""
        from botocore.exceptions import ClientError
        from prodml.vocabulary import PROCESSING, TRAINING, TRANSFORM, TUNING

        from include.pipelines.adapters.aws import client
        from include.settings import settings

        own = f"{settings().deployment}-gone"
        kinds = ((PROCESSING, own), (TRAINING, own), (TRANSFORM, own), (TUNING, "tune-gone"))
        for kind, name in kinds:
            with contextlib.suppress(ClientError):
                getattr(client("sagemaker"), kind.method("stop"))(**{kind.name_key: name})
        return {}

    def fail(self) -> Json:
        """Do what tasks do after a failure and in a second try: find a log, and a trial."""
        from prodml.aws.logs import advice
        from prodml.experiments.trials import ensure_trial

        from include.pipelines.adapters.aws import client
        from include.settings import settings

        text = advice(client("logs"), "/aws/sagemaker/TrainingJobs")
        for _ in range(2):
            ensure_trial(client("sagemaker"), ENDPOINT, f"{settings().deployment}-again")
        return {"advice": text}

    def rescale(self) -> Json:
        """Scale the endpoint by steps and on a schedule, and then by target tracking alone."""
        from prodml.autoscaling.policies import Metric, Step, StepScaling
        from prodml.autoscaling.scaling import Scaling, Schedule
        from prodml.operators.autoscaling import AutoscalingOperator

        from include.settings import settings

        busy = Metric("/aws/sagemaker/Endpoints", "CPUUtilization")
        steps = StepScaling(metric=busy, threshold=80.0, steps=[Step(0, 1)])
        nights = Schedule("nights", "cron(0 20 * * ? *)", 1, 2)
        for scaling in (Scaling(policies=(steps,), schedules=(nights,)), Scaling()):
            operator = AutoscalingOperator(
                task_id="scale",
                endpoint=ENDPOINT,
                scaling=scaling,
                deployment=settings().deployment,
            )
            operator.execute({"ti": SimpleNamespace(xcom_push=lambda **_: None)})  # type: ignore[typeddict-item]
        return {}

    def pages(self) -> Json:
        """Read what the Endpoints, Jobs and Costs pages of Studio show."""
        from prodml.studio.costs.month import month_to_date
        from prodml.studio.endpoints.overview import endpoint
        from prodml.studio.reader import reader

        description = endpoint(reader(), ENDPOINT, {})
        month = month_to_date(reader())  # by the calls of both pages
        return {
            "activities": description and description["scaling"]["activities"],
            "costs": month["pipelines"],
        }

    def alarms(self) -> Json:
        """Return the names of all alarms."""
        from include.pipelines.adapters.aws import client

        alarms = client("cloudwatch").describe_alarms()["MetricAlarms"]
        return {"names": [alarm["AlarmName"] for alarm in alarms]}


def _note(run: Any) -> str | None:
    """Return the text of the run's note."""
    from airflow.models.dagrun import DagRunNote
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        wanted = select(DagRunNote.content).where(DagRunNote.dag_run_id == run.id)
        return session.scalar(wanted)


def _parsed(dag_id: str) -> Any:
    """Read a DAG again: dag.test() leaves one run's conf in the Params that the next one sees."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(_file(dag_id)))
    if bag.import_errors:
        raise RuntimeError(bag.import_errors)
    return bag.dags[dag_id]


def _file(dag_id: str) -> Path:
    return ROOT / "dags" / f"{dag_id}.py"


def main() -> None:
    """Run the steps of the file that is the first argument; write to that of the second."""
    steps = json.loads(Path(sys.argv[1]).read_text())
    run = {step["dag_id"] for step in steps if step["step"] == "dag"}
    take_shortcuts()
    store_only([_file(dag_id) for dag_id in sorted(run)])
    loop = Loop()
    results = []
    for step in steps:
        began = time.monotonic()
        result = loop.step(step)
        results.append(result | {"seconds": time.monotonic() - began})
    now = datetime.now(UTC).isoformat()
    Path(sys.argv[2]).write_text(json.dumps({"at": now, "results": results}, default=str))

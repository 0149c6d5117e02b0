"""Run the demo, chapter by chapter, through the scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from prodml.vocabulary import Json

from include.demo import environment as env
from include.demo.airflow_api import AirflowApi
from include.demo.jobs import client, running_jobs
from include.demo.progress import Progress
from include.demo.report import Report
from include.demo.traffic import Capture, Traffic, next_second
from include.demo.world import LaptopWorld

DAGS = [
    "initialize_project",
    "retrain_churn",
    "score_churn_batch",
    "check_churn_drift",
    "tear_down_churn",
    "tear_down_endpoints",
]
ENDPOINT = "churn"
ROWS = 600  # of each kind of traffic: enough for the drift check to see a quarter of a sigma


class Story:
    """Each method is a chapter; a chapter that fails ends the demo with the task's own error."""

    def __init__(self, progress: Progress, report: Report) -> None:
        self._progress = progress
        self._airflow = AirflowApi()
        self._sagemaker = client("sagemaker")
        self._traffic = Traffic(ENDPOINT)
        self._capture = Capture(ENDPOINT)
        self._world = LaptopWorld.of_this_laptop()
        self._report = report
        self._idle_instances = 0

    def tell(self) -> None:
        """All chapters in order, then the table of results."""
        self._airflow.wait_for_dags(DAGS)
        for dag_id in DAGS:
            self._airflow.unpause(dag_id)
        self.initialize()
        self.retrain()
        self.score_batch()
        self.serve_clean_traffic()
        self.scale_out()
        self.serve_shifted_traffic()
        self.retrain_on_drift()
        self.close_the_loop()
        self._report.endpoint(self._endpoint() or {})
        self._report.finish()

    def initialize(self) -> None:
        self._drive("Initialize: bucket, experiment, model registry", "initialize_project", {})

    def retrain(self) -> None:
        run_id = self._drive("Retrain: four candidates, the best one deployed", "retrain_churn", {})
        self._report.retrain(self._results("retrain_churn", run_id))

    def score_batch(self) -> None:
        run_id = self._drive("Score a day's file by batch transform", "score_churn_batch", {})
        self._report.batch(self._results("score_churn_batch", run_id))

    def serve_clean_traffic(self) -> None:
        self._idle_instances = self._instances()
        rows = self._world.clean_rows(ROWS)
        window = self._serve("Clean traffic", rows, sample=True)
        self._report.drift("clean", self._check("Check drift: nothing has changed", window))

    def scale_out(self) -> None:
        rows = self._world.clean_rows(ROWS)
        before = self._idle_instances  # the clean traffic may have started the second one already
        with self._progress.chapter("Load, until a second instance starts", "scale_out"):
            sent = self._traffic.press(rows, lambda: self._scaled(before), timeout=180)
            self._wait_until_in_service()
            self._progress.say(f"{before} → {self._instances()} instances after {sent} requests")
        self._report.scaled(before, self._instances())

    def serve_shifted_traffic(self) -> None:
        rows = self._world.shifted_rows(ROWS)
        self._shifted_window = self._serve("Shifted traffic: the world has changed", rows)
        result = self._check("Check drift: no newer labels yet, so an audit", self._shifted_window)
        self._report.drift("shifted", result)

    def retrain_on_drift(self) -> None:
        earlier = {run["dag_run_id"] for run in self._airflow.runs("retrain_churn")}
        slices = self._world.land_labelled_slices()
        self._progress.say(f"labelled rows of the new world arrive: {slices[0]} … {slices[-1]}")
        self._check("Check drift again: the alert starts a retrain", self._shifted_window)
        with self._progress.chapter("The retrain that the alert started", "retrain_churn"):
            run_id = self._started_run("retrain_churn", earlier)
            self._watch("retrain_churn", run_id)
        self._report.second_retrain(self._results("retrain_churn", run_id))

    def close_the_loop(self) -> None:
        window = self._serve("The same shifted traffic, to the new model", self._world.last_shifted)
        self._report.drift("after_retrain", self._check("Check drift: the loop is closed", window))

    def _drive(self, title: str, dag_id: str, conf: Json) -> str:
        """Trigger a DAG as the UI would, and watch it to its end."""
        with self._progress.chapter(f"{title}  [dim]({dag_id})[/dim]", dag_id):
            run_id = self._airflow.trigger(dag_id, conf)
            self._watch(dag_id, run_id)
        return run_id

    def _watch(self, dag_id: str, run_id: str) -> None:
        run: Json = {}
        tasks: list[Json] = []
        for run, tasks in self._airflow.watch(dag_id, run_id):  # noqa: B007  (the last ones count)
            self._progress.show(tasks, running_jobs(self._sagemaker))
        self._report.ran(run)
        if run["state"] != "success":
            raise RuntimeError(self._why(dag_id, run_id, tasks))

    def _why(self, dag_id: str, run_id: str, tasks: Sequence[Json]) -> str:
        lines = [f"{dag_id} run {run_id} failed."]
        for task in tasks:
            if task["state"] == "failed":
                lines += [f"  {task['task_id']}:"]
                lines += [f"    {line}" for line in self._airflow.log_tail(dag_id, run_id, task)]
        return "\n".join([*lines, f"The whole log: {env.AIRFLOW_URL}/dags/{dag_id}/runs/{run_id}"])

    def _results(self, dag_id: str, run_id: str) -> Json:
        """Return every task's result by task id; a list for a mapped task."""
        results: Json = {}
        for task in self._airflow.tasks(dag_id, run_id):
            value = self._airflow.result(dag_id, run_id, task["task_id"], task["map_index"])
            if task["map_index"] < 0:
                results[task["task_id"]] = value
            else:
                results.setdefault(task["task_id"], []).append(value)
        return results

    def _started_run(self, dag_id: str, earlier: set[str]) -> str:
        for _ in range(240):
            for run in self._airflow.runs(dag_id):
                if run["dag_run_id"] not in earlier and run["run_type"] == "asset_triggered":
                    return str(run["dag_run_id"])
            self._progress.tick("waiting for the scheduler to start the run")
            _pause(0.25)
        raise RuntimeError(f"The drift alert started no run of {dag_id} within a minute.")

    def _serve(
        self, title: str, rows: Sequence[str], sample: bool = False
    ) -> tuple[datetime, datetime]:
        with self._progress.chapter(f"{title}: {len(rows)} requests", "traffic"):
            start = next_second()
            scores = self._traffic.send(rows)
            self._progress.tick("waiting for the capture to reach S3")
            self._capture.wait_for(len(rows), start)
        if sample:
            self._report.predictions(rows[:5], scores[:5])
        return start, next_second()

    def _check(self, title: str, window: tuple[datetime, datetime]) -> Json:
        conf = {
            "window_start": _iso(window[0]),
            "window_end": _iso(window[1]),
            "alerts_of_windows": "1 of 1",
        }
        run_id = self._drive(title, "check_churn_drift", conf)
        verdict: Json = self._results("check_churn_drift", run_id)["conclude"]
        columns = ", ".join(verdict["columns"]) or "no column"
        self._progress.say(f"[bold]{verdict['outcome']}[/bold]: {columns}")
        return verdict

    def _endpoint(self) -> Json | None:
        endpoints = self._sagemaker.list_endpoints(NameContains=ENDPOINT)["Endpoints"]
        if ENDPOINT not in [endpoint["EndpointName"] for endpoint in endpoints]:
            return None
        return dict(self._sagemaker.describe_endpoint(EndpointName=ENDPOINT))

    def _instances(self) -> int:
        description = self._endpoint() or {}
        return sum(v["CurrentInstanceCount"] for v in description.get("ProductionVariants", []))

    def _scaled(self, before: int) -> bool:
        self._progress.tick(f"{self._instances()} instances")
        return self._instances() > before

    def _wait_until_in_service(self) -> None:
        while (self._endpoint() or {}).get("EndpointStatus") == "Updating":
            _pause(0.5)


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def _pause(seconds: float) -> None:
    import time

    time.sleep(seconds)

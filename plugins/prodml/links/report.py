"""Link a task to the report that it left in S3, which Airflow shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

REPORT_KEY = "report"
SOURCE_KEY = "report_source"
PREFIX = "/prodml"  # where the plugin's pages are mounted


class DriftReportLink(BaseOperatorLink):
    """Open the report of the window that the task checked."""

    @property
    def name(self) -> str:
        return "Drift report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        from airflow.providers.common.compat.sdk import XCom

        return XCom.get_value(key=REPORT_KEY, ti_key=ti_key) or ""


class LeaderboardLink(DriftReportLink):
    """Open the leaderboard of an experiment."""

    @property
    def name(self) -> str:
        return "Leaderboard"


class EvaluationLink(DriftReportLink):
    """Open the evaluation of a model on its holdout."""

    @property
    def name(self) -> str:
        return "Evaluation"


class LineageLink(DriftReportLink):
    """Open the lineage of a model."""

    @property
    def name(self) -> str:
        return "Lineage"


class LoadTestLink(DriftReportLink):
    """Open the report of a load test."""

    @property
    def name(self) -> str:
        return "Load test"


class TrainingReportLink(DriftReportLink):
    """Open what rules found in a training job."""

    @property
    def name(self) -> str:
        return "Training report"


def publish(ti: Any, uri: str, aws: dict[str, Any]) -> None:
    """Link the task's button to the page at *uri*; *aws* holds the connection."""
    ti.xcom_push(key=SOURCE_KEY, value={"uri": uri, **aws})
    ti.xcom_push(key=REPORT_KEY, value=address(ti))


def address(ti: Any) -> str:
    """Return the URL of a task instance's report; Airflow checks who may open it."""
    return page_of(ti.dag_id, ti.run_id, ti.task_id, -1 if ti.map_index is None else ti.map_index)


def page_of(dag: str, run: str, task: str, map_index: int = -1) -> str:
    """Return the URL of a task's report, whether or not it exists yet."""
    parts = (dag, run, task, map_index)
    return "/".join([f"{PREFIX}/reports", *(quote(str(part), safe="") for part in parts)])

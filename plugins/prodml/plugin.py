"""Register ProdML's links, pages and listeners with Airflow."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from prodml.links.job import SageMakerLink
from prodml.links.report import (
    PREFIX,
    DriftReportLink,
    EvaluationLink,
    LeaderboardLink,
    LineageLink,
    LoadTestLink,
    TrainingReportLink,
)
from prodml.listeners import notifications, run_note, task_log
from prodml.ui import pages, warmed

# Airflow fills in the braces; of a task that is not mapped, it leaves the last ones as they are.
PLACES = {
    "dag": ("dag", "dag={DAG_ID}"),
    "dag_run": ("run", "dag={DAG_ID}&run={RUN_ID}"),
    "task_instance": ("task", "dag={DAG_ID}&run={RUN_ID}&task={TASK_ID}&map_index={MAP_INDEX}"),
}
TABS = [
    {
        "name": "Studio",
        "href": f"{PREFIX}/studio/{page}?{query}",
        "destination": destination,
        "url_route": f"studio-{page}",
    }
    for destination, (page, query) in PLACES.items()
]


class ProdmlPlugin(AirflowPlugin):
    """ProdML in Airflow."""

    name = "prodml"
    operator_extra_links = [  # noqa: RUF012 -- a plain list there
        SageMakerLink(),
        DriftReportLink(),
        EvaluationLink(),
        LeaderboardLink(),
        LineageLink(),
        LoadTestLink(),
        TrainingReportLink(),
    ]
    fastapi_apps = [{"app": pages, "url_prefix": PREFIX, "name": "prodml"}]  # noqa: RUF012
    fastapi_root_middlewares = [{"middleware": warmed, "name": "prodml"}]  # noqa: RUF012
    # A page in a frame, not a React app: its own React, style and policy, and any 3.x shows it.
    external_views = [  # noqa: RUF012
        {
            "name": "Studio",
            "href": f"{PREFIX}/studio/models",
            "destination": "nav",
            "url_route": "studio",
            "nav_top_level": True,
        },
        *TABS,
    ]
    listeners = [notifications, run_note, task_log]  # noqa: RUF012

"""What Airflow loads from plugins/: registers the links of the operators."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from prodml.links.job import SageMakerLink
from prodml.links.report import PREFIX, DriftReportLink
from prodml.ui import pages


class ProdmlPlugin(AirflowPlugin):
    """ProdML in Airflow."""

    name = "prodml"
    operator_extra_links = [SageMakerLink(), DriftReportLink()]  # noqa: RUF012 -- a plain list there
    fastapi_apps = [{"app": pages, "url_prefix": PREFIX, "name": "prodml"}]  # noqa: RUF012

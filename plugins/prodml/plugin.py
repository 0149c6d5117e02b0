"""What Airflow loads from plugins/: registers the links of the operators."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from prodml.links.job import SageMakerLink


class ProdmlPlugin(AirflowPlugin):
    """ProdML in Airflow."""

    name = "prodml"
    operator_extra_links = [SageMakerLink()]  # noqa: RUF012 -- Airflow declares it as a plain list

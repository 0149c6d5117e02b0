"""
### Publish a REST API in front of an endpoint

Trigger this DAG when programs or web pages without AWS credentials are to call a pipeline's model.
Amazon API Gateway then takes raw records as JSON at one URL, with an API key. It checks them
against the schema of the model in production, throttles, and writes an access log. The result of
`publish` has the URL and the id of the key; its value is in no log and no XCom.

A second run changes the API that is there; the URL and the key stay. Deployments to the endpoint
need no new run, unless the model takes other columns. `tear_down_<model>` and
`tear_down_endpoints` delete the API with the endpoint.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params=params.publish(catalog.names()),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["deployment"],
    default_args=task_defaults(),
)
def publish_api() -> None:
    stages.publish_api()


publish_api()

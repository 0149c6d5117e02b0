"""
Serve the reports that tasks left in S3 as pages of Airflow's server.

A user with access to a task's results can open its report, and nothing else in the bucket: the URL
names a task instance, whose result names the report. Links do not expire, and no bucket is public.
"""

from __future__ import annotations

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from fastapi import APIRouter, Depends, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from prodml.aws.client import Aws
from prodml.aws.errors import is_absent
from prodml.aws.s3 import split
from prodml.links.report import SOURCE_KEY
from prodml.studio.reader import CONFIG
from prodml.ui import runbooks
from prodml.ui.answers import in_pool
from prodml.vocabulary import Json

MAY_READ = Depends(requires_access_dag("GET", DagAccessEntity.XCOM))
# The page contains its style and pictures; it runs no scripts and loads nothing.
POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}

LOGGED_IN = Depends(get_user)

router = APIRouter()


@router.get(
    "/reports/{dag_id}/{run_id}/{task_id}/{map_index}",
    dependencies=[MAY_READ],
    response_model=None,
)
async def report(dag_id: str, run_id: str, task_id: str, map_index: int) -> Response:
    """Return the report of one task instance; 404 if it does not exist."""
    where = await run_in_threadpool(_source, dag_id, run_id, task_id, map_index)

    def read() -> HTMLResponse:
        page = _read(where) if where else None
        if page is None:
            raise HTTPException(404, f"Task {task_id} has no report yet. Check its log.")
        return HTMLResponse(page, headers=POLICY)

    return await in_pool(read)


@router.get("/runbooks", dependencies=[LOGGED_IN])
def all_runbooks() -> HTMLResponse:
    """Return the page that notifications link."""
    return HTMLResponse(runbooks.page(), headers=POLICY)


def _source(dag_id: str, run_id: str, task_id: str, map_index: int) -> Json | None:
    """Return what the task pushed: the report's address and the connection."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    query = XComModel.get_many(
        key=SOURCE_KEY, run_id=run_id, dag_ids=dag_id, task_ids=task_id, map_indexes=map_index
    )
    with create_session() as session:
        row = session.scalars(query).first()
        return dict(XComModel.deserialize_value(row)) if row else None


def _read(where: Json) -> str | None:
    from botocore.exceptions import ClientError

    bucket, key = split(where.pop("uri"))
    config = (where.get("botocore_config") or {}) | CONFIG
    try:
        s3 = Aws(**(where | {"botocore_config": config})).client("s3")
        answer = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if is_absent(error):
            return None
        raise
    return str(answer["Body"].read().decode())

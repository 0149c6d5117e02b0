"""Ask Airflow who may read; every page and every route of the API depends on it."""

from __future__ import annotations

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import Depends, HTTPException, Request


def _may_read_dags(user: GetUserDep) -> None:
    """Refuse a user without a role that may read DAGs; `GetUserDep` refuses anonymous requests."""
    if not get_auth_manager().is_authorized_dag(method="GET", user=user):
        raise HTTPException(403, "Ask for a role that may read DAGs.")


def _may_read_requests(name: str, request: Request, user: GetUserDep) -> None:
    """Refuse a user who may not read the runs of the DAG that asks endpoint *name*."""
    dag = f"ask_{name.replace('-', '_')}"
    requires_access_dag("GET", DagAccessEntity.RUN, dag)(request, user)


MAY_READ_DAGS = Depends(_may_read_dags)
MAY_READ_REQUESTS = Depends(_may_read_requests)

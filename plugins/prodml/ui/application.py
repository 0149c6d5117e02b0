"""The application that Airflow's API server mounts: reports, runbooks and the Studio pages."""

from __future__ import annotations

from fastapi import FastAPI

from prodml.ui import drift, endpoints, experiments, jobs, models, reports, studio

# Without pages of its own on its interface: they would answer anyone.
app = FastAPI(title="ProdML", docs_url=None, redoc_url=None, openapi_url=None)
app.include_router(reports.router)
app.include_router(studio.router)
for router in (models.router, experiments.router, endpoints.router, drift.router, jobs.router):
    app.include_router(router)

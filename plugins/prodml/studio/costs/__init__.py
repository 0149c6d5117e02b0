"""The costs of jobs and endpoints, by pipeline, DAG, day and kind.

Imports `aws`, `endpoints`, `jobs`, `studio` and `studio.jobs`.
"""

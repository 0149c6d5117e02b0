"""What jobs and endpoints cost, by pipeline, DAG, day and kind.

Imports `aws`, `endpoints`, `jobs`, `studio` and `studio.jobs`.
"""

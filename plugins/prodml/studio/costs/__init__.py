"""What jobs and endpoints cost, by pipeline, DAG, day and kind.

Imports `aws`, `jobs`, `studio` and `studio.jobs`.
"""

"""The lineage of a version: its data, jobs, evaluation and endpoint, as a graph.

Imports `aws`, `experiments`, `jobs`, `links` and `studio`.
"""

"""Training jobs: request, container, log metrics, artifacts.

Imports `jobs`, `experiments` and the state of `cloudwatch`.
"""

"""Pipelines: definitions, and executions whose steps are jobs, models, endpoints and callbacks.

Steps call SageMaker and SQS as the pipeline's role. Imports `core`, `wire` and `jobs`.
"""

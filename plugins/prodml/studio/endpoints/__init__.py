"""The Endpoints page: an endpoint's variants, metrics, scaling, deployments, tests and requests.

Imports `aws`, `autoscaling`, `comparison`, `endpoints` and `studio`.
"""

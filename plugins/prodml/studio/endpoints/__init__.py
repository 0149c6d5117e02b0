"""The Endpoints page: variants, metrics, scaling, alarms and deployments of an endpoint.

Imports `aws`, `autoscaling`, `endpoints` and `studio`.
"""

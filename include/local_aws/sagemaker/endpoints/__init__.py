"""The control plane of endpoints: configurations, create, update, scale, delete, roll back.

Imports `runtime`, which serves the requests and imports nothing of this package, `models`,
`containers`, and the state of `cloudwatch` and `autoscaling`.
"""

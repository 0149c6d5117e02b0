"""The control plane of endpoints: configurations, create, update, scale, delete, roll back.

Imports `runtime`, which serves the requests, and never the reverse.
"""

"""CloudWatch metrics and alarms, and CloudWatch Logs.

Handlers are in the `*_api` modules. Imports `core` and `wire`; no other service.
"""

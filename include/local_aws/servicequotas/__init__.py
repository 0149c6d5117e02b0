"""Service Quotas: SageMaker's quotas by instance type; nothing is refused because of them.

Imports `core` and `wire`; no service.
"""

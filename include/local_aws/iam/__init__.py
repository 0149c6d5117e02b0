"""IAM: who makes a request, what it needs, and whether policies allow it.

Policies are evaluated by pure functions, in AWS's documented order. The guard is the one place
where every protocol passes. Imports `core` and `wire`; no service.
"""

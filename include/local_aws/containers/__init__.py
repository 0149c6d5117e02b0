"""Images, their Python environments, the sandbox, and the processes that run in it.

Imports `core` and `wire`; no service.
"""

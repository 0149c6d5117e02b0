"""SageMaker, one package for each group of its resources.

Imports `core`, `wire`, `containers`, and the state, not the handlers, of other services.
"""

"""Models and the model registry.

Imports `core`, `wire` and `containers`.
"""

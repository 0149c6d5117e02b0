"""Inference components: several models on the instances of one endpoint, scaled separately.

Imports `endpoints`, whose instances host them, `runtime`, `models`, and the state of `autoscaling`.
"""

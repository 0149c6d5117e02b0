"""Experiments, trials, trial components and their metric series.

Imports `core` and `wire`; jobs attach their trial components through it.
"""

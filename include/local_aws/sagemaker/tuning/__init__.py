"""Hyperparameter tuning jobs: suggestions, early stopping, and the training jobs that they start.

Imports `jobs`, `training` and `containers`.
"""

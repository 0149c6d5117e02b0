"""Evaluate the predictions of two models on one holdout, by scikit-learn's metrics.

Runs in a Processing job. `scores` is pure Python: pipelines import it while DAGs are parsed.
"""

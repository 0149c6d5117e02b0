"""Compare two variants: the test, its metrics, the decision and its confidence.

Imports `aws` and `endpoints`.
"""

"""Two variants compared: the contest, its metrics, the decision and its confidence.

Imports `aws` and `endpoints`.
"""

"""The Experiments page: the trials of an experiment and their curves.

Imports `aws`, `experiments` and `studio`.
"""

"""One job per task: states of an attempt, submission under a fingerprinted name, polling, logs, outputs, stopping.

Imports `aws` and `links`.
"""

"""One job per task: submission under a fingerprinted name, polling, logs, outputs, stopping.

Imports `aws` and `links`.
"""

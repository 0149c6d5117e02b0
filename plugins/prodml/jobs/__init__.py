"""One job per task: its states, submission under a fingerprinted name, polling, logs, stopping.

Imports `aws`, `debugger` and `links`.
"""

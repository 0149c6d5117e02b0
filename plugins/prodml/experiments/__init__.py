"""SageMaker Experiments: trials, their analytics and their ranking.

Imports `aws`.
"""

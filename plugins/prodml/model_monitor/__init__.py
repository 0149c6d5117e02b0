"""SageMaker Model Monitor's own schedules.

Imports `aws`.
"""

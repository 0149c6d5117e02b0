"""Application Auto Scaling of endpoint variants: policies, registrations, suspended targets.

Imports `aws`.
"""

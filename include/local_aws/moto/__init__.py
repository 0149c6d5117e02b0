"""The process that runs moto for S3, STS, IAM and ECR, and the proxy in front of it.

Imports `core` and `wire`; no service.
"""

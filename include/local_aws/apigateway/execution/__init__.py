"""Requests to deployed APIs: admitted, validated, mapped to an integration, answered and logged.

It may import the rest of API Gateway, CloudWatch's logs, and the gateway of SageMaker's endpoints.
"""

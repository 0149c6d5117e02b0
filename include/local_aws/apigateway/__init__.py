"""Amazon API Gateway: REST APIs, their stages and keys, and the requests that a stage answers.

It may import `core`, `wire`, CloudWatch and the gateway of SageMaker's endpoints.
"""

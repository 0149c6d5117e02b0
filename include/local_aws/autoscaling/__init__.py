"""Application Auto Scaling: scalable targets, policies, scheduled actions, and their loop.

Handlers are in `api` and `scheduled_actions_api`. Imports `core`, `wire` and the state of
`cloudwatch`; SageMaker's endpoints are passed as arguments.
"""

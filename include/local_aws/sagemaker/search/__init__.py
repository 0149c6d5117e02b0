"""Search over SageMaker's resources: expressions, properties, suggestions.

Imports `core`, `wire` and `experiments`.
"""

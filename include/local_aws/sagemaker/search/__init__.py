"""Search over SageMaker's resources: expressions, properties, suggestions.

Imports the resources that it searches.
"""

"""Scripts of version 2 of the SageMaker SDK, which run in an environment of its own."""

"""An embedded AWS: SageMaker that really trains, transforms, serves and scales, locally."""

"""One small file per resource; importing this package registers every operation."""

from include.local_aws.services import (  # noqa: F401
    application_autoscaling,
    cloudwatch,
    endpoint_configs,
    endpoints,
    experiments,
    lineage,
    logs,
    model_packages,
    models,
    processing_jobs,
    search,
    tags,
    training_jobs,
    transform_jobs,
    trial_components,
    trials,
)

"""Import every module that registers handlers, so that the server has all operations."""

from types import ModuleType

from .apigateway import account_api as apigateway_account_api
from .apigateway import integrations_api as apigateway_integrations_api
from .apigateway import keys_api as apigateway_keys_api
from .apigateway import methods_api as apigateway_methods_api
from .apigateway import models_api as apigateway_models_api
from .apigateway import rest_apis_api as apigateway_rest_apis_api
from .apigateway import stages_api as apigateway_stages_api
from .apigateway import usage_plans_api as apigateway_usage_plans_api
from .autoscaling import api as autoscaling_api
from .autoscaling import scheduled_actions_api as autoscaling_scheduled_actions_api
from .cloudwatch import alarms_api as cloudwatch_alarms_api
from .cloudwatch import dashboards_api as cloudwatch_dashboards_api
from .cloudwatch import log_events_api as cloudwatch_log_events_api
from .cloudwatch import log_tags_api as cloudwatch_log_tags_api
from .cloudwatch import logs_api as cloudwatch_logs_api
from .cloudwatch import metric_filters_api as cloudwatch_metric_filters_api
from .cloudwatch import metric_queries_api as cloudwatch_metric_queries_api
from .cloudwatch import metrics_api as cloudwatch_metrics_api
from .cloudwatch import tags_api as cloudwatch_tags_api
from .sagemaker import tagged_resources, tags
from .sagemaker.automl import api as automl_api
from .sagemaker.components import api as components_api
from .sagemaker.endpoints import api as endpoints_api
from .sagemaker.endpoints import configs as endpoints_configs
from .sagemaker.experiments import experiments as experiments_experiments
from .sagemaker.experiments import metrics_api as experiments_metrics_api
from .sagemaker.experiments import trial_components as experiments_trial_components
from .sagemaker.experiments import trials as experiments_trials
from .sagemaker.lineage import artifacts as lineage_artifacts
from .sagemaker.lineage import associations as lineage_associations
from .sagemaker.lineage import entities as lineage_entities
from .sagemaker.lineage import queries as lineage_queries
from .sagemaker.models import model_cards as models_model_cards
from .sagemaker.models import model_packages as models_model_packages
from .sagemaker.models import models as models_models
from .sagemaker.monitoring import alerts_api as monitoring_alerts_api
from .sagemaker.monitoring import api as monitoring_api
from .sagemaker.monitoring import definitions_api as monitoring_definitions_api
from .sagemaker.monitoring import executions_api as monitoring_executions_api
from .sagemaker.pipelines import api as pipelines_api
from .sagemaker.pipelines import callbacks_api as pipelines_callbacks_api
from .sagemaker.pipelines import executions_api as pipelines_executions_api
from .sagemaker.processing import api as processing_api
from .sagemaker.search import api as search_api
from .sagemaker.training import api as training_api
from .sagemaker.transform import api as transform_api
from .sagemaker.tuning import api as tuning_api
from .servicequotas import api as servicequotas_api

HANDLERS: tuple[ModuleType, ...] = (
    apigateway_account_api,
    apigateway_integrations_api,
    apigateway_keys_api,
    apigateway_methods_api,
    apigateway_models_api,
    apigateway_rest_apis_api,
    apigateway_stages_api,
    apigateway_usage_plans_api,
    autoscaling_api,
    autoscaling_scheduled_actions_api,
    cloudwatch_alarms_api,
    cloudwatch_dashboards_api,
    cloudwatch_log_events_api,
    cloudwatch_log_tags_api,
    cloudwatch_logs_api,
    cloudwatch_metric_filters_api,
    cloudwatch_metric_queries_api,
    cloudwatch_metrics_api,
    cloudwatch_tags_api,
    tagged_resources,
    tags,
    automl_api,
    components_api,
    endpoints_api,
    endpoints_configs,
    experiments_experiments,
    experiments_metrics_api,
    experiments_trial_components,
    experiments_trials,
    lineage_artifacts,
    lineage_associations,
    lineage_entities,
    lineage_queries,
    models_model_cards,
    models_model_packages,
    models_models,
    monitoring_alerts_api,
    monitoring_api,
    monitoring_definitions_api,
    monitoring_executions_api,
    pipelines_api,
    pipelines_callbacks_api,
    pipelines_executions_api,
    processing_api,
    search_api,
    training_api,
    transform_api,
    tuning_api,
    servicequotas_api,
)

"""Publish a REST API in front of an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.apis import names
from prodml.apis.building import Builder
from prodml.apis.keys import give_key
from prodml.apis.specification import ApiSpecification
from prodml.apis.stages import Stage
from prodml.aws.retries import delete, refused
from prodml.aws.tags import by_key
from prodml.company_rules import company_rules
from prodml.exceptions import InvalidInputError
from prodml.operators.endpoint import EndpointOperator
from prodml.rendered import given
from prodml.results import Published
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class PublishApiOperator(EndpointOperator):
    """
    Publish a REST API of Amazon API Gateway in front of an endpoint, or change the one it has.

    ``POST URL`` with a record, or a list of records, as JSON and the header ``x-api-key`` answers
    what the endpoint answers. A request that does not fit *schema* is refused with 400, one without
    the key with 403, one beyond a limit with 429. The API's name and its tag ``prodml:endpoint``
    are its lock: a retry adopts it. The stage has the name of the deployment, and answers with the
    last complete deployment while the API is changed. An update of the endpoint needs no new one.

    Returns ``{"api_id", "stage", "deployment_id", "url", "api_key_id", "changed"}``. The value of
    the key is in no log and no XCom: ``aws apigateway get-api-key --include-value`` shows it.

    :param endpoint: The endpoint.
    :param role_arn: The role that API Gateway assumes to invoke it, and to write the access log if
        the account has no role for logs yet.
    :param schema: The JSON schema (draft 4) of a request's body; None accepts any JSON.
    :param allow_origin: The origin whose web pages may call the API; ``*`` for all.
    :param rate: Requests a second.
    :param burst: Requests at once.
    :param quota: Requests in a period; None for no quota.
    :param period: ``DAY``, ``WEEK`` or ``MONTH``.
    :param access_log: Whether to write a line for each request to CloudWatch Logs.
    """

    template_fields: Sequence[str] = (
        *EndpointOperator.template_fields,
        "role_arn",
        "schema",
        "allow_origin",
        "rate",
        "burst",
        "quota",
        "period",
        "access_log",
    )

    def __init__(
        self,
        *,
        role_arn: str,
        schema: Json | None = None,
        allow_origin: str | None = None,
        rate: float | str = 50.0,
        burst: int | str = 100,
        quota: int | str | None = None,
        period: str = "DAY",
        access_log: bool | str = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.role_arn = role_arn
        self.schema = schema
        self.allow_origin = allow_origin
        self.rate = rate
        self.burst = burst
        self.quota = quota
        self.period = period
        self.access_log = access_log

    @property
    def gateway(self) -> Any:
        return self.aws.client("apigateway")

    def execute(self, context: Context) -> Published:
        endpoint = self.target.describe()
        if endpoint is None:
            raise InvalidInputError(
                f"Endpoint {self.endpoint} does not exist, so that no API can be published for it. "
                "Deploy it first."
            )
        self.refuse_foreign(endpoint)
        specification = self._specification()
        try:
            return self._published(context, specification, str(endpoint["EndpointArn"]))
        except Exception as error:
            raise refused(f"publish an API for endpoint {self.endpoint}", error) from error

    def _specification(self) -> ApiSpecification:
        quota = given(self.quota)
        return ApiSpecification(
            self.endpoint,
            self.role_arn,
            self.schema,
            given(self.allow_origin) or None,
            float(self.rate),
            int(self.burst),
            None if quota is None else int(quota),
            self.period,
        )

    def _published(self, context: Context, wanted: ApiSpecification, arn: str) -> Published:
        partition, region, account = arn.split(":")[1], *arn.split(":")[3:5]
        tags = self._tags(context, wanted.digest)
        api = self._adopted(tags)
        stage = Stage(self.gateway, api["id"], names.stage_name(self.deployment))
        changed = stage.deployed() != wanted.digest
        if changed:
            Builder(self.gateway, api["id"], wanted, partition).build(self._root(api))
            stage.deploy(wanted.digest)
        stage.limit(wanted.throttle)
        if str(self.access_log).lower() == "true":
            group = names.log_group(self.endpoint, stage.name)
            log = f"arn:{partition}:logs:{region}:{account}:log-group:{group}"
            stage.log_to(self.aws.client("logs"), group, log, self.role_arn)
        key = give_key(self.gateway, api["id"], stage.name, wanted, tags)
        meta = self.gateway.meta
        url = names.url_of(meta.endpoint_url, meta.region_name, api["id"], stage.name)
        self.log.info("Published %s for endpoint %s", url, self.endpoint)
        deployment = (stage.describe() or {}).get("deploymentId", "")
        return {
            "api_id": str(api["id"]),
            "stage": stage.name,
            "deployment_id": str(deployment),
            "url": url,
            "api_key_id": key,
            "changed": changed,
        }

    def _adopted(self, tags: dict[str, str]) -> Json:
        """Return the endpoint's API; create it if it does not exist."""
        return names.the_oldest(
            self.gateway.get_rest_apis,
            self.gateway.create_rest_api,
            lambda made: delete(self.gateway.delete_rest_api, restApiId=made),
            self.endpoint,
            name=names.api_name(self.endpoint),
            description=f"Predictions of the SageMaker endpoint {self.endpoint}",
            endpointConfiguration={"types": ["REGIONAL"]},
            tags=tags,
        )

    def _root(self, api: Json) -> str:
        resources = names.every(self.gateway.get_resources, restApiId=api["id"])
        return next(str(resource["id"]) for resource in resources if resource["path"] == "/")

    def _tags(self, context: Context, digest: str) -> dict[str, str]:
        own = by_key(self.tags(context, digest)) | {names.OWNER: self.endpoint}
        return dict(company_rules().tags) | own

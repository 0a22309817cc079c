"""A second double, for turns that another endpoint may answer."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from conversations.models import Model, ModelEndpoint, Route
from tests.endpoint import DemonstrationEndpoint


@pytest.fixture(scope="session")
def other_endpoint_process() -> Iterator[DemonstrationEndpoint]:
    with DemonstrationEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def other_endpoint(other_endpoint_process: DemonstrationEndpoint) -> DemonstrationEndpoint:
    other_endpoint_process.reset()
    return other_endpoint_process


@pytest.fixture
def spare(catalog: ModelEndpoint, other_endpoint: DemonstrationEndpoint) -> ModelEndpoint:
    """The same model at a second address, asked after the first."""
    return ModelEndpoint.objects.create(
        model=catalog.model, name="spare", base_url=other_endpoint.base_url, remote_name="spare", position=5
    )


@pytest.fixture
def other_model(catalog: ModelEndpoint, other_endpoint: DemonstrationEndpoint) -> Model:
    """Another model, next in the routing table."""
    model = Model.objects.create(slug="other", name_zh="另一个", name_en="Other")
    ModelEndpoint.objects.create(
        model=model, name="other", base_url=other_endpoint.base_url, remote_name="other", position=5
    )
    Route.objects.create(scenario=None, model=model, position=95)
    return model


@pytest.fixture
def unseen(transactional_db: None) -> Iterator[None]:
    """A transaction around a test without tabs: the web process that other tests began sees none of its rows, and
    takes over none of its answers.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def one_at_a_time(catalog: ModelEndpoint) -> ModelEndpoint:
    """The only endpoint writes one answer at once: everybody else stands in line."""
    catalog.max_concurrency = 1
    catalog.save()
    return catalog

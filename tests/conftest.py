"""Fixtures that tests of any kind may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from openqmm.core.workflow import SYSTEM
from tests.arranging import BESIDES
from tests.people import Cast, assemble


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End what still sits in the test database, that it can be dropped: a server's last thread
    may have begun as its journey ended."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND usename = current_user"
                    " AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def told_as_the_system(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test arrange and look at everybody's rows; its requests run in scopes of their own."""
    marked = request.node.get_closest_marker("django_db") is not None
    if not marked and "_django_db_helper" not in request.fixturenames:
        yield
        return
    from openqmm.web import tenancy

    request.getfixturevalue("_django_db_helper")
    with tenancy.scope(SYSTEM):
        yield


@pytest.fixture
def django_assert_max_num_queries() -> Callable[[int], AbstractContextManager[None]]:
    """Return a limit on the statements that read or write records, as on the embedded database:
    PostgreSQL takes some more to say who reads."""

    @contextmanager
    def at_most(number: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as asked:
            yield
        counted = [q["sql"] for q in asked if not q["sql"].startswith(BESIDES)]
        assert len(counted) <= number, "\n".join(counted)

    return at_most


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the databases that all processes of a run copy."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody in the portal's stories, in the database."""
    return assemble()


# A shared machine is slow at times; what is slow is measured in bench/, not asserted here.
settings.register_profile(
    "openqmm",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("openqmm")

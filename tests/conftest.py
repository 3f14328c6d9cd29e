"""Fixtures that tests of any kind may use."""

from __future__ import annotations

import pytest

from tests.people import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody in the portal's stories, in the database."""
    return assemble()

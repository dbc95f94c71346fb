"""What the tests of several rooms share."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.publish import publish
from tests import sample_archive, sample_series, stored_originals
from tests.stored_originals import Archive

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)


# No test may ask a public host, whatever the developer's shell says.
os.environ["GONGKAI_CONTACT"] = ""


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a publication of the sample archive; tests only read it."""
    folder = tmp_path_factory.mktemp("published")
    return publish(sample_archive.load(folder / "gongkai.db"), folder / "public", now=NOW)


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive with its WARC files, published; tests only read it."""
    return stored_originals.build(tmp_path_factory.mktemp("stored"))


@pytest.fixture(scope="session")
def over_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a publication of reports over many years; tests only read it."""
    folder = tmp_path_factory.mktemp("over_years")
    return publish(sample_series.load(folder / "gongkai.db"), folder / "public", now=NOW)

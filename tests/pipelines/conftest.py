"""What several tests of this room are given."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gongkai.db"


@pytest.fixture(scope="module")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which LibreOffice may write."""
    if not (shutil.which("soffice") and shutil.which("antiword")):
        # CI installs them, so there it never skips (.ci/run).
        pytest.skip("LibreOffice or antiword is not there: apt install libreoffice-writer-nogui antiword")
    return tmp_path_factory.mktemp("soffice")

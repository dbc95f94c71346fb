"""The synthetic archive, published; a bench of the site needs no other file than the database."""

from datetime import datetime
from pathlib import Path
from unittest import mock

from archive import files
from archive.publish import publish


def publish_synthetic(data: Path, now: datetime, *, downloads: bool) -> Path:
    """Publish the database of a data folder; return the folder of the version.

    Args:
        data: The data folder.
        now: Time of the publication.
        downloads: Whether the files of every table are written too, which takes longer than all else.
    """
    database, public = data / "gongkai.db", data / "public"
    if downloads:
        return publish(database, public, now=now)
    with mock.patch.object(files, "write", return_value=[]):
        return publish(database, public, now=now)

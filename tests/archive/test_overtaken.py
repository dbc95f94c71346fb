"""An open file beside the same one sealed, as a backup brings it back, replaces nothing."""

import shutil
from pathlib import Path

import pytest

from archive import run_files, warc
from archive.errors import BadRecord
from archive.verify import verify
from crawler.portal import Portal
from crawler.run import Run
from tests.archive.test_verify import kinds, write_run

PORTAL = Portal("p", "样例市（样本）", "990100", "http://127.0.0.1:9/", ("127.0.0.1:9",), "test", local=True)


def test_a_run_does_not_go_on_with_a_copy_from_before_it_was_sealed(tmp_path: Path) -> None:
    sealed = write_run(tmp_path)
    whole = sealed.read_bytes()
    copy = sealed.with_name(sealed.name + warc.OPEN)
    copy.write_bytes(whole[: list(warc.read(sealed))[4].offset])
    assert run_files.interrupted(tmp_path / "warc", "p") is None
    run = Run(tmp_path, PORTAL, {"software": "test"})
    run.abandon()
    assert run.continued == 0
    assert sealed.read_bytes() == whole
    assert "twofold" in kinds(verify(tmp_path))


def test_sealing_replaces_no_sealed_file(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    writer = warc.Writer(path)
    shutil.copy(writer.open_path, path)
    with pytest.raises(BadRecord, match="sealed already"):
        writer.seal()
    assert writer.open_path.exists()

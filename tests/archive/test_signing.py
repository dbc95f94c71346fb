"""A publication is signed by a tool that everybody has, or not made where it should be and cannot."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

import gongkai
from archive import manifest
from archive.errors import PublishError
from archive.publish import newest, publish
from tests import sample_archive

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return generate(tmp_path / "key")


def generate(path: Path, *options: str) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", *options, "-f", str(path)], check=True)
    return path


def verify(folder: Path) -> int:
    command = "ssh-keygen -Y verify -f allowed_signers -I gongkai -n gongkai -s SHA256SUMS.sig"
    done = subprocess.run(
        command.split(),
        cwd=folder,
        input=(folder / "SHA256SUMS").read_bytes(),
        capture_output=True,
    )
    return done.returncode


def test_a_signature_proves_every_file_and_no_other(tmp_path: Path, key: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    folder = publish(database, tmp_path / "public", now=NOW, key=key)
    assert verify(folder) == 0
    sums = (folder / "SHA256SUMS").read_text()
    (folder / "SHA256SUMS").write_text(sums.replace("a", "b", 1))
    assert verify(folder) != 0
    (folder / "SHA256SUMS").write_text(sums)
    assert verify(folder) == 0
    other = generate(tmp_path / "other")
    (folder / "allowed_signers").write_text(manifest.signer(other))
    assert verify(folder) != 0


def test_a_version_that_lacks_its_signature_is_published_again(tmp_path: Path, key: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    first = publish(database, tmp_path / "public", now=NOW)
    second = publish(database, tmp_path / "public", now=NOW, key=key)
    assert verify(second) == 0
    assert publish(database, tmp_path / "public", now=NOW, key=key) == second != first


def test_a_version_that_another_key_signed_is_published_again(tmp_path: Path, key: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    first = publish(database, tmp_path / "public", now=NOW, key=key)
    assert publish(database, tmp_path / "public", now=NOW, key=key) == first
    other = generate(tmp_path / "other")
    second = publish(database, tmp_path / "public", now=NOW, key=other)
    assert second != first
    assert (second / "allowed_signers").read_text() == manifest.signer(other)
    assert verify(second) == 0


@pytest.mark.parametrize("bad", ["missing", "no key", "passphrase", "rsa", "readable"])
def test_a_key_that_cannot_sign_is_an_error_and_no_publication(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "bad"
    if bad == "no key":
        path.write_text("no key")
        path.chmod(0o600)
    elif bad == "passphrase":
        generate(path, "-N", "geheim")
    elif bad == "rsa":
        generate(path, "-t", "rsa")
    elif bad == "readable":
        generate(path).chmod(0o644)
    database = sample_archive.load(tmp_path / "gongkai.db")
    with pytest.raises(PublishError, match="signing key"):
        publish(database, tmp_path / "public", now=NOW, key=path)
    assert not (tmp_path / "public").exists()


def test_the_command_signs_with_the_key_that_the_environment_names(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_archive.load(tmp_path / "gongkai.db")
    monkeypatch.setenv("GONGKAI_SIGNING_KEY", str(key))
    assert gongkai.exit_code(["publish", "--data", str(tmp_path)]) == 0
    folder = newest(tmp_path / "public")
    assert folder
    assert verify(folder) == 0
    monkeypatch.setenv("GONGKAI_SIGNING_KEY", str(tmp_path / "missing"))
    assert gongkai.exit_code(["publish", "--data", str(tmp_path)]) == 3

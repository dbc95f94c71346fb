"""Word documents that hold more than any report, or are damaged."""

import time
from collections.abc import Callable

import pytest

from archive.captures import Capture
from pipelines.documents import read_document
from pipelines.errors import LimitExceeded, UnreadableDocument
from tests.pipelines.office_files import zipped

ENTITIES = "".join(f'<!ENTITY {n} "{f"&{m};" * 20}">' for m, n in zip("abcdefg", "bcdefgh", strict=True))
BOMBS = {
    "entities": lambda: f'<!DOCTYPE x [<!ENTITY a "1">{ENTITIES}]><w:document xmlns:w="W">&h;</w:document>',
    "an external entity": lambda: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "deep": lambda: "<x>" * 10_000 + "</x>" * 10_000,
    "120 MB": lambda: "<x>" + " " * 120_000_000 + "</x>",
    "many elements": lambda: "<x>" + "<y/>" * 3_000_000 + "</x>",
    "many attributes": lambda: "<x " + " ".join(f'a{n}=""' for n in range(2_100_000)) + "/>",
    "one long text": lambda: "<x>" + "1" * 20_000_000 + "</x>",
}


@pytest.mark.parametrize("xml", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_a_moment(xml: Callable[[], str]) -> None:
    body = zipped({"[Content_Types].xml": "", "word/document.xml": xml()})
    began = time.process_time()
    with pytest.raises(LimitExceeded):
        read_document(Capture(body=body))
    assert time.process_time() - began < 3


@pytest.mark.parametrize("xml", ["", "<w:document", "no xml"])
def test_damaged_xml_is_unreadable(xml: str) -> None:
    with pytest.raises(UnreadableDocument):
        read_document(Capture(body=zipped({"[Content_Types].xml": "", "word/document.xml": xml})))


def test_a_size_that_the_directory_hides_is_noticed_while_inflating() -> None:
    body = zipped({"[Content_Types].xml": "", "word/document.xml": "<x>" + " " * 100_000_000 + "</x>"})
    claimed = (100_000_007).to_bytes(4, "little")
    assert claimed in body
    with pytest.raises((LimitExceeded, UnreadableDocument)):
        read_document(Capture(body=body.replace(claimed, (50).to_bytes(4, "little"))))

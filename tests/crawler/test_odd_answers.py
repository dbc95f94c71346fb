"""Whatever answers a request for a list, no platform raises."""

from random import Random

import pytest

from crawler.platforms import PLATFORMS
from crawler.platforms.lists import Ask, ListPage
from crawler.specimens import scripted
from crawler.specimens.plan import PORTALS as SPECIMENS
from crawler.specimens.softwares import SOFTWARES
from crawler.specimens.trials import TRIALS

PATHS = (
    scripted.XXGK_SEARCH,
    scripted.JPAAS_UNIT,
    scripted.IRS_LIST,
    scripted.EPOINT_LIST,
    scripted.TRUECMS_LIST,
)
ODD = [
    "",
    "{",
    "[]",
    "null",
    "0",
    "cb(",
    "cb({})",
    '{"data": 1, "custom": [], "result": 7, "articles": {}}',
    "<" * 9_000,
]
ODD += [
    '{"data": {"html": 1, "list": [1, {"title": []}], "pager": {"total": -1}}}',
    "[" * 100_000,
    "9" * 5_000,
]
ODD += ['{"custom": {"data": [{"realtitle": "x", "infourl": "http://[", "infodate": 1e400}], "total": "x"}}']


@pytest.mark.parametrize("name", PLATFORMS)
def test_an_answer_that_is_odd_or_damaged_gives_a_page_and_no_exception(name: str) -> None:
    chance = Random(name)
    (portal,) = (portal for portal in (*SPECIMENS, *TRIALS) if portal.software == name)
    software = SOFTWARES[name]
    column = software.pages(portal).get(portal.column.partition("?")[0])
    texts = [*ODD, column.body.decode(software.charset) if column else ""]
    asks = [
        Ask(f"http://h{portal.column}"),
        Ask("http://h/x?pageIndex=a&page=b&paramJson=c&startrecord=d", note="{}"),
    ]
    asks += [Ask(f"http://h{path}", {"currpage": "1"}, '{"pageNo": "x"}', '{"a": 1}') for path in PATHS]
    for _ in range(40):
        text = chance.choice(texts)
        start = chance.randrange(len(text) + 1)
        cut = text[:start] + text[start + chance.randrange(60) :]
        for ask in asks:
            assert isinstance(PLATFORMS[name].read_list(ask, cut), ListPage)

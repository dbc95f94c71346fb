"""What is masked or withheld is in nothing that is published, and is still in the archive."""

import gzip
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import CliRunner

from archive.errors import PublicationStopped
from archive.fulltext import spaced
from archive.masking import MASK, MOBILE
from archive.publish import DATABASE, publish, versions
from archive.withholding import SIGN
from pipelines import journal, search
from pipelines.corrections import Draft
from pipelines.errors import BadWithholding
from pipelines.load import Loader
from pipelines.reading import Problem
from pipelines.withhold_command import withhold
from tests import sample_archive, sample_history
from tests.browsing import get
from tests.running import rows
from tests.sample_archive import EXTRACTOR, Sample, capture, reading

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
NUMBER = "13812345678"
FORMS = (NUMBER, "138 1234 5678", "138-1234-5678")
SECRET = "绝密之言"

BEFORE = Sample(
    "样本市测试局",
    2022,
    f"样本市测试局2022年政府信息公开工作年度报告{NUMBER}",
    "http://specimen.localhost/test.html",
    values={("requests", "carried_out", "total"): f"约三件{NUMBER}"},
    sections=(f"电话{NUMBER}，办公电话0373-3051234。{SECRET}", "", "", "", f"又{FORMS[1]}。", "无。"),
    problems=(Problem("unknown_row", f"“{NUMBER}”不是表中的行", "requests"),),
    fetched_at="2026-01-02T03:04:05Z",
)
AFTER = replace(
    BEFORE,
    title=f"样本市测试局2022年政府信息公开工作年度报告 {FORMS[2]}",
    sections=(f"手机{FORMS[2]}，办公电话0373-3051234。{SECRET}改", "", "", "", f"再{NUMBER}。", "无。"),
    fetched_at="2026-02-02T03:04:05Z",
)


def load(data: Path, samples: tuple[Sample, ...] = (BEFORE, AFTER)) -> Path:
    """Load a report that was edited, with a mobile number wherever text is held."""
    database = sample_archive.load(data / "gongkai.db")
    with Loader(database, EXTRACTOR) as loader:
        for sample in samples:
            found = capture(sample)
            found = replace(found, context=replace(found.context, link_text=f"年报{NUMBER}{SECRET}"))
            list(loader.load_readings([(found, reading(sample))]))
        run = {"id": "specimen-1", "portal": "specimen", "reason": f"请拨{NUMBER}"}
        skip = {"run": "specimen-1", "url": "http://specimen.localhost/x", "text": f"来电{NUMBER}"}
        loader.load_runs([], [run], [skip], [])
        draft = Draft(_report(database), "requests.received_new.total", "14", "李明", f"致电{NUMBER}{SECRET}")
        loader.correct(data, draft, "2026-11-20T08:00:00Z")
    return database


def _report(database: Path) -> str:
    query = "SELECT s.report FROM source s WHERE s.url = ? LIMIT 1"
    with closing(sqlite3.connect(database)) as db:
        return str(db.execute(query, (BEFORE.url,)).fetchone()[0])


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return load(tmp_path)


def shown(folder: Path, *texts: str) -> list[str]:
    """Return the files of a publication, each unpacked, in which any of the texts is, in any spacing."""
    sought = [form.encode() for text in texts for form in {text, spaced(text)}]
    sought += [text.encode("utf-16-le") for text in texts]
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        body = path.read_bytes()
        if path.name.endswith(".gz"):
            body = gzip.decompress(body)
        if path.suffix == ".parquet":
            body += json.dumps(
                pyarrow.parquet.read_table(path).to_pylist(), ensure_ascii=False, default=str
            ).encode()
        if any(text in body for text in sought):
            found.append(str(path.relative_to(folder)))
    return found


def pages(folder: Path) -> dict[str, str]:
    """Return what a reader may see of the report: pages, search, rows, SQL, and their feeds."""
    report = _report(folder / DATABASE)
    asked = ["/", f"/report/{report}", f"/search?q={NUMBER}", f"/search?q={SECRET}", "/downloads"]
    names = ("report", "section", "revision", "change", "changed", "problem", "correction", "capture")
    names += ("run", "skip", "cell", "publication_change", "withheld", "masked", "publication", "reread")
    asked += [f"/gongkai/{name}{ending}" for name in names for ending in ("", ".json?_shape=array", ".csv")]
    asked += [f"/gongkai/section?_search={NUMBER}", f"/gongkai.json?sql=select+*+from+changed&_x={1}"]
    answers = get(folder, *asked)
    assert {path for path, answer in zip(asked, answers, strict=True) if answer.status_code >= 400} == set()
    return {path: answer.text for path, answer in zip(asked, answers, strict=True)}


def found(folder: Path, table: str, words: str) -> list[tuple[object, ...]]:
    query = f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?"
    with closing(sqlite3.connect(f"{(folder / DATABASE).as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(query, (search.phrases(words),)).fetchall()


def test_the_number_is_planted_where_text_is_held(database: Path) -> None:
    for query in (
        "SELECT text FROM section",
        "SELECT title FROM report",
        "SELECT title FROM revision",
        "SELECT before || after || zh || en FROM changed WHERE before IS NOT NULL",
        "SELECT detail FROM problem",
        "SELECT reason FROM correction",
        "SELECT link_text FROM capture",
        "SELECT text FROM skip",
        "SELECT reason FROM run",
        "SELECT text FROM cell WHERE text IS NOT NULL",
    ):
        assert any(form in str(row) for row in rows(database, query) for form in FORMS), query


def test_a_masked_number_is_in_nothing_that_is_published(database: Path, tmp_path: Path) -> None:
    folder = publish(database, tmp_path / "public", now=NOW)
    assert shown(folder, *FORMS) == []
    for path, text in pages(folder).items():
        # A page of search prints what was asked for, which the reader knows.
        text = text.replace(NUMBER, "") if "search" in path else text
        assert not any(form in text for form in FORMS), path
    for words in FORMS:
        assert found(folder, "section", words) == found(folder, "report", words) == []
    assert found(folder, "section", "手机号码") and found(folder, "section", SECRET)
    assert NUMBER in str(rows(database, "SELECT title, link_text FROM revision, capture"))


def test_each_masked_spot_is_counted_without_its_text(database: Path, tmp_path: Path) -> None:
    folder = publish(database, tmp_path / "public", now=NOW)
    counted = dict(rows(folder / DATABASE, 'SELECT "table", sum(spots) FROM masked GROUP BY 1'))
    assert {"section": 4, "report": 1, "revision": 2, "capture": 2, "problem": 2}.items() <= counted.items()
    assert {"changed", "correction", "run", "skip", "cell"} <= counted.keys()
    assert rows(folder / DATABASE, "SELECT DISTINCT class FROM masked") == [(MOBILE,)]
    assert rows(folder / DATABASE, "SELECT masked FROM publication") == [(sum(counted.values()),)]
    text = str(rows(folder / DATABASE, "SELECT text FROM section"))
    assert f"电话{MASK.format(MOBILE)}，办公电话0373-3051234。" in text


def test_the_index_holds_just_what_it_would_if_the_masked_text_had_been_read(
    database: Path, tmp_path: Path
) -> None:
    folder = publish(database, tmp_path / "public", now=NOW)
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        for table, fields in (
            ("section", "heading, text"),
            ("report", "title, (SELECT name FROM agency a WHERE a.id = agency)"),
        ):
            names = "heading, text" if table == "section" else "title, agency"
            db.execute(f"CREATE VIRTUAL TABLE fresh_{table} USING fts5({names}, content='')")
            held = db.execute(f"SELECT search_id, {fields} FROM {table}").fetchall()
            db.executemany(
                f"INSERT INTO fresh_{table} (rowid, {names}) VALUES (?, ?, ?)",
                [(key, search.spaced(one or ""), search.spaced(other or "")) for key, one, other in held],
            )
            said = []
            for index in (f"{table}_fts", f"fresh_{table}"):
                db.execute(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, {index}, 'instance')")
                said.append(
                    db.execute("SELECT term, doc, col, [offset] FROM temp.v ORDER BY 1, 2, 3, 4").fetchall()
                )
                db.execute("DROP TABLE temp.v")
            assert said[0] == said[1] != []


def test_a_table_that_nobody_thought_of_is_masked_too(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("CREATE TABLE later (id INTEGER PRIMARY KEY, note TEXT, url TEXT, loose)")
        db.execute(
            "INSERT INTO later VALUES (1, ?, ?, ?)", (f"{NUMBER}\0{NUMBER}", f"http://x/{NUMBER}", NUMBER)
        )
        db.execute("CREATE TABLE keyless (note TEXT)")
        db.execute("INSERT INTO keyless VALUES (?)", (f"\0{NUMBER}",))
    folder = publish(database, tmp_path / "public", now=NOW)
    mask = MASK.format(MOBILE)
    assert rows(folder / DATABASE, "SELECT id, note, url, loose FROM later") == [
        (1, f"{mask}\0{mask}", f"http://x/{NUMBER}", mask)
    ]
    assert rows(folder / DATABASE, "SELECT note FROM keyless") == [(f"\0{mask}",)]


def test_what_a_reader_took_back_is_not_left_in_the_index(database: Path, tmp_path: Path) -> None:
    with Loader(database, EXTRACTOR) as loader:
        for sample in (BEFORE, AFTER):
            list(loader.load_readings([(capture(sample), replace(reading(sample), sections=()))]))
    assert shown(publish(database, tmp_path / "public", now=NOW), SECRET) != []
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE correction SET reason = ''")
        db.execute("UPDATE capture SET link_text = ''")
        db.execute("DELETE FROM changed")
    # In a folder of its own: past rows of a version before would hold it rightly.
    folder = publish(database, tmp_path / "anew", now=NOW + timedelta(hours=1))
    assert shown(folder, SECRET) == []


def test_the_reason_given_to_the_gate_is_masked(database: Path, tmp_path: Path) -> None:
    publish(database, tmp_path / "public", now=NOW)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM cell WHERE item < 5")
    later = NOW + timedelta(hours=1)
    folder = publish(database, tmp_path / "public", now=later, accept=f"见{NUMBER}")
    assert shown(folder, *FORMS) == []
    assert MASK.format(MOBILE) in str(rows(folder / DATABASE, "SELECT accepted FROM publication"))


def decide(data: Path, identity: str, *more: str, reason: str = "含申请人姓名") -> str:
    arguments = [identity, "--by", "李明", "--reason", reason, "--data", str(data), *more]
    done = CliRunner().invoke(withhold, arguments, standalone_mode=False)
    if done.exception:
        raise done.exception
    return str(done.output)


def withhold_both(data: Path) -> None:
    for sample in (BEFORE, AFTER):
        decide(data, capture(sample).id)


def test_what_is_withheld_is_in_nothing_that_is_published(database: Path, tmp_path: Path) -> None:
    first = publish(database, tmp_path / "public", now=NOW)
    assert shown(first, SECRET) != []
    withhold_both(tmp_path)
    folder = publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))
    assert versions(tmp_path / "public") == [folder]
    assert shown(folder, SECRET, *FORMS) == []
    for path, text in pages(folder).items():
        assert SECRET not in (text.replace(SECRET, "") if "search" in path else text), path
    assert found(folder, "section", SECRET) == []
    for query in ("SELECT count(*) FROM section", "SELECT count(*) FROM cell"):
        table = query.rpartition(" ")[2]
        of = f"{query} WHERE revision IN (SELECT v.id FROM revision v JOIN withheld w ON w.digest = v.digest)"
        assert rows(folder / DATABASE, of) == [(0,)], table
        assert rows(database, of) != [(0,)], table


def test_a_tombstone_says_since_when_and_why(database: Path, tmp_path: Path) -> None:
    publish(database, tmp_path / "public", now=NOW)
    withhold_both(tmp_path)
    folder = publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))
    report = _report(folder / DATABASE)
    assert rows(folder / DATABASE, f"SELECT title FROM report WHERE id = '{report}'") == [(SIGN,)]
    told = rows(folder / DATABASE, "SELECT DISTINCT reason, author, lifted_at FROM withheld")
    assert told == [("含申请人姓名", "李明", None)]
    assert rows(folder / DATABASE, "SELECT kind, zh FROM publication_change WHERE kind = 'withheld'") == [
        ("withheld", "不予公开：含申请人姓名")
    ]
    (answer,) = get(folder, f"/report/{report}")
    assert "含申请人姓名" in answer.text and "不予公开" in answer.text


def test_the_gate_still_stops_what_nobody_withheld(database: Path, tmp_path: Path) -> None:
    publish(database, tmp_path / "public", now=NOW)
    withhold_both(tmp_path)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM cell WHERE revision = (SELECT revision FROM report WHERE year = 2020)")
    with pytest.raises(PublicationStopped, match="cells that were published"):
        publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))


def test_withholding_one_version_leaves_the_other_and_hides_what_compares_them(
    database: Path, tmp_path: Path
) -> None:
    publish(database, tmp_path / "public", now=NOW)
    decide(tmp_path, capture(BEFORE).id)
    folder = publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))
    assert rows(folder / DATABASE, "SELECT DISTINCT before, after, zh FROM changed") == [(None, None, SIGN)]
    assert rows(folder / DATABASE, "SELECT zh FROM change") == [(SIGN,)]
    assert len(found(folder, "section", SECRET)) == 1


def test_other_bytes_of_the_same_content_are_withheld_with_it(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE revision SET digest = 'other' WHERE digest = ?", (capture(BEFORE).digest,))
    decide(tmp_path, capture(BEFORE).id)
    folder = publish(database, tmp_path / "public", now=NOW)
    assert len(found(folder, "section", SECRET)) == 1


def test_what_is_lifted_is_published_again_and_says_so(database: Path, tmp_path: Path) -> None:
    first = publish(database, tmp_path / "public", now=NOW)
    query = "SELECT revision, number, heading, text, search_id FROM section ORDER BY 1, 2"
    sections = rows(first / DATABASE, query)
    withhold_both(tmp_path)
    publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))
    for sample in (BEFORE, AFTER):
        assert "lifted" in decide(tmp_path, capture(sample).id, "--lift", reason="已征得同意")
    folder = publish(database, tmp_path / "public", now=NOW + timedelta(hours=2))
    assert rows(folder / DATABASE, query) == sections
    # For the versions between it is not to be had, nor for those before: it was forgotten.
    of = "revision IN (SELECT v.id FROM revision v JOIN withheld w ON w.digest = v.digest)"
    assert rows(folder / DATABASE, f"SELECT DISTINCT from_version FROM section WHERE {of}") == [(3,)]
    assert rows(folder / DATABASE, "SELECT count(*) FROM past_section") == [(0,)]
    assert rows(folder / DATABASE, "SELECT DISTINCT lifted_why FROM withheld") == [("已征得同意",)]
    assert len(found(folder, "section", SECRET)) == 2


def test_the_database_can_be_lost_and_the_decision_cannot(database: Path, tmp_path: Path) -> None:
    decide(tmp_path, capture(BEFORE).id)
    decide(tmp_path, capture(BEFORE).id, "--lift")
    decide(tmp_path, capture(AFTER).id)
    query = "SELECT * FROM withheld ORDER BY id"
    before = rows(database, query)
    database.unlink()
    with Loader(database, EXTRACTOR) as loader:
        loader.tell(journal.read(tmp_path))
    assert rows(database, query) == before
    assert [entry["kind"] for entry in journal.read(tmp_path)][-3:] == [
        "withholding",
        "lifting",
        "withholding",
    ]


def test_what_is_no_decision_is_one_clear_error_and_writes_nothing(database: Path, tmp_path: Path) -> None:
    written = (tmp_path / journal.FILE).read_bytes()
    for identity, more, reason, message in (
        ("nothing", (), "x", "there is no capture 'nothing'"),
        (capture(BEFORE).id, ("--lift",), "x", "is not withheld"),
        (capture(BEFORE).id, (), " ", "need their reason"),
        (capture(BEFORE).id, (), "x" * 2001, "at most 2000"),
    ):
        with pytest.raises(BadWithholding, match=message):
            decide(tmp_path, identity, *more, reason=reason)
    assert (tmp_path / journal.FILE).read_bytes() == written
    decide(tmp_path, capture(BEFORE).id)
    with pytest.raises(BadWithholding, match="withheld already"):
        decide(tmp_path, capture(BEFORE).id)


def test_a_story_with_every_kind_of_change_can_be_withheld_whole(tmp_path: Path) -> None:
    database = sample_history.load(tmp_path / "gongkai.db")
    publish(database, tmp_path / "public", now=NOW)
    for (identity,) in rows(database, "SELECT min(id) FROM capture WHERE reading = 'report' GROUP BY digest"):
        decide(tmp_path, str(identity))
    folder = publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))
    for table in ("cell", "section", "finding", "indicator"):
        assert rows(folder / DATABASE, f"SELECT count(*) FROM {table}") == [(0,)]
    assert {text: shown(folder, text) for text in STORY} == {text: [] for text in STORY}


STORY = (
    "全部办结",
    "人手不足",
    "本年收到申请",
    "公开总体情况。",
    "2021年政府信息公开工作年度报告",
    "展示局2022年<i>",
)


def test_both_rooms_put_the_same_spaces() -> None:
    for text in ("2020年 GDP公开\n二〇二一", "𠮷林", "a\0b", "", f"{NUMBER}号"):
        assert spaced(text) == search.spaced(text)

"""A new version of the form is one module and its line in the list of forms."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

import pipelines
from pipelines import schema

HOME = Path(pipelines.__file__).parent
SPECIMEN = Path(__file__).with_name("form_specimen.py")

REPORT = """<html><body><h1>某某市样本局2023年政府信息公开工作年度报告</h1>
<p>二、主动公开政府信息情况</p><table>
<tr><td colspan=3>第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年审定件数</td><td>可机读件数</td></tr>
<tr><td>规章</td><td>1</td><td>2</td></tr><tr><td>政策解读</td><td>3</td><td>/</td></tr>
<tr><td colspan=3>第二十条第（九）项</td></tr>
<tr><td>信息内容</td><td colspan=2>样本支出金额（元）</td></tr>
<tr><td>数据中心</td><td colspan=2>减少5000</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p><table>
<tr><td rowspan=2 colspan=2></td><td colspan=3>申请人情况</td></tr>
<tr><td>自然人</td><td>境外申请人</td><td>总计</td></tr>
<tr><td colspan=2>一、本年新收政府信息公开申请数量</td><td>8</td><td>4</td><td>12</td></tr>
<tr><td colspan=2>二、上年结转政府信息公开申请数量</td><td>0</td><td>0</td><td>0</td></tr>
<tr><td rowspan=3>三、本年度办理结果</td><td>（一）予以公开</td><td>5</td><td>1</td><td>6</td></tr>
<tr><td>（二）以数据形式提供</td><td>3</td><td>2</td><td>4</td></tr>
<tr><td>（三）总计</td><td>8</td><td>4</td><td>12</td></tr>
<tr><td colspan=2>四、结转下年度继续办理</td><td>0</td><td>1</td><td>0</td></tr></table>
<p>四、政府信息公开行政复议、行政诉讼情况</p><table>
<tr><td colspan=3>行政复议</td><td colspan=3>行政调解</td></tr>
<tr><td>结果维持</td><td>申请撤回</td><td>总计</td><td>结果维持</td><td>申请撤回</td><td>总计</td></tr>
<tr><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td><td>6</td></tr></table>
<p>五、公开平台情况</p><table><tr><td></td><td>本年新设平台数</td></tr>
<tr><td>数据开放平台</td><td>7</td></tr><tr><td>线下查阅点</td><td>8</td></tr></table>
</body></html>"""

DESCRIBED = """
import json, sqlite_utils
from pipelines import schema
database = sqlite_utils.Database(memory=True)
with database.atomic():
    schema.create(database)
print(json.dumps(list(database["form_item"].rows), ensure_ascii=False))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with this room in which the specimen of a form stands among the forms."""
    folder = tmp_path_factory.mktemp("new_form")
    shutil.copytree(HOME, folder / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))
    forms = folder / "pipelines" / "forms"
    shutil.copy(SPECIMEN, forms / "form_new.py")
    listed = (forms / "__init__.py").read_text(encoding="utf-8")
    for there, new in (
        ("from pipelines.forms.layout import", "from pipelines.forms.form_new import FORM as FORM_NEW\n"),
        ("PROSE, ANNEX_2014)", "PROSE, ANNEX_2014, FORM_NEW)"),
    ):
        assert listed.count(there) == 1
        listed = listed.replace(there, new + there if new.endswith("\n") else new)
    (forms / "__init__.py").write_text(listed, encoding="utf-8")
    (folder / "report.html").write_text(REPORT, encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> Any:
    made = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert made.stderr == ""
    return json.loads(made.stdout)


@pytest.mark.slow
def test_a_report_in_a_new_form_is_read_and_checked(installed: Path) -> None:
    command = "import sys; sys.argv = ['gongkai', 'extract', 'report.html', '--json']; import gongkai; gongkai.main()"
    reading = run(installed, "-c", command)
    assert (reading["form"], reading["problems"]) == ("form_specimen", [])
    values = {(one["table"], one["row"], one["column"]): one["value"] for one in reading["cells"]}
    assert len(values) == 5 + 18 + 6 + 2
    assert [value for (table, *_), value in values.items() if table != "requests"] == [
        *(1, 2, 3, None, -0.5),
        *(1, 2, 3, 4, 5, 6),
        *(7, 8),
    ]
    assert values["requests", "granted_as_data", "foreign_applicant"] == 2
    findings = [
        (one["check"], one["row"], one["column"], one["expected"], one["found"])
        for one in reading["findings"]
    ]
    assert findings == [
        ("requests_balance", None, "foreign_applicant", 4, 5),
        ("results_sum", "result_total", "foreign_applicant", 3, 4),
        ("results_sum", "result_total", "total", 10, 12),
        ("applicants_sum", "granted_as_data", "total", 5, 4),
        ("applicants_sum", "carried_out", "total", 1, 0),
        ("review_sum", "mediation", "total", 9, 6),
    ]


@pytest.mark.slow
def test_a_new_form_is_described_in_the_database_and_leaves_all_ids_as_they_are(installed: Path) -> None:
    with sqlite_utils.Database(memory=True) as database:
        schema.create(database)
        before = list(database["form_item"].rows)
    after = run(installed, "-c", DESCRIBED)
    assert after[: len(before)] == before
    assert [item["label"] for item in after[len(before) :]][:2] == [
        "主动公开／规章／本年审定件数",
        "主动公开／规章／可机读件数",
    ]
    new = {(item["table"], item["row"], item["column"]) for item in after[len(before) :]}
    assert ("platforms", "halls", "opened") in new
    assert ("requests", "received_new", "natural_person") not in new
    (platforms,) = [item["label_en"] for item in after if item["row"] == "open_data"]
    assert platforms == "Platforms / Open-data platforms / 本年新设平台数"

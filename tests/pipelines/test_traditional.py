"""A copy in traditional script reads as the report it was made from."""

from archive.captures import Capture
from pipelines.forms import FORMS
from pipelines.read import read_capture
from pipelines.traditional import simplified
from tests.pipelines.template import keys_of, page

# Written here, not taken from the module: what a converter makes of the words of a report.
CONVERTED = str.maketrans(
    "务业东为义书产们价优会传体债养内军农冲决况准减处复对导层属开强当录总怀态执扫护担报拨据损换"
    "无时显机权条构标样检没济涉测满点现环电监盘确种称税稳类级纪约组细终结统经维编网线织续继罚职联"
    "获节规视计订认讨记讼设许评诉试询该语误说请论证识译议读变责费资质购贸赔转载辑输辖边过还这进违选"
    "适释里错长门闭问间队阶际险难项顺须预领题额馆验黄齐于并办区协单厅县发启团园围国图个举",
    "務業東為義書產們價優會傳體債養內軍農沖決況準減處復對導層屬開強當錄總懷態執掃護擔報撥據損換"
    "無時顯機權條構標樣檢沒濟涉測滿點現環電監盤確種稱稅穩類級紀約組細終結統經維編網線織續繼罰職聯"
    "獲節規視計訂認討記訟設許評訴試詢該語誤說請論證識譯議讀變責費資質購貿賠轉載輯輸轄邊過還這進違選"
    "適釋裡錯長門閉問間隊階際險難項順須預領題額館驗黃齊於並辦區協單廳縣發啟團園圍國圖個舉",
)


def test_every_word_of_the_forms_is_known_in_traditional_script() -> None:
    for form in FORMS:
        words = repr(form.tables)
        assert simplified(words.translate(CONVERTED)) == words


def test_a_report_in_traditional_script_is_read_whole_and_kept_as_printed() -> None:
    texts = {key: str(1000 + index) for index, key in enumerate(keys_of("form_2021"))}
    texts["requests", "received_new", "business"] = "無"
    reading = read_capture(Capture(body=page("form_2021", texts).translate(CONVERTED).encode()))
    assert {cell.key: cell.text for cell in reading.cells} == texts
    assert (reading.agency, reading.year, reading.problems) == ("某某市样本局", 2022, ())
    assert reading.title == "某某市樣本局2022年政府信息公開工作年度報告"
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]
    assert reading.sections[2].heading == "三、收到和處理政府信息公開申請情況"

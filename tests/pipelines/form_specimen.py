"""A version of the form that does not exist: other columns, rows, sums, and a table more.

The test of new forms puts this file among the forms as a new one would be put there.
"""

from pipelines.forms.layout import NONE, Block, Column, Form, Row, Table

_WHO, _RESULTS = "申请人情况", "三、本年度办理结果"


def _part(code: str, *labels: str) -> Column:
    return Column(code, labels, "件", NONE, part_of="total")


DISCLOSURE = Table(
    code="disclosure",
    name="主动公开",
    heading="二、主动公开政府信息情况",
    corner="信息内容",
    blocks=(
        Block(
            caption="第二十条第（一）项",
            columns=(
                Column("reviewed", ("本年审定件数",), "件", NONE),
                Column("machine_readable", ("可机读件数",), "件", NONE),
            ),
            rows=(Row("rules", ("规章",)), Row("interpretations", ("政策解读",))),
        ),
        Block(
            caption="第二十条第（九）项",
            columns=(Column("spent_wan", ("样本支出金额",), "万元", NONE, signed=True),),
            rows=(Row("data_centres", ("数据中心",)),),
        ),
    ),
)

REQUESTS = Table(
    code="requests",
    name="申请办理",
    heading="三、收到和处理政府信息公开申请情况",
    balance=(("received_new", "carried_in"), ("result_total", "carried_out")),
    understood=(_RESULTS, _WHO),
    blocks=(
        Block(
            caption="",
            columns=(
                _part("natural_person", _WHO, "自然人"),
                _part("foreign_applicant", _WHO, "境外申请人"),
                Column("total", (_WHO, "总计"), "件", NONE),
            ),
            rows=(
                Row("received_new", ("一、本年新收政府信息公开申请数量",)),
                Row("carried_in", ("二、上年结转政府信息公开申请数量",)),
                Row("granted_full", (_RESULTS, "（一）予以公开"), part_of="result_total"),
                Row("granted_as_data", (_RESULTS, "（二）以数据形式提供"), part_of="result_total"),
                Row("result_total", (_RESULTS, "（三）总计")),
                Row("carried_out", ("四、结转下年度继续办理",)),
            ),
        ),
    ),
)

REVIEW = Table(
    code="review",
    name="复议诉讼",
    heading="四、政府信息公开行政复议、行政诉讼情况",
    across=True,
    blocks=(
        Block(
            caption="",
            columns=(
                _part("upheld", "结果维持"),
                _part("withdrawn", "申请撤回"),
                Column("total", ("总计",), "件", NONE),
            ),
            rows=(Row("review", ("行政复议",)), Row("mediation", ("行政调解",))),
        ),
    ),
)

PLATFORMS = Table(
    code="platforms",
    name="公开平台",
    heading="五、公开平台情况",
    blocks=(
        Block(
            caption="",
            columns=(Column("opened", ("本年新设平台数",), "个", NONE),),
            rows=(Row("open_data", ("数据开放平台",)), Row("halls", ("线下查阅点",))),
        ),
    ),
)

FORM = Form(
    code="form_specimen",
    name="样本格式",
    first_year=2023,
    last_year=None,
    source="样本函〔2023〕1号",
    tables=(DISCLOSURE, REQUESTS, REVIEW, PLATFORMS),
    english={"公开平台": "Platforms", "数据开放平台": "Open-data platforms"},
)

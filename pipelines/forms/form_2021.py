"""The form of the reports on 2021 and later years.

Source: 国办公开办函〔2021〕30号, 中华人民共和国政府信息公开工作年度报告格式. Table four and
all rows of table three but （六） are those of the form before.
"""

from pipelines.forms import english
from pipelines.forms.form_2019 import REVIEW, outcome, requests_table
from pipelines.forms.layout import APPROXIMATE, NONE, Block, Column, Form, Row, Table

DECISIONS = Column("decisions", ("本年处理决定数量",), "件", APPROXIMATE, ("处理决定数量",))

DISCLOSURE = Table(
    code="disclosure",
    name="主动公开",
    heading="二、主动公开政府信息情况",
    corner="信息内容",
    blocks=(
        Block(
            caption="第二十条第（一）项",
            columns=(
                Column("made", ("本年制发件数",), "件", APPROXIMATE),
                Column("repealed", ("本年废止件数",), "件", NONE),
                Column("in_force", ("现行有效件数",), "件", NONE),
            ),
            rows=(Row("rules", ("规章",)), Row("normative_documents", ("行政规范性文件",), ("规范性文件",))),
        ),
        Block(
            caption="第二十条第（五）项",
            columns=(DECISIONS,),
            rows=(Row("licensing", ("行政许可",)),),
        ),
        Block(
            caption="第二十条第（六）项",
            columns=(DECISIONS,),
            rows=(Row("penalty", ("行政处罚",)), Row("coercion", ("行政强制",))),
        ),
        Block(
            caption="第二十条第（八）项",
            columns=(Column("amount_wan", ("本年收费金额",), "万元", NONE),),
            rows=(Row("fees", ("行政事业性收费",)),),
        ),
    ),
)

_OTHER = "（六）其他处理"
_ENDED = "行政机关不再处理其政府信息公开申请"
OTHER = (
    outcome(
        "other_no_correction",
        _OTHER,
        f"1.申请人无正当理由逾期不补正、{_ENDED}",
        variants=("申请人无正当理由逾期不补正",),
        comparability=NONE,
    ),
    outcome(
        "other_fee_unpaid",
        _OTHER,
        f"2.申请人逾期未按收费通知要求缴纳费用、{_ENDED}",
        variants=("申请人逾期未按收费通知要求缴纳费用",),
        comparability=NONE,
    ),
    outcome("other_misc", _OTHER, "3.其他", comparability=NONE),
)

FORM = Form(
    code="form_2021",
    name="政府信息公开工作年度报告格式",
    first_year=2021,
    last_year=None,
    source="国办公开办函〔2021〕30号",
    tables=(DISCLOSURE, requests_table(OTHER), REVIEW),
    english=english.FORM_2021,
)

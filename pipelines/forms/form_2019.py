"""The form of the reports on 2019 and 2020.

Source: 国办公开办函〔2019〕60号, 中华人民共和国政府信息公开工作年度报告格式（试行）. The
captions of table two are printed either as references to article 20 of the regulation
(国务院令第711号) or as the text of its items.
"""

from pipelines.forms import english
from pipelines.forms.layout import APPROXIMATE, NONE, Block, Column, Form, Row, Table

SERVICES = "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果"
PENALTIES = "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定"
DECISIONS = Column("decisions", ("处理决定数量",), "件", APPROXIMATE, ("本年处理决定数量",))
ITEMS_PREVIOUS = Column("items_previous", ("上一年项目数量",), "项", NONE, ("上年项目数量",))
ITEMS_CHANGE = Column("items_change", ("本年增/减",), "项", NONE, ("本年增减",), signed=True)

DISCLOSURE = Table(
    code="disclosure",
    name="主动公开",
    heading="二、主动公开政府信息情况",
    corner="信息内容",
    blocks=(
        Block(
            caption="第二十条第（一）项",
            variants=("行政法规、规章和规范性文件",),
            columns=(
                Column("newly_made", ("本年新制作数量",), "件", APPROXIMATE, ("本年新制作数",)),
                Column("newly_disclosed", ("本年新公开数量",), "件", NONE, ("本年新公开数",)),
                Column("total_disclosed", ("对外公开总数量",), "件", NONE, ("对外公开总数",)),
            ),
            rows=(Row("rules", ("规章",)), Row("normative_documents", ("规范性文件",), ("行政规范性文件",))),
        ),
        Block(
            caption="第二十条第（五）项",
            variants=(SERVICES,),
            columns=(ITEMS_PREVIOUS, ITEMS_CHANGE, DECISIONS),
            rows=(
                Row("licensing", ("行政许可",)),
                Row("other_services", ("其他对外管理服务事项",), comparability=NONE),
            ),
        ),
        Block(
            caption="第二十条第（六）项",
            variants=(PENALTIES,),
            columns=(ITEMS_PREVIOUS, ITEMS_CHANGE, DECISIONS),
            rows=(Row("penalty", ("行政处罚",)), Row("coercion", ("行政强制",))),
        ),
        Block(
            caption="第二十条第（八）项",
            variants=("行政事业性收费项目及其依据、标准",),
            columns=(ITEMS_PREVIOUS, ITEMS_CHANGE),
            rows=(Row("fees", ("行政事业性收费",)),),
        ),
        Block(
            caption="第二十条第（九）项",
            variants=("政府集中采购项目的目录、标准及实施情况",),
            columns=(
                Column("projects", ("采购项目数量",), "个", NONE, ("采购项目数",)),
                Column("amount_wan", ("采购总金额",), "万元", NONE, ("采购金额",)),
            ),
            rows=(Row("procurement", ("政府集中采购",)),),
        ),
    ),
)

_WHO, _LEGAL = "申请人情况", "法人或其他组织"


def _applicant(code: str, *labels: str) -> Column:
    """Return the column of a kind of applicants; all kinds together are the total."""
    return Column(code, (_WHO, *labels), part_of="total")


APPLICANTS = (
    _applicant("natural_person", "自然人"),
    _applicant("business", _LEGAL, "商业企业"),
    _applicant("research_institute", _LEGAL, "科研机构"),
    _applicant("public_welfare", _LEGAL, "社会公益组织"),
    _applicant("legal_service", _LEGAL, "法律服务机构"),
    _applicant("other_organisation", _LEGAL, "其他"),
    Column("total", (_WHO, "总计")),
)

RESULTS = "三、本年度办理结果"
_REFUSED, _UNABLE, _NOT_PROCESSED = "（三）不予公开", "（四）无法提供", "（五）不予处理"


def outcome(code: str, *labels: str, variants: tuple[str, ...] = (), comparability: str = "") -> Row:
    """Return the row of an outcome of requests; all outcomes together are the total of the results."""
    return Row(code, (RESULTS, *labels), variants, comparability, part_of="result_total")


RECEIVED = (
    Row("received_new", ("一、本年新收政府信息公开申请数量",), ("本年新收政府信息公开申请数",)),
    Row("carried_in", ("二、上年结转政府信息公开申请数量",), ("上年结转政府信息公开申请数",)),
)
DECIDED = (
    outcome("granted_full", "（一）予以公开"),
    outcome(
        "granted_partial",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        variants=("部分公开",),
    ),
    outcome("refused_state_secret", _REFUSED, "1.属于国家秘密"),
    outcome(
        "refused_law_prohibited",
        _REFUSED,
        "2.其他法律行政法规禁止公开",
        variants=("其他法律法规禁止公开", "其他法律、行政法规禁止公开", "其他法律行政止公开"),
    ),
    outcome("refused_security_stability", _REFUSED, "3.危及“三安全一稳定”"),
    outcome("refused_third_party", _REFUSED, "4.保护第三方合法权益"),
    outcome("refused_internal_affairs", _REFUSED, "5.属于三类内部事务信息", variants=("三类内容事务信息",)),
    outcome("refused_deliberative", _REFUSED, "6.属于四类过程性信息", variants=("四类过程性信息",)),
    outcome("refused_enforcement_file", _REFUSED, "7.属于行政执法案卷"),
    outcome("refused_admin_query", _REFUSED, "8.属于行政查询事项"),
    outcome("unable_not_held", _UNABLE, "1.本机关不掌握相关政府信息"),
    outcome("unable_needs_creation", _UNABLE, "2.没有现成信息需要另行制作"),
    outcome("unable_unclear", _UNABLE, "3.补正后申请内容仍不明确"),
    outcome("not_processed_petition", _NOT_PROCESSED, "1.信访举报投诉类申请"),
    outcome("not_processed_duplicate", _NOT_PROCESSED, "2.重复申请"),
    outcome("not_processed_publication", _NOT_PROCESSED, "3.要求提供公开出版物"),
    outcome("not_processed_excessive", _NOT_PROCESSED, "4.无正当理由大量反复申请"),
    outcome("not_processed_reissue", _NOT_PROCESSED, "5.要求行政机关确认或重新出具已获取信息"),
)
# Comparable at this level: the later form prints its three parts, and their sum continues it.
OTHER_HANDLING = outcome("other_handling", "（六）其他处理")
CLOSING = (
    Row("result_total", (RESULTS, "（七）总计"), ("（六）总计", "合计")),
    Row("carried_out", ("四、结转下年度继续办理",)),
)
BALANCE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def requests_table(other: tuple[Row, ...]) -> Table:
    """Return table three with the rows that this form prints for （六）其他处理."""
    rows = (*RECEIVED, *DECIDED, *other, *CLOSING)
    return Table(
        code="requests",
        name="申请办理",
        heading="三、收到和处理政府信息公开申请情况",
        corner=BALANCE,
        balance=(("received_new", "carried_in"), ("result_total", "carried_out")),
        understood=(RESULTS, _WHO),
        blocks=(Block("", APPLICANTS, rows),),
    )


def _result(code: str, label: str) -> Column:
    """Return the column of a result of reviews or suits; all results together are the total."""
    return Column(code, (label,), part_of="total")


REVIEW = Table(
    code="review",
    name="复议诉讼",
    heading="四、政府信息公开行政复议、行政诉讼情况",
    across=True,
    blocks=(
        Block(
            caption="",
            columns=(
                _result("upheld", "结果维持"),
                _result("corrected", "结果纠正"),
                _result("other", "其他结果"),
                _result("pending", "尚未审结"),
                Column("total", ("总计",)),
            ),
            rows=(
                Row("review", ("行政复议",), ("行政法复议",)),
                Row("suit_direct", ("行政诉讼", "未经复议直接起诉")),
                Row("suit_after_review", ("行政诉讼", "复议后起诉")),
            ),
        ),
    ),
)

FORM = Form(
    code="form_2019",
    name="政府信息公开工作年度报告格式（试行）",
    first_year=2019,
    last_year=2020,
    source="国办公开办函〔2019〕60号",
    tables=(DISCLOSURE, requests_table((OTHER_HANDLING,)), REVIEW),
    english=english.FORM_2019,
)

"""The form of the reports on 2019 and 2020.

Source: 国办公开办函〔2019〕60号, 中华人民共和国政府信息公开工作年度报告格式（试行）. The
captions of table two are printed either as references to article 20 of the regulation
(国务院令第711号) or as the text of its items.
"""

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
APPLICANTS = (
    Column("natural_person", (_WHO, "自然人")),
    Column("business", (_WHO, _LEGAL, "商业企业")),
    Column("research_institute", (_WHO, _LEGAL, "科研机构")),
    Column("public_welfare", (_WHO, _LEGAL, "社会公益组织")),
    Column("legal_service", (_WHO, _LEGAL, "法律服务机构")),
    Column("other_organisation", (_WHO, _LEGAL, "其他")),
    Column("total", (_WHO, "总计")),
)

RESULTS = "三、本年度办理结果"
_REFUSED, _UNABLE, _NOT_PROCESSED = "（三）不予公开", "（四）无法提供", "（五）不予处理"
RECEIVED = (
    Row("received_new", ("一、本年新收政府信息公开申请数量",), ("本年新收政府信息公开申请数",)),
    Row("carried_in", ("二、上年结转政府信息公开申请数量",), ("上年结转政府信息公开申请数",)),
)
DECIDED = (
    Row("granted_full", (RESULTS, "（一）予以公开")),
    Row(
        "granted_partial",
        (RESULTS, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
        ("部分公开",),
    ),
    Row("refused_state_secret", (RESULTS, _REFUSED, "1.属于国家秘密")),
    Row(
        "refused_law_prohibited",
        (RESULTS, _REFUSED, "2.其他法律行政法规禁止公开"),
        ("其他法律法规禁止公开", "其他法律、行政法规禁止公开", "其他法律行政止公开"),
    ),
    Row("refused_security_stability", (RESULTS, _REFUSED, "3.危及“三安全一稳定”")),
    Row("refused_third_party", (RESULTS, _REFUSED, "4.保护第三方合法权益")),
    Row("refused_internal_affairs", (RESULTS, _REFUSED, "5.属于三类内部事务信息"), ("三类内容事务信息",)),
    Row("refused_deliberative", (RESULTS, _REFUSED, "6.属于四类过程性信息"), ("四类过程性信息",)),
    Row("refused_enforcement_file", (RESULTS, _REFUSED, "7.属于行政执法案卷")),
    Row("refused_admin_query", (RESULTS, _REFUSED, "8.属于行政查询事项")),
    Row("unable_not_held", (RESULTS, _UNABLE, "1.本机关不掌握相关政府信息")),
    Row("unable_needs_creation", (RESULTS, _UNABLE, "2.没有现成信息需要另行制作")),
    Row("unable_unclear", (RESULTS, _UNABLE, "3.补正后申请内容仍不明确")),
    Row("not_processed_petition", (RESULTS, _NOT_PROCESSED, "1.信访举报投诉类申请")),
    Row("not_processed_duplicate", (RESULTS, _NOT_PROCESSED, "2.重复申请")),
    Row("not_processed_publication", (RESULTS, _NOT_PROCESSED, "3.要求提供公开出版物")),
    Row("not_processed_excessive", (RESULTS, _NOT_PROCESSED, "4.无正当理由大量反复申请")),
    Row("not_processed_reissue", (RESULTS, _NOT_PROCESSED, "5.要求行政机关确认或重新出具已获取信息")),
)
# Comparable at this level: the later form prints its three parts, and their sum continues it.
OTHER_HANDLING = Row("other_handling", (RESULTS, "（六）其他处理"))
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
        understood=(RESULTS, _WHO),
        blocks=(Block("", APPLICANTS, rows),),
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
                Column("upheld", ("结果维持",)),
                Column("corrected", ("结果纠正",)),
                Column("other", ("其他结果",)),
                Column("pending", ("尚未审结",)),
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
)

"""The statutory tables as the State Council office prints them, for the specimens alone.

Written out here a second time, from the official template and not from the forms that
`pipelines` reads with, so that a fault in one cannot agree with itself in the other.
Codes are the published ones (DESIGN.md, contracts).

Source: 国办公开办函〔2019〕60号 (reports of 2019 and 2020), 国办公开办函〔2021〕30号 (from 2021).
"""

from dataclasses import dataclass

FORM_2019, FORM_2021 = "form_2019", "form_2021"
DISCLOSURE, REQUESTS, REVIEW = "disclosure", "requests", "review"

Key = tuple[str, str, str]
"""(table, row, column): the published codes of one cell."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of table two: a caption, a row of headings, and its rows.

    `item` and `article` are the two captions in use: the number of the item of article 20,
    and the wording of that item. Rows and headings are pairs of code and printed label.
    """

    item: str
    article: str
    headings: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]


_ARTICLE_1 = "行政法规、规章和规范性文件"
_ARTICLE_5 = "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果"
_ARTICLE_6 = "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定"
_ARTICLE_8 = "行政事业性收费项目及其依据、标准"
_ARTICLE_9 = "政府集中采购项目的目录、标准及实施情况"

_ITEMS = (("items_previous", "上一年项目数量"), ("items_change", "本年增/减"))
_ITEMS_AND_DECISIONS = (*_ITEMS, ("decisions", "处理决定数量"))
_DECISIONS = (("decisions", "本年处理决定数量"),)

BLOCKS = {
    FORM_2019: (
        Block(
            "第二十条第（一）项",
            _ARTICLE_1,
            (
                ("newly_made", "本年新制作数量"),
                ("newly_disclosed", "本年新公开数量"),
                ("total_disclosed", "对外公开总数量"),
            ),
            (("rules", "规章"), ("normative_documents", "规范性文件")),
        ),
        Block(
            "第二十条第（五）项",
            _ARTICLE_5,
            _ITEMS_AND_DECISIONS,
            (("licensing", "行政许可"), ("other_services", "其他对外管理服务事项")),
        ),
        Block(
            "第二十条第（六）项",
            _ARTICLE_6,
            _ITEMS_AND_DECISIONS,
            (("penalty", "行政处罚"), ("coercion", "行政强制")),
        ),
        Block("第二十条第（八）项", _ARTICLE_8, _ITEMS, (("fees", "行政事业性收费"),)),
        Block(
            "第二十条第（九）项",
            _ARTICLE_9,
            (("projects", "采购项目数量"), ("amount_wan", "采购总金额")),
            (("procurement", "政府集中采购"),),
        ),
    ),
    FORM_2021: (
        Block(
            "第二十条第（一）项",
            _ARTICLE_1,
            (("made", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")),
            (("rules", "规章"), ("normative_documents", "行政规范性文件")),
        ),
        Block("第二十条第（五）项", _ARTICLE_5, _DECISIONS, (("licensing", "行政许可"),)),
        Block(
            "第二十条第（六）项",
            _ARTICLE_6,
            _DECISIONS,
            (("penalty", "行政处罚"), ("coercion", "行政强制")),
        ),
        Block(
            "第二十条第（八）项",
            _ARTICLE_8,
            (("amount_wan", "本年收费金额（单位：万元）"),),
            (("fees", "行政事业性收费"),),
        ),
    ),
}

APPLICANTS = (
    ("natural_person", "自然人"),
    ("business", "商业企业"),
    ("research_institute", "科研机构"),
    ("public_welfare", "社会公益组织"),
    ("legal_service", "法律服务机构"),
    ("other_organisation", "其他"),
)
TOTAL = ("total", "总计")

RULE_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RECEIVED = ("received_new", "一、本年新收政府信息公开申请数量")
CARRIED_IN = ("carried_in", "二、上年结转政府信息公开申请数量")
RESULTS = "三、本年度办理结果"
RESULT_TOTAL = ("result_total", "（七）总计")
CARRIED_OUT = ("carried_out", "四、结转下年度继续办理")

OTHER_2019 = ("（六）其他处理", (("other_handling", ""),))
OTHER_2021 = (
    "（六）其他处理",
    (
        ("other_no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("other_fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("other_misc", "3.其他"),
    ),
)

OUTCOMES = (
    ("（一）予以公开", (("granted_full", ""),)),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", (("granted_partial", ""),)),
    (
        "（三）不予公开",
        (
            ("refused_state_secret", "1.属于国家秘密"),
            ("refused_law_prohibited", "2.其他法律行政法规禁止公开"),
            ("refused_security_stability", "3.危及“三安全一稳定”"),
            ("refused_third_party", "4.保护第三方合法权益"),
            ("refused_internal_affairs", "5.属于三类内部事务信息"),
            ("refused_deliberative", "6.属于四类过程性信息"),
            ("refused_enforcement_file", "7.属于行政执法案卷"),
            ("refused_admin_query", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unable_not_held", "1.本机关不掌握相关政府信息"),
            ("unable_needs_creation", "2.没有现成信息需要另行制作"),
            ("unable_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("not_processed_petition", "1.信访举报投诉类申请"),
            ("not_processed_duplicate", "2.重复申请"),
            ("not_processed_publication", "3.要求提供公开出版物"),
            ("not_processed_excessive", "4.无正当理由大量反复申请"),
            ("not_processed_reissue", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
)
"""The groups （一） to （五） of 三、本年度办理结果; a group with one unlabelled row is a row itself."""

RESULT_ROWS = tuple(row for _, rows in OUTCOMES for row, _ in rows)

REVIEW_GROUPS = (
    ("review", "行政复议"),
    ("suit_direct", "未经复议直接起诉"),
    ("suit_after_review", "复议后起诉"),
)
SUITS = "行政诉讼"
REVIEW_RESULTS = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
)

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)

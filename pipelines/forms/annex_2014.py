"""The list of indicators annexed to the reports on 2014 to 2018.

Source: 国办发〔2014〕32号, 政府信息公开情况统计表. The notice's own print was not at hand: only the
first three rows and two of the outcomes are confirmed word for word; the others are the wording
commonly reproduced, and places vary it. Rows are therefore found by section and order too.
"""

from pipelines.forms import english
from pipelines.forms.layout import NONE, Block, Column, Form, Row, Table

TITLE = "政府信息公开情况统计表"
_DISCLOSED, _ANSWERED, _ASKED = "一、主动公开情况", "二、回应解读情况", "三、依申请公开情况"
_CHANNELS = "（二）通过不同渠道和方式公开政府信息的情况"
_REPLIES = "（二）通过不同渠道和方式回应解读的情况"
_REVIEW, _SUIT = "四、行政复议数量", "五、行政诉讼数量"
_ORGANISATION, _TRAINING = "八、机构建设和保障经费情况", "九、政府信息公开会议和培训情况"


def _rows(unit: str, outer: tuple[str, ...], **labels: str | tuple[str, ...]) -> tuple[Row, ...]:
    """Return rows under the same outer labels; a tuple holds a label and its other wordings."""
    both = {code: (each,) if isinstance(each, str) else each for code, each in labels.items()}
    return tuple(Row(code, (*outer, own[0]), own[1:], NONE, unit) for code, own in both.items())


ROWS = (
    *_rows(
        "条",
        (_DISCLOSED,),
        proactive_items="（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
        proactive_normdocs="其中：主动公开规范性文件数",
    ),
    *_rows("件", (_DISCLOSED,), normdocs_made=("制发规范性文件总数", "制发规范性文件数")),
    *_rows(
        "条",
        (_DISCLOSED, _CHANNELS),
        chan_gazette="1.政府公报公开政府信息数",
        chan_website="2.政府网站公开政府信息数",
        chan_weibo="3.政务微博公开政府信息数",
        chan_wechat="4.政务微信公开政府信息数",
        chan_other="5.其他方式公开政府信息数",
    ),
    *_rows(
        "次",
        (_ANSWERED,),
        resp_hot="（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）",
    ),
    *_rows(
        "次",
        (_ANSWERED, _REPLIES),
        resp_press="1.参加或举办新闻发布会总次数",
        resp_press_head="其中：主要负责同志参加新闻发布会次数",
        resp_interview="2.政府网站在线访谈次数",
        resp_interview_head="其中：主要负责同志参加政府网站在线访谈次数",
    ),
    *_rows("篇", (_ANSWERED, _REPLIES), resp_articles="3.政策解读稿件发布数"),
    *_rows(
        "次", (_ANSWERED, _REPLIES), resp_social="4.微博微信回应事件数", resp_other="5.其他方式回应事件数"
    ),
    *_rows(
        "件",
        (_ASKED,),
        req_received=("（一）收到申请数", "收到申请总数"),
        req_in_person="1.当面申请数",
        req_fax="2.传真申请数",
        req_online=("3.网络申请数", "网上申请数"),
        req_mail="4.信函申请数",
        req_closed=("（二）申请办结数", "申请办结总数"),
        req_closed_ontime="1.按时办结数",
        req_closed_extended="2.延期办结数",
        req_answered=("（三）申请答复数", "申请答复总数"),
        ans_already_public="1.属于已主动公开范围数",
        ans_granted="2.同意公开答复数",
        ans_partial="3.同意部分公开答复数",
        ans_refused="4.不同意公开答复数",
        ref_secret="其中：1.涉及国家秘密",  # noqa: S106 - a state secret, no password
        ref_business="2.涉及商业秘密",
        ref_privacy="3.涉及个人隐私",
        ref_stability="4.危及国家安全、公共安全、经济安全和社会稳定",
        ref_not_govinfo="5.不是《条例》所指政府信息",
        ref_other_law="6.法律法规规定的其他情形",
        ans_not_this_agency="5.不属于本行政机关公开数",
        ans_not_exist="6.申请信息不存在数",
        ans_clarify="7.告知作出更改补充数",
        ans_other_channel="8.告知通过其他途径办理数",
    ),
    *_rows("件", (), review_total=(_REVIEW, "行政复议数")),
    *_rows(
        "件",
        (_REVIEW,),
        review_upheld="（一）维持具体行政行为数",
        review_corrected="（二）被依法纠错数",
        review_other="（三）其他情形数",
    ),
    *_rows("件", (), suit_total=(_SUIT, "行政诉讼数")),
    *_rows(
        "件",
        (_SUIT,),
        suit_upheld=("（一）维持具体行政行为或者驳回原告诉讼请求数", "维持具体行政行为数"),
        suit_corrected="（二）被依法纠错数",
        suit_other="（三）其他情形数",
    ),
    *_rows("件", (), complaints=("六、举报投诉数量", "举报投诉数")),
    *_rows("万元", (), fees_wan="七、依申请公开信息收取的费用"),
    *_rows(
        "个",
        (_ORGANISATION,),
        org_units="（一）政府信息公开工作专门机构数",
        org_reading_points="（二）设置政府信息公开查阅点数",
    ),
    *_rows(
        "人",
        (_ORGANISATION,),
        org_staff="（三）从事政府信息公开工作人员数",
        org_staff_full="1.专职人员数（不包括政府公报及政府网站工作人员数）",
        org_staff_part="2.兼职人员数",
    ),
    *_rows(
        "万元",
        (_ORGANISATION,),
        org_budget_wan="（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
    ),
    *_rows(
        "次",
        (_TRAINING,),
        train_meetings="（一）召开政府信息公开工作会议或专题会议数",
        train_courses="（二）举办各类培训班数",
    ),
    *_rows("人次", (_TRAINING,), train_people="（三）接受培训人员数"),
)

COUNT = Column("count", ("统计数",), "", NONE)

FORM = Form(
    code="annex_2014",
    name=TITLE,
    first_year=2014,
    last_year=2018,
    source="国办发〔2014〕32号",
    tables=(
        Table(
            code="annex",
            name="统计表",
            heading=TITLE,
            blocks=(Block("", (COUNT,), ROWS),),
            listed=True,
            corner="统计指标",
            understood=(COUNT.labels[0],),
        ),
    ),
    english=english.ANNEX_2014,
)

"""Why a series goes on from form to form, goes on roughly, or ends."""

from pipelines.forms import APPROXIMATE, EXACT, ITEMS, NONE
from pipelines.indicators.definition import Operand, Reason

SAME: Reason = (
    EXACT,
    "两种表式的行列相同、口径未变，可直接衔接。",
    "Same row and column in both forms: the series goes on.",
)
SAME_SUM: Reason = (
    EXACT,
    "由两种表式共有的各行合计得出，可直接衔接。",
    "A sum of rows that both forms print: the series goes on.",
)
SAME_RATIO: Reason = (
    EXACT,
    "分子、分母在两种表式中口径相同，可直接衔接。",
    "Numerator and denominator mean the same in both forms: the series goes on.",
)
OTHER: Reason = (
    EXACT,
    "2021年表式将“（六）其他处理”分为三项，三项之和与原一行可直接衔接；只在这一层可比。",
    "The form of 2021 splits 其他处理 into three rows; their sum continues the one row, at this level only.",
)
DECISIONS: Reason = (
    APPROXIMATE,
    "“处理决定数量”改称“本年处理决定数量”，文字相当，但各机关的理解可能改变，衔接前应核对有无跳变。",
    "The wording is nearly the same, but agencies may read it anew: look for jumps before joining.",
)
RULES: Reason = (
    APPROXIMATE,
    "“本年新制作数量”改为“本年制发件数”，只能大致衔接。",
    "“Newly made” became “made and issued in the year”: roughly comparable.",
)
DOCUMENTS: Reason = (
    APPROXIMATE,
    "“本年新制作数量”改为“本年制发件数”，“规范性文件”收窄为“行政规范性文件”，只能大致衔接。",
    "“Newly made” became “made and issued”, of administrative normative documents only: roughly comparable.",
)
STOCK: Reason = (
    NONE,
    "2019年表式计对外公开总数量，2021年表式计现行有效件数；公开的不等于有效的，不可衔接。",
    "The form of 2019 counts what is disclosed, that of 2021 what is in force: not the same thing.",
)
FEES: Reason = (
    NONE,
    "行政事业性收费在2019年表式中计项目数，在2021年表式中计金额（万元），单位不同，不可衔接。",
    "The form of 2019 counts fee projects, that of 2021 the money collected: another unit.",
)
DROPPED: Reason = (
    NONE,
    "2021年表式不再设此项。",
    "The form of 2021 does not ask for it any more.",
)
ADDED: Reason = (
    NONE,
    "2019年表式没有此项。",
    "The form of 2019 does not ask for it.",
)
NOT_IN_ANNEX: Reason = (
    NONE,
    "2014至2018年的统计表没有可以对应的项目。",
    "The annex of 2014 to 2018 has nothing that corresponds.",
)
SPLIT_LATER: Reason = (
    NONE,
    "统计表的“告知通过其他途径办理数”后来分入信访举报投诉类申请与行政查询事项，无法拆分对应。",
    "The annex's “told to go another way” was later split between petitions and administrative queries.",
)
RATIO_NOT_IN_ANNEX: Reason = (
    NONE,
    "2014至2018年的统计表没有口径相同的分母，不计算此项比率。",
    "The annex of 2014 to 2018 has no denominator of the same meaning, so the ratio is not computed.",
)
RECEIVED: Reason = (
    APPROXIMATE,
    "2014至2018年取统计表“收到申请数”，填报依据不同（国办发〔2014〕32号），只能大致对应。",
    "Until 2018 taken from the annex's requests received, under another notice: roughly comparable.",
)
NO_PENDING: Reason = (
    APPROXIMATE,
    "2014至2018年的统计表不列“尚未审结”，只能大致衔接。",
    "The annex of 2014 to 2018 does not tell pending cases apart: roughly comparable.",
)
NO_ROUTES: Reason = (
    APPROXIMATE,
    "2014至2018年的统计表不列“尚未审结”，也不分是否经过复议，只能与两类诉讼之和大致衔接。",
    "The annex tells neither pending cases nor the two routes apart: roughly comparable with their sum.",
)


def nearest(operands: tuple[Operand, ...], loose: bool = False) -> Reason:
    """Return why a series that begins with these rows of the annex is only roughly the same."""
    labels = "”“".join(ITEMS[part.key].label.rpartition("／")[2] for part in operands)
    zh = f"2014至2018年取统计表“{labels}”{'之和' if len(operands) > 1 else ''}；"
    zh += f"2019年《条例》修订后答复分类改变，只能{'勉强' if loose else '大致'}对应。"
    en = f"Until 2018 taken from the annex's {', '.join(part.key[1] for part in operands)}; the regulations"
    return (
        APPROXIMATE,
        zh,
        f"{en} of 2019 divide outcomes anew: {'loosely' if loose else 'roughly'} comparable.",
    )

"""The text of a report: sentences of our own in the manner and with the words of such reports."""

from random import Random

from pipelines.reading import Section

HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
OPENING = (
    "根据《中华人民共和国政府信息公开条例》规定，由{agency}编制本样本报告。",
    "本样本报告由{agency}按照条例要求编制，所列数据的统计期限为{year}年1月1日至12月31日。",
)
WORK = (
    "{year}年，{agency}坚持以公开为常态、不公开为例外，持续深化{word}领域信息公开。",
    "围绕{topic}和{topic2}，及时发布{word}信息{n}条，回应群众关切{m}次。",
    "加强组织领导，调整政务公开工作领导小组，明确{m}名工作人员专门负责{topic}。",
    "完善信息发布审核制度，落实先审查、后公开，全年审核{topic}类信息{n}条。",
    "推进{topic}标准化规范化，梳理{word}事项目录{m}类{n}项，在门户网站集中展示。",
    "通过政务新媒体发布{word}动态{n}条，阅读量较上年增长{m}%。",
    "办理依申请公开件时，严格执行登记、审核、答复、归档流程，畅通当面、信函和网络渠道。",
    "开展{topic}政策解读{m}篇，采用图解、视频、在线访谈等形式，提高可读性。",
    "举办政务公开培训{m}次，培训{n}人次，重点讲解{topic2}和依申请答复规范。",
    "对{place}村等{m}个村（社区）的{topic}情况开展检查，发现问题{m}个，全部整改。",
    "建立健全{topic}台账，对历史信息开展清理，废止规范性文件{m}件。",
    "在{place}服务大厅设立信息查阅点，配备查询终端{m}台，接待群众{n}人次。",
    "加大{topic}公开力度，公开项目{n}个、资金{amount}万元，接受社会监督。",
    "组织“{topic}公开日”活动，邀请{place}居民代表{n}人走进{word}一线。",
    "严格落实公平竞争审查，公布{topic2}清单，惠及市场主体{n}户。",
)
SHORT = ("详见下表。", "本年度未制发规章。", "具体数据见表。", "")
PROBLEMS = (
    "{year}年信息公开工作取得一定成效，但仍存在{topic}公开不够深入、更新不够及时等问题。",
    "一是对{topic}的认识有待提高；二是{topic2}的解读形式较为单一；三是基层力量薄弱。",
    "下一步，将加强{word}队伍建设，强化{topic}业务培训，提升答复质量。",
    "改进措施：健全考核机制，把{topic2}纳入年度考评，每季度通报一次。",
    "针对{place}群众反映的{topic}问题，制定整改清单，限期{m}个月完成。",
)
FEES = (
    "本年度收取信息处理费0元。",
    "本机关本年度没有收取信息处理费，无其他需要报告的事项。",
    "无。",
    "依据《政府信息公开信息处理费管理办法》，本年度收取信息处理费{m}元。",
)
COVERED = "本报告所列数据为全{unit}各部门、各乡镇汇总数据。"
TELEPHONE = "如对本样本报告有疑问，请联系工作人员，手机1300000{n:04}。"
_TOPICS = (
    "营商环境 乡村振兴 义务教育 财政预决算 重大建设项目 公共资源交易 征地补偿 行政执法 安全生产 食品药品监管 社会救助 养老服务 "
    "就业创业 医疗卫生 环境保护 住房保障 农村危房改造 城市综合执法 减税降费 户籍管理 公共文化服务 涉农补贴 污水治理 垃圾分类 "
    "老旧小区改造 招生入学 疫苗接种 防汛抗旱 森林防火 耕地保护 水价调整 公交线路 职称评审 统计调查 招商引资 消防救援 法律援助 "
    "不动产登记 惠民补贴 校外培训治理 河长制 社区矫正 数字政府 信用体系 双随机抽查 权责清单 规划许可 生态修复 物业管理 道路养护"
)
TOPICS = tuple(_TOPICS.split())
_SYLLABLES = (
    "东西南北上下大小新古青白红石木水山河桥湾塘岗坪坝沟井泉松柏柳杨梅兰竹枫槐桂凤龙鹤马羊牛林杜郑宋周吴何罗"
)


def sections(
    random: Random, agency: str, word: str, year: int, weight: float, unit: str = ""
) -> tuple[Section, ...]:
    """Return the six sections of a report.

    Args:
        random: What decides.
        agency: The agency's full name.
        word: What it is about.
        year: The year reported on.
        weight: How much it has to tell: 1 is a common department.
        unit: Of a summary that says what its numbers cover, the kind of place it is of: 市 or 县.
    """
    told = {"agency": agency, "word": word, "year": year}
    first = [random.choice(OPENING), *random.choices(WORK, k=4 + int(weight * random.uniform(4, 16)))]
    parts = [
        _text(random, first, told) + (COVERED.format(unit=unit) if unit else ""),
        random.choice(SHORT),
        random.choice(SHORT),
        random.choice(SHORT),
        _text(random, random.choices(PROBLEMS, k=random.randint(2, 7)), told),
        _text(random, [random.choice(FEES)], told),
    ]
    if random.random() < 0.01:
        parts[5] += TELEPHONE.format(n=random.randrange(10_000))
    return tuple(
        Section(number, heading, text)
        for number, (heading, text) in enumerate(zip(HEADINGS, parts, strict=True), 1)
    )


def _text(random: Random, sentences: list[str], told: dict[str, object]) -> str:
    lines = []
    for sentence in sentences:
        topic, other = random.sample(TOPICS, 2)
        place = "".join(random.choices(_SYLLABLES, k=2))
        drawn = {"topic": topic, "topic2": other, "place": place, "n": random.randint(8, 4_000)}
        drawn |= {"m": random.randint(1, 60), "amount": random.randint(100, 90_000) / 100}
        lines.append(sentence.format_map(told | drawn))
    return "\n".join(lines)

"""Reforms that gave departments other names: old and new names without the place, as data.

A reform whose own text puts several bodies, or duties of others, together is `merged`: the numbers
of the new body are another series. `renamed` are bodies that it passes on whole.

Source: 《深化党和国家机构改革方案》 (March 2018; local governments until March 2019) for what it names; the
reforms that local governments made before and after it as said at each.
"""

from dataclasses import dataclass

RENAMED, MERGED = "renamed", "merged"


@dataclass(frozen=True, slots=True)
class Reform:
    """Names before, names after, the first year a new body reports on, the kind, and the basis."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    since: int
    kind: str
    zh: str
    en: str


def _of_2018(before: str, after: str, zh: str, en: str) -> Reform:
    source = "《深化党和国家机构改革方案》（2018年3月）"
    english = "Plan for deepening the reform of Party and state institutions (March 2018)"
    return Reform(
        tuple(before.split()), tuple(after.split()), 2018, MERGED, f"{source}：{zh}。", f"{english}: {en}."
    )


REFORMS: tuple[Reform, ...] = (
    _of_2018(
        "国土资源局 国土资源厅 规划局 城乡规划局 规划和国土资源局 规划和国土资源管理局 规划和国土资源委员会 "
        "测绘地理信息局",
        "自然资源局 自然资源厅 自然资源和规划局 规划和自然资源局 规划和自然资源委员会 自然资源与规划局 "
        "规划与自然资源局",
        "国土资源、城乡规划、测绘等职责整合，组建自然资源部门",
        "the duties of land, planning and surveying become the department of natural resources",
    ),
    _of_2018(
        "环境保护局 环境保护厅",
        "生态环境局 生态环境厅",
        "环境保护部门的职责与其他部门的应对气候变化、农业面源污染治理等职责整合，组建生态环境部门",
        "environmental protection, with duties of others, becomes the department of ecology",
    ),
    _of_2018(
        "卫生和计划生育委员会 卫生和计划生育局 卫生计生委员会 卫生计生局",
        "卫生健康委员会 卫生健康局",
        "卫生和计划生育、深化医改、老龄工作等职责整合，组建卫生健康部门",
        "health and family planning, with other duties, becomes the department of health",
    ),
    _of_2018(
        "农业局 农业厅 农业委员会 农牧局 畜牧局 畜牧兽医局 农业机械管理局",
        "农业农村局 农业农村厅 农业农村委员会",
        "农业部门与农村工作领导小组办公室等的职责整合，组建农业农村部门",
        "agriculture and the offices for rural work become the department of agriculture and rural affairs",
    ),
    Reform(
        ("工商行政管理局", "质量技术监督局", "食品药品监督管理局"),
        ("市场监督管理局", "市场监督管理委员会", "市场和质量监督管理局", "市场和质量监督管理委员会"),
        2014,
        MERGED,
        "工商、质监、食药监的职责整合，组建市场监督管理部门（地方自2014年起，2018年《方案》）。",
        "Commerce, quality and food offices become market regulation (locally from 2014, the Plan of 2018).",
    ),
    _of_2018(
        "安全生产监督管理局",
        "应急管理局 应急管理厅",
        "安全生产监督管理、应急、消防、防灾减灾等职责整合，组建应急管理部门",
        "work safety, with emergencies, fire and disasters, becomes emergency management",
    ),
    _of_2018(
        "文化局 文化厅 旅游局 旅游委员会 旅游发展委员会 文化广电新闻出版局 文化广播电视新闻出版局 文化广电局 "
        "文化体育局 文化广电体育局",
        "文化和旅游局 文化和旅游厅 文化和旅游委员会 文化广电和旅游局 文化广电旅游局 文化旅游局 "
        "文化广播电视和旅游局 文化体育和旅游局 文化广电体育和旅游局 文化广电旅游体育局 "
        "文化旅游体育局 文化体育旅游局",
        "文化、旅游等职责整合，组建文化和旅游部门",
        "culture and tourism become one department",
    ),
    _of_2018(
        "国家税务局 地方税务局",
        "国家税务总局税务局",
        "省级和省级以下国税地税机构合并",
        "the state and the local tax offices below the centre are merged",
    ),
    _of_2018(
        "人民政府法制办公室 法制办公室 法制局",
        "司法局 司法厅",
        "司法行政部门与政府法制办公室的职责整合，重新组建司法部门",
        "justice and the government's office of legislation become one department",
    ),
    Reform(
        ("教育局", "体育局"),
        ("教育体育局", "教育和体育局", "教育与体育局"),
        2009,
        MERGED,
        "地方机构改革：教育局与体育局合并。",
        "Local reform: the departments of education and of sport are merged.",
    ),
    Reform(
        ("扶贫开发办公室", "扶贫开发局", "扶贫办公室"),
        ("乡村振兴局",),
        2020,
        RENAMED,
        "2021年2月国务院扶贫开发领导小组办公室整体改组为国家乡村振兴局，地方扶贫机构相应改组。",
        "In February 2021 the offices of poverty relief became, whole, those of rural revitalisation.",
    ),
    Reform(
        ("商务委员会",),
        ("商务局",),
        2018,
        RENAMED,
        "2018年地方机构改革：委员会改称局。",
        "Local reform of 2018: the committee is called a bureau.",
    ),
    Reform(
        ("经济和信息化委员会",),
        ("经济和信息化局",),
        2018,
        RENAMED,
        "2018年地方机构改革：委员会改称局。",
        "Local reform of 2018: the committee is called a bureau.",
    ),
    Reform(
        ("工业和信息化委员会",),
        ("工业和信息化局", "工业和信息化厅"),
        2018,
        RENAMED,
        "2018年地方机构改革：委员会改称局（厅）。",
        "Local reform of 2018: the committee is called a bureau.",
    ),
)

OLD_NAMES = tuple({name for reform in REFORMS for name in reform.before})
NEW_NAMES = tuple({name for reform in REFORMS for name in reform.after})

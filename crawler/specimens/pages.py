"""What a specimen portal serves: the page, and the pieces that both site softwares print."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from crawler.specimens.planted import PlantedPage, PlantedReport, SpecimenPortal

Detail = PlantedReport | PlantedPage

COLUMN_TITLE = "政府信息公开年报"
GUIDE, RULES, DUTIES = "政府信息公开指南", "政府信息公开制度", "法定主动公开内容"

ABOUT = {
    GUIDE: (
        "本指南是样本，说明在一个虚构的机关怎样获取政府信息。",
        "一、公开的信息见“法定主动公开内容”。二、申请公开可书面提出，本机关二十个工作日内答复。",
        "三、样本机关不存在，请勿来信来访。",
    ),
    RULES: (
        "样本单位的政府信息公开制度包括：发布审查制度、依申请公开办理制度、年度报告制度。",
        "年度报告每年一次，部门不晚于一月三十一日，政府不晚于三月三十一日。",
    ),
    DUTIES: (
        "机构职能：样本。规划计划：样本。行政许可：样本。行政事业性收费：样本。",
        "政府集中采购：样本。以上内容均为虚构。",
    ),
}
"""The text of the pages beside the column of reports."""


@dataclass(frozen=True, slots=True)
class Page:
    """One resource: its bytes, its Content-Type, and the day it last changed (YYYY-MM-DD)."""

    body: bytes
    content_type: str
    changed: str


def robots(closed: str) -> bytes:
    """Return a robots.txt that closes one folder."""
    return f"# specimen portal\nUser-agent: *\nDisallow: {closed}\n".encode("ascii")


def metas(portal: SpecimenPortal, column: str, detail: Detail | None = None) -> str:
    """Return the meta tags a government page owes: of the site, the column, the article."""
    tags = {
        "SiteName": portal.title,
        "SiteDomain": f"{portal.name}.invalid",
        "SiteIDCode": f"{portal.division}0001",
        "ColumnName": column,
        "ColumnType": "信息公开",
    }
    if detail is not None:
        tags |= {
            "ArticleTitle": detail.title,
            "PubDate": f"{detail.published_on} 09:30",
            "ContentSource": source(portal, detail),
        }
    return "\n".join(f'<meta name="{name}" content="{escape(text)}">' for name, text in tags.items())


def source(portal: SpecimenPortal, detail: Detail) -> str:
    """Return who a page says it is from."""
    return detail.agency if isinstance(detail, PlantedReport) else f"{portal.place}样本编辑部"


def details(portal: SpecimenPortal) -> Iterator[Detail]:
    """Yield what has a page on this portal: all but the links to other hosts."""
    return (detail for detail in portal.listed if detail.path.startswith("/"))


def newest(portal: SpecimenPortal) -> str:
    """Return the day the portal last changed."""
    return portal.listed[0].published_on


def cut(title: str, length: int) -> str:
    """Return a title as a narrow list shows it."""
    return title if len(title) <= length else f"{title[: length - 1]}…"

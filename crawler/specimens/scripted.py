"""Portals whose lists are fetched by a script: one software each, by what is asked and answered."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from crawler.specimens.articles import SPECIMEN, report_body
from crawler.specimens.pages import Detail, Page, newest
from crawler.specimens.plain import Look, chunks, frame, html, rows
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import SpecimenPortal

PER_PAGE = 5

XXGK = "/col/col7788/index.html"
XXGK_SEARCH = "/module/xxgk/search.jsp"
JPAAS = "/col/gknb/index.html"
JPAAS_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
IRS = "/zwgk/zfxxgk/gknb/index.html"
IRS_LIST = "/irs/front/list"
EPOINT = "/dynamic/zwgk/govInfoPub.html"
EPOINT_LIST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
ANNUAL = "/module/annual/xxgkAnnualReport.jsp"
EPOINT_DETAIL = "/EWB-FRONT/rest/frontAppNotNeedLoginAction/getGovInfoDetail"
TRUECMS = "/mzxz/gknb/gknb.html"
TRUECMS_LIST = "/truecms/messageController/getMessage.do"


def xxgk_pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: the form's values stand in the page, its fields in a script elsewhere."""
    values = "divid:'div7788',infotypeId:'A05',jdid:'9',area:'990611',texttype:'',fbtime:''"
    shell = f"<div id='div7788'></div><script>search('{XXGK_SEARCH}',{{{values}}});</script>"
    look = Look(head='<script src="/module/xxgk/js/search.js"></script>', article='<div id="zoom">')
    return plain_pages(portal, look, {XXGK: shell})


def xxgk_answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer a search: rows of the whole area, those of other columns among them."""
    if path != XXGK_SEARCH or fields.get("infotypeId") != "A05" or fields.get("area") != "990611":
        return None
    parts, number = chunks(portal.listed, PER_PAGE), int(fields.get("currpage") or 1)
    part = parts[number - 1] if number <= len(parts) else ()
    other = f"<a href='/art/2023/1/9/art_11_{number}.html'>梦泽县通知公告2023年第{number}号</a>"
    lines = [f"<td>{number}</td><td>{other}</td><td>2023-01-09</td>", *map(_cells, part)]
    text = "".join(
        f"<tr class='tr_main_value_{'odd' if at % 2 else 'even'}'>{line}</tr>"
        for at, line in enumerate(lines)
    )
    pager = f"<td>&nbsp;&nbsp;共&nbsp;{len(parts)}&nbsp;页&nbsp;</td>"
    return html(f"<table>{text}</table>{pager}", newest(portal))


def _cells(detail: Detail) -> str:
    title = escape(detail.title)
    link = f"<a href='{detail.path}' title='{title}'>{title}</a>"
    return f"<td>1</td><td>{link}</td><td>{detail.published_on}</td>"


def jpaas_pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: a unit names where its list is fetched."""
    query = "{'parseType':'bulidstatic','webId':'26','tplSetId':'qrK','pageType':'column',"
    query += "'tagId':'列表','pageId':'2256'}"
    shell = f'<div class="unit" url="{JPAAS_UNIT}" queryData="{query}"></div>'
    return plain_pages(
        portal, Look(head='<script src="/jpaas-publish-server/unit.js"></script>'), {JPAAS: shell}
    )


def jpaas_answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer a unit: only `paramJson` tells the page."""
    if path != JPAAS_UNIT or fields.get("pageId") != "2256" or fields.get("tagId") != "列表":
        return None
    number = int(json.loads(fields.get("paramJson", "{}")).get("pageNo", 1))
    parts = chunks(portal.listed, PER_PAGE)
    part = parts[number - 1] if number <= len(parts) else ()
    told = f'pageNo="{number}" totalPage="{len(parts)}" total="{len(portal.listed)}"'
    pager = f'<div class="pagination" {told}></div>'
    return _json({"success": True, "data": {"html": f"<ul>{rows(part)}</ul>{pager}"}}, portal)


def irs_pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: the script names the table, the tenant, and the column's filter."""
    wanted = '{"operator":"or","properties":[{"property":"f_1","operator":"eq","value":"5901"}]}'
    script = f'$.post("{IRS_LIST}",{{tenantId:"71",tableName:"t_17e6b2c59ad",customFilter:{wanted}}})'
    look = Look(head='<script src="/irs/front/search.js"></script>')
    return plain_pages(portal, look, {IRS: f'<div id="list"></div><script>{script}</script>'})


def irs_answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer a list, twenty entries a page at most."""
    sent = _sent(fields)
    if (
        path != IRS_LIST
        or sent.get("tableName") != "t_17e6b2c59ad"
        or "5901" not in str(sent.get("customFilter"))
    ):
        return None
    number, size = int(sent.get("pageNo", 1)), int(sent.get("pageSize", 20))
    part = portal.listed[(number - 1) * size : number * size]
    listed = [
        {"title": each.title, "url": each.path, "save_time": f"{each.published_on} 10:00:00"} for each in part
    ]
    return _json({"code": 200, "data": {"list": listed, "pager": {"total": len(portal.listed)}}}, portal)


def epoint_pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: the category is in the address, the site's number in a script.

    A report's page is a shell, whose script fetches the article.
    """
    look = Look(head='<script src="/js/webBuilderCommon.js"></script>', article='<div class="ewb-article">')
    shell = frame(portal, look, "政府信息公开年报", '<ul id="govInfoList"></ul>')
    script = "var siteInfo = {'siteGuid':'7eb5f7f1-9041','projectName':'/EWB-FRONT'};"
    served = plain_pages(portal, look, {})
    for report in portal.reports:
        article = f'<div id="info"></div><script>fetchArticle("{EPOINT_DETAIL}");</script>'
        served[report.path] = html(frame(portal, look, report.title, article, report), report.published_on)
    return served | {
        EPOINT: html(shell, newest(portal)),
        "/js/webBuilderCommon.js": Page(script.encode(), "application/javascript", newest(portal)),
    }


def epoint_answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer a list, whose pages count from 0, or an article."""
    if path == EPOINT_DETAIL:
        return _epoint_article(portal, json.loads(fields.get("params", "{}")).get("infoGuid", ""))
    sent = _sent(fields)
    if path != EPOINT_LIST or sent.get("categorynum") != "003006" or sent.get("siteGuid") != "7eb5f7f1-9041":
        return None
    number, size = int(sent.get("pageIndex", 0)), int(sent.get("pageSize", 20))
    part = portal.listed[number * size : (number + 1) * size]
    data = [
        {
            "realtitle": each.title,
            "title": each.title[:12],
            "infourl": each.path,
            "infodate": each.published_on,
        }
        for each in part
    ]
    return _json({"custom": {"data": data, "total": len(portal.listed)}, "status": {"code": 200}}, portal)


def _epoint_article(portal: SpecimenPortal, number: str) -> Page | None:
    found = [report for report in portal.reports if number and number in report.path]
    if not found:
        return None
    (report,) = found
    body = f"<p>{SPECIMEN}</p>{report_body(report)}"
    data = {"title": report.title, "infocontent": body, "infotype": "html", "pdflist": []}
    return _json({"custom": {"data": data}, "status": {"code": 200}}, portal)


def truecms_pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: nothing is embedded, and no total is said."""
    options = f"proxyUrl:'{TRUECMS_LIST}',perPage:{PER_PAGE},ajaxParam:{{columnId:'754f6db5-d294'}}"
    call = f"$('#list').jpage({{{options}}});"
    look = Look(head='<script src="/truecms/js/jquery.jpage.js"></script>')
    return plain_pages(portal, look, {TRUECMS: f"<div id='list'></div><script>{call}</script>"})


def truecms_answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer records in the call of a function."""
    if path != TRUECMS_LIST or fields.get("columnId") != "754f6db5-d294":
        return None
    start, end = int(fields["startrecord"]), int(fields["endrecord"])
    lines = (
        f"<li><a href='{each.path}'>{escape(each.title)}</a><span>{each.published_on}</span></li>"
        for each in portal.listed[start - 1 : end]
    )
    records = "".join(f"<record><![CDATA[{line}]]></record>" for line in lines)
    total = f"<totalrecord>{len(portal.listed)}</totalrecord>"
    store = f"<datastore>{total}<recordset>{records}</recordset></datastore>"
    text = f"{fields.get('callback', '')}({json.dumps({'result': store}, ensure_ascii=False)})"
    return Page(text.encode(), "application/javascript", newest(portal))


def annual_pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: all else is answered by one page."""
    return plain_pages(portal, Look(way=f"{ANNUAL}?fbtime={_years(portal)[0]}"), {})


def annual_answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer a year's agencies, or a report: which one, the parameters alone tell."""
    if path != ANNUAL:
        return None
    year, area = fields.get("fbtime", ""), fields.get("area", "")
    reports = [each for each in portal.reports if str(each.year) == year]
    found = [each for each in reports if each.path == f"{ANNUAL}?fbtime={year}&area={area}"]
    if found:
        served = plain_pages(portal, Look(), {})
        return served[found[0].path]
    others = "".join(f'<a href="{ANNUAL}?fbtime={other}">{other}年</a> ' for other in _years(portal))
    links = "".join(f'<li><a href="{each.path}">{each.agency}</a></li>' for each in reports)
    return html(frame(portal, Look(), "政府信息公开年报", f"{others}<ul>{links}</ul>"), newest(portal))


def _years(portal: SpecimenPortal) -> list[int]:
    return sorted({report.year for report in portal.reports}, reverse=True)


def _sent(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON that was posted."""
    try:
        sent = json.loads(fields.get("", ""))
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def _json(answer: object, portal: SpecimenPortal) -> Page:
    return Page(json.dumps(answer, ensure_ascii=False).encode(), "application/json", newest(portal))

"""The bodies of detail pages: reports with their six sections and tables, and everything else."""

from collections.abc import Iterator
from html import escape

from crawler.specimens.planted import PlantedPage, PlantedReport, SpecimenPortal
from crawler.specimens.printing import UNCLOSED, WORD, Markup, texts_of
from crawler.specimens.statute import FORM_2021, REQUESTS, SECTIONS, Key
from crawler.specimens.tables import Rows, as_html, disclosure, requests, review

SPECIMEN = "样本页面，并非真实政府网站 · Specimen page, not a real government site"


def report_body(report: PlantedReport) -> str:
    """Return the body of a report: note, preamble, six sections, three tables."""
    markup = report.markup
    texts = texts_of(report.cells, markup)
    tables = {
        2: as_html(disclosure(report.form, texts, markup), markup.flavour),
        3: as_html(requests(texts), markup.flavour),
        4: as_html(review(texts), markup.flavour),
    }
    parts = [_paragraph(report.note, markup), *_title_block(report), *_preamble(report)]
    for number, heading in enumerate(SECTIONS, start=1):
        parts.append(_heading(heading, markup))
        parts += [_paragraph(line, markup) for line in _narrative(report, number)]
        parts.append(tables.get(number, ""))
    return "\n".join(part for part in parts if part)


def page_body(page: PlantedPage, portal: SpecimenPortal) -> str:
    """Return the body of a page that is no report."""
    parts = [f"<p>{escape(line)}</p>" for line in page.text]
    if page.table:
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in page.table)
        parts.append('<table border="1">' + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    if page.blank_form:
        parts += [as_html(rows, WORD) for rows in _blank_form()]
    if page.lists_year:
        parts += [
            f'<p><a href="{escape(report.path)}">{escape(report.title)}</a></p>'
            for report in portal.reports
            if report.year == page.lists_year and report.agency.startswith(portal.place)
        ]
    return "\n".join(parts)


def _blank_form() -> tuple[Rows, ...]:
    """The empty form of 2021, ideographic spaces in its cells as in the official file."""
    texts: dict[Key, str] = _Blank()
    return disclosure(FORM_2021, texts, Markup()), requests(texts), review(texts)


class _Blank(dict[Key, str]):
    """Every cell holds one ideographic space; no row of the superseded layout is there."""

    def __missing__(self, key: Key) -> str:
        return "\u3000"


def _title_block(report: PlantedReport) -> Iterator[str]:
    """Some offices repeat the title in the body, broken in two lines."""
    if report.markup.year_first:
        agency = report.agency
        yield f'<p align="center"><b>{escape(agency)}</b></p>'
        yield f'<p align="center"><b>{report.year}年政府信息公开工作年度报告</b></p>'


def _preamble(report: PlantedReport) -> Iterator[str]:
    if not report.invented:
        return
    yield _paragraph(
        f"根据《中华人民共和国政府信息公开条例》的规定，{report.agency}编制并公布{report.year}年度报告。"
        f"所列数据的统计期限自{report.year}年1月1日起至12月31日止。",
        report.markup,
    )


def _narrative(report: PlantedReport, number: int) -> Iterator[str]:
    """Yield the sentences of one section; numbers in them agree with the tables.

    Nothing is said in the name of an agency that exists.
    """
    if not report.invented:
        yield "本页为样本，此处不载叙述文字。"
    elif number == 1:
        yield from _overview(report)
    elif number == 5:
        yield "样本单位公开内容还不够细，答复文书还可以更易读。下一年将逐条改进样本页面。"
    elif number == 6:
        yield "无。" if report.form != FORM_2021 else "本年度未收取信息处理费，没有其他需要报告的事项。"
    elif report.markup.year_first:
        yield "（该部分以表格形式报告）"


def _overview(report: PlantedReport) -> Iterator[str]:
    received, handled = (_count(report, row) for row in ("received_new", "result_total"))
    if report.form == FORM_2021:
        yield "（一）主动公开。样本单位通过本样本网站公开样本信息。"
        yield f"（二）依申请公开。{report.year}年新收政府信息公开申请{received}件，办理结果合计{handled}件。"
        yield "（三）政府信息管理。样本文件按年编号，定期清理。"
        yield "（四）政府信息公开平台建设。查阅点设在样本大厅。"
        yield "（五）监督保障。全年组织样本培训两次。"
    else:
        yield "样本单位按照条例要求公开样本信息，查阅点设在样本大厅。"
        yield f"{report.year}年共收到政府信息公开申请{received}件，办理结果合计{handled}件。"


def _count(report: PlantedReport, row: str) -> int:
    value, _ = report.cells[REQUESTS, row, "total"]
    return int(value or 0)


def _heading(text: str, markup: Markup) -> str:
    if markup.flavour == WORD:
        return f'<p class="MsoNormal"><b><span style="font-family:黑体">{text}<o:p></o:p></span></b></p>'
    if markup.flavour == UNCLOSED:
        return f"<P><STRONG>{text}</STRONG>"
    return f"<h3>{text}</h3>"


def _paragraph(text: str, markup: Markup) -> str:
    if markup.flavour == WORD:
        style = "mso-bidi-font-size:10.5pt;font-family:仿宋_GB2312"
        span = f'<span style="{style}">{escape(text)}<o:p></o:p></span>'
        return f'<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0">{span}</p>'
    if markup.flavour == UNCLOSED:
        return f"<P>\u3000\u3000{escape(text)}"
    return f"<p>{escape(text)}</p>"

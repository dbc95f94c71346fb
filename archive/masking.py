"""Personal data in what agencies printed, and what is published in its place.

A report may name a person's mobile number, identity card, bank card, mailbox or home. The public has no use
for them. An office's landline, hotline, mailbox and address are what the law wants published, and stay.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

MASK = "■■■（{}）"
MOBILE, IDENTITY, CARD, MAILBOX, HOME = "手机号码", "身份证号", "银行卡号", "电子邮箱", "住址"
CLASSES = {
    MOBILE: "mobile number",
    IDENTITY: "identity card number",
    CARD: "bank card number",
    MAILBOX: "private mailbox",
    HOME: "home address",
}

SHORTEST = 6
"""Characters below which nothing is looked for: 家住甲村1号 has as many."""

_GAP = r"[ \t\u00a0\u3000]{0,2}[-－—–‐‑·.．]?[ \t\u00a0\u3000]{0,2}"
_FIRST = r"[1１][3-9３-９]\d"
_AMOUNT = r"(?!\d|[.．,，]\d|[ ]?(?:[元万亿千件条项份次篇户吨%％]|平方|立方|公里|字节))"
_MOBILE = re.compile(
    rf"(?<!\d)(?<!\d[.．,，])(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_GAP}|[0０])?"
    rf"(?:{_FIRST}\d{{8}}"
    rf"|(?<!\d ){_FIRST}{_GAP}\d{{4}}{_GAP}\d{{4}}(?! \d)"
    rf"|(?<!\d ){_FIRST}{_GAP}\d{{3}}{_GAP}\d{{5}}(?! \d)"
    rf"|(?<!\d ){_FIRST}\d{_GAP}\d{{3}}{_GAP}\d{{4}}(?! \d)){_AMOUNT}"
)
"""With gaps only where numbers are written so: three numbers in a row of a table are none. What is measured
in something, or has a fraction, is an amount."""

_CARD_LABEL = re.compile(
    r"(身份证(?:号码|号|件号)?|公民身份号码)([^\d\n]{0,6})(\d{17}[\dXxＸｘ]|\d{15})(?!\d)"
)
_LONG = re.compile(
    r"(?<![\dA-Za-z])(\d{17}[Xx]|\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?|\d{15,19})(?![\dA-Za-z])"
)
_CODE = re.compile(r"(?:信用代码|机构代码|编号|编码|代码|文号|案号|单号|流水号|索引号|序列号)[^\d\n]{0,8}$")
"""What stands before a number that is of a thing and not of a person."""

_PROVINCES = {*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)}
_PROVINCES |= {71, 81, 82, 83}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARDS = re.compile(r"62\d{14,17}|(?:4\d|5[1-5]|60|9[45])\d{14}|955[89]\d{15}")
"""Beginnings of the cards in use; a code of an organisation begins with 1, 5 or 9 and has 18 digits."""

_FREE = (
    r"(?:vip\.)?(?:163|126|188|139|189|qq|foxmail|sina|sohu|yeah|gmail|hotmail|outlook|live|tom|21cn|aliyun|yahoo)"
    r"\.(?:com\.cn|com|net|cn)"
)
_MAIL = re.compile(rf"(?<![\w.+-])[\w.+-]+[@＠]{_FREE}(?![\w-])", re.IGNORECASE | re.ASCII)
_OFFICIAL = re.compile(
    r"(?:机关|单位|机构|本局|我局|本办|办公|公开|政务|监督|举报|投诉|受理|咨询|信箱|局|办|中心|委|厅|政府)[^。；;\n]{0,40}$"
)
"""What stands before the mailbox of an office: many have theirs at a free provider."""

_STOP = r"，。；;、,\n\r\t）)】\]|"
_LABELLED = re.compile(
    r"(?<!办公)(?<!单位)(?<!机关)(?<!机构)((?:家庭|现|居住|户籍)?(?:住址|地址)[ 　]*[：:][ 　]*)"
    rf"([^{_STOP}■]{{2,60}})"
)
_HOME_WORDS = ("家庭", "现", "居住", "户籍", "住址")
_LIVES = re.compile(
    rf"((?:家住|现住(?![房宅院户人]))(?:在|于)?)([^{_STOP}■]{{2,50}}?(?:号|室|单元|栋|幢))(?![{_STOP}]*[线码])"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def mask(text: str) -> tuple[str, Counter[str]]:
    """Return a text with its personal data masked, and how many spots of each class there were.

    >>> mask("联系人手机：138-1234-5678，办公电话 0373-3051234。")[0]
    '联系人手机：■■■（手机号码），办公电话 0373-3051234。'
    >>> mask("申请人住址：样例市甲路1号，已答复。")
    ('申请人住址：■■■（住址），已答复。', Counter({'住址': 1}))
    """
    found: Counter[str] = Counter()
    if len(text) < SHORTEST:
        return text, found

    def put(kind: str, keep: str = "") -> str:
        found[kind] += 1
        return keep + MASK.format(kind)

    for step in (_mask_homes, _mask_mail, _mask_long, _mask_mobiles):
        text = step(text, put)
    return text, found


Put = Callable[..., str]


def _mask_homes(text: str, put: Put) -> str:
    if "址" not in text and "住" not in text:
        return text

    def home(match: re.Match[str]) -> str:
        label, said = match.groups()
        named = _CHINESE.search(said) and any(word in label for word in (*_HOME_WORDS, "家住"))
        return put(HOME, label) if named else match[0]

    return _LIVES.sub(home, _LABELLED.sub(home, text))


def _mask_mail(text: str, put: Put) -> str:
    def mail(match: re.Match[str]) -> str:
        return match[0] if _OFFICIAL.search(text[: match.start()][-60:]) else put(MAILBOX)

    return _MAIL.sub(mail, text)


def _mask_long(text: str, put: Put) -> str:
    """Mask what has 15 to 19 digits and proves to be an identity card or a bank card."""
    text = _CARD_LABEL.sub(lambda match: put(IDENTITY, match[1] + match[2]), text)

    def number(match: re.Match[str]) -> str:
        digits = _plain(match[0])
        if is_identity(digits) and (len(digits) == 18 or not _is_code(text, match)):
            return put(IDENTITY)
        if _CARDS.fullmatch(digits) and luhn(digits) and not _is_code(text, match):
            return put(CARD)
        return match[0]

    return _LONG.sub(number, text)


def _is_code(text: str, match: re.Match[str]) -> bool:
    return bool(_CODE.search(text[: match.start()][-20:]))


def _mask_mobiles(text: str, put: Put) -> str:
    return _MOBILE.sub(lambda _: put(MOBILE), text)


def _plain(number: str) -> str:
    return "".join(
        str(int(sign)) if sign.isdecimal() else sign.upper() for sign in number if sign not in " -"
    )


def is_identity(number: str) -> bool:
    """Tell whether a number is one of an identity card: 18 with its check digit, or the 15 of before 2000.

    >>> is_identity("11010519491231002X"), is_identity("110105194912310021"), is_identity("110105491231002")
    (True, False, True)
    """
    if not number[:-1].isdecimal() or len(number) not in (15, 18) or int(number[:2]) not in _PROVINCES:
        return False
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    if len(number) == 15:
        return number.isdecimal()
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return day.year >= 1880 and "10X98765432"[total % 11] == number[17]


def luhn(number: str) -> bool:
    """Tell whether the last digit is the check digit of those before it.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0

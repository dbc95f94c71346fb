"""Challenge pages: recorded as what they are, never solved.

Shields in front of portals answer a script to be run in the page's place. What is recognised
here is what DOMAIN.md lists; a shield not known yet shows as a list without entries.
"""

CHALLENGE = "challenge"

_STATUSES = {412, 512, 521}
_SIGNATURES = (b"__jsl_clearance", b"__jsluid_", b"acw_sc__v2", b"$_ts=", b"CT6T")

SIZE = 65_536
"""Bytes: a challenge is a stub; a page that only speaks of one is longer or has no script."""


def is_challenge(status: int, body: bytes) -> bool:
    """Tell whether an answer is a shield's challenge.

    >>> is_challenge(200, b"<script>document.cookie='__jsl_clearance_s=1'</script>")
    True
    >>> is_challenge(200, b"<p>__jsl_clearance is a cookie</p>")
    False
    """
    if status in _STATUSES:
        return True
    if status not in (200, 202, 403) or len(body) > SIZE or b"<script" not in body.lower():
        return False
    return any(signature in body for signature in _SIGNATURES)

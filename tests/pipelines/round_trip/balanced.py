"""Numbers that agree with each other: where one is changed, a check fails."""

from collections.abc import Sequence
from random import Random

from tests.pipelines.round_trip.values import Printed
from tests.pipelines.template import ENDS, GROUPS, WHO, Key

_WHO = (*WHO, "other_organisation")
_ENDS = [code for code, _ in ENDS][:-1]
_NO_RESULTS = ("received_new", "carried_in", "result_total", "carried_out")


def balanced(keys: Sequence[Key], random: Random) -> dict[Key, Printed]:
    """Fill a form so that every identity of tables three and four holds."""
    numbers = {key: random.randint(1, 400) for key in keys}
    rows = list(dict.fromkeys(row for table, row, _ in keys if table == "requests"))
    for who in _WHO:
        done = sum(numbers["requests", row, who] for row in rows if row not in _NO_RESULTS)
        asked = done + numbers["requests", "carried_out", who]
        numbers["requests", "result_total", who] = done
        numbers["requests", "carried_in", who] = asked // 3
        numbers["requests", "received_new", who] = asked - asked // 3
    for row in rows:
        numbers["requests", row, "total"] = sum(numbers["requests", row, who] for who in _WHO)
    for group in GROUPS:
        numbers["review", group, "total"] = sum(numbers["review", group, end] for end in _ENDS)
    return {key: Printed(str(one), "number", one) for key, one in numbers.items()}

"""A whole report with random numbers in it, printed by a clerk with ways of his own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.pipelines.round_trip import values
from tests.pipelines.round_trip.quirks import break_table, with_label_quirks, with_layout_quirks
from tests.pipelines.round_trip.values import Printed
from tests.pipelines.template import (
    Box,
    Habits,
    Key,
    disclosure_rows,
    keys_of,
    requests_rows,
    review_rows,
)

Table = list[list[Box]]
Part = str | Table

Filler = Callable[[Sequence[Key], Random], dict[Key, Printed]]

YEARS = {"form_2019": 2020, "form_2021": 2022}
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
SPECIAL = {"items_change": values.change, "amount_wan": values.money}


class Value(str):
    """The text of a cell that holds a value: what quirks of labels leave alone."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is printed.

    Attributes:
        printed: what stands in each cell of the form.
        parts: paragraphs and tables in reading order.
        certain: a reader can tell every cell; else some may be refused, by a problem each.
    """

    form: str
    printed: Mapping[Key, Printed]
    parts: tuple[Part, ...]
    certain: bool


def scattered(keys: Sequence[Key], random: Random) -> dict[Key, Printed]:
    """Fill a form with numbers that have nothing to do with each other."""
    return {key: SPECIAL.get(key[2], values.count)(random) for key in keys}


def make(
    random: Random,
    *,
    certain: bool = True,
    fixed: bool = False,
    whole: bool = False,
    fill: Filler = scattered,
) -> Report:
    """Return a random report.

    Args:
        random: what it is made from.
        certain: its tables are never broken past telling.
        fixed: its format puts cells at places of their own, where none moves into another's.
        whole: no table is broken.
        fill: gives each cell of the form what is printed in it.
    """
    ways = ("kept", "repeated", *(() if certain else ("torn",) if fixed else ("torn", "dropped")))
    form, other = random.choice((("form_2019", ""), ("form_2021", ""), ("form_2021", "form_2019")))
    habits = Habits(other_form=other, results_label=certain or fixed or random.random() < 0.8)
    printed = fill(keys_of(form, habits), random)
    texts = {key: Value(one.text) for key, one in printed.items()}
    tables = (disclosure_rows(form, texts), requests_rows(form, texts, habits), review_rows(texts))
    parts: list[Part] = [f"某某市样本局{YEARS[form]}年政府信息公开工作年度报告", HEADINGS[0], "样本。"]
    for heading, rows in zip(HEADINGS[1:4], tables, strict=True):
        quirky = with_layout_quirks(with_label_quirks(rows, random), random)
        parts += [heading, *([quirky] if whole else break_table(quirky, ways, random, certain=certain))]
    parts += [HEADINGS[4], "样本。", HEADINGS[5], "无。"]
    return Report(form, printed, tuple(parts), certain)

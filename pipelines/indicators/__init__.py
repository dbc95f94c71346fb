"""Indicators: what the cells of one report come to, each with its n and the ground it stands on.

Definitions are data, published as tables; `values` turns the cells of one revision into values.
Codes are published and never change. 信息处理费 is told in prose (section six) and is none of them.
"""

from pipelines.indicators.counts import COUNTS
from pipelines.indicators.definition import Definition, Join, Operand, Sum
from pipelines.indicators.ratios import RATIOS
from pipelines.indicators.series import SERIES

__all__ = ["DEFINITIONS", "Definition", "Join", "Operand", "Sum"]

DEFINITIONS: tuple[Definition, ...] = (*COUNTS, *RATIOS, *SERIES)
"""Every indicator, in the order in which they are shown."""

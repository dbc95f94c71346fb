"""Two sequences aligned in order, and which pairs of the alignment are beyond doubt."""

from collections.abc import Callable, Iterator
from itertools import accumulate

MARGIN = 0.1
"""By how much the best alignment must be better than any without a certain pair."""

Weight = Callable[[int, int], float]
Pair = tuple[int, int]
_Sums = list[list[float]]


def align(rows: int, columns: int, weight: Weight) -> dict[int, int]:
    """Return the certain pairs (row -> column) of the alignment of the greatest weight.

    Pairs never cross. A pair is certain where every alignment without it is worse by `MARGIN`.

    Args:
        rows: length of one sequence.
        columns: length of the other.
        weight: what a pair is worth; 0 where it cannot be one.
    """
    worth = [[weight(row, column) for column in range(columns)] for row in range(rows)]
    before = _before(worth)
    after = [line[::-1] for line in _before([line[::-1] for line in worth[::-1]])[::-1]]
    through = {
        (row, column): before[row][column] + one + after[row + 1][column + 1]
        for row, line in enumerate(worth)
        for column, one in enumerate(line)
        if one
    }
    best = before[rows][columns] if rows else 0.0
    return dict(_undisputed(sorted(pair for pair, total in through.items() if total > best - MARGIN)))


def _undisputed(pairs: list[Pair]) -> Iterator[Pair]:
    """Yield the pairs that share no element with another and cross none.

    An alignment without such a pair could take it in, and is therefore not among the best.
    """
    highest = list(accumulate((column for _, column in pairs), max))
    lowest = list(accumulate((column for _, column in reversed(pairs)), min))[::-1]
    for number, (row, column) in enumerate(pairs):
        before = number == 0 or (pairs[number - 1][0] < row and highest[number - 1] < column)
        last = number + 1 == len(pairs)
        if before and (last or (pairs[number + 1][0] > row and lowest[number + 1] > column)):
            yield row, column


def _before(worth: _Sums) -> _Sums:
    """Return for each (row, column) the best weight of what stands before both."""
    width = len(worth[0]) if worth else 0
    sums = [[0.0] * (width + 1)]
    for line in worth:
        sums.append([0.0])
        for column, one in enumerate(line):
            skipped = max(sums[-2][column + 1], sums[-1][column])
            sums[-1].append(max(skipped, sums[-2][column] + one if one else 0.0))
    return sums

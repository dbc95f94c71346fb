"""Lives through a whole year and prints its figures: `python -m tests.year FOLDER [SEED]`."""

import sys
import time
from pathlib import Path

from tests.year.draw import drawn
from tests.year.drive import Call
from tests.year.live import Timer, live
from tests.year.table import YEAR_BY_HAND

WHOLE = Timer(("01-01 08:00", "12-31 23:00"))


def say(call: Call) -> None:
    """Print what came of a call."""
    runs = (f"{run.portal} {'gaps ' if run.gaps else ''}{run.outcome} {len(run.asked)}" for run in call.runs)
    told = (f"{notice['portal']}: {notice['was']} -> {notice['now']}" for notice in call.told)
    print(  # noqa: T201 - what a person waits for
        f"{call.at:%m-%d %H:%M} {call.done.seconds:4.1f} s  {', '.join(runs)}",
        *told,
        sep="\n      ",
        flush=True,
    )


def main() -> None:
    """Run."""
    folder, *seed = sys.argv[1:]
    Path(folder).mkdir(parents=True)
    began = time.monotonic()
    figures = live(drawn(int(seed[0])) if seed else YEAR_BY_HAND, Path(folder), WHOLE, say)
    print(*figures.lines(), f"{time.monotonic() - began:.0f} seconds", sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()

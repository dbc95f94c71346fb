"""`python -m tests.bench.synthetic`: write a synthetic archive and publish it."""

import argparse
import sys
import time
from pathlib import Path

from tests.bench.synthetic.publishing import publish_synthetic
from tests.bench.synthetic.runs import TODAY
from tests.bench.synthetic.writing import write


def main() -> None:
    """Read the command line, write, publish, and say how long it took and what it takes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.synthetic", description=__doc__)
    parser.add_argument("--reports", type=int, required=True, help="how many reports, at most about 140,000")
    parser.add_argument("--data", type=Path, required=True, help="the data folder; its database is replaced")
    parser.add_argument("--seed", type=int, default=1, help="what everything is drawn from")
    parser.add_argument(
        "--publish", choices=("none", "site", "whole"), default="site",
        help="publish nothing, only what the site needs, or all downloads too",
    )  # fmt: skip
    given = parser.parse_args()
    began = time.monotonic()
    path = write(given.data, given.reports, given.seed)
    sys.stdout.write(f"{path}: {path.stat().st_size / 1e6:.0f} MB after {time.monotonic() - began:.0f} s\n")
    if given.publish != "none":
        folder = publish_synthetic(given.data, TODAY, downloads=given.publish == "whole")
        size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
        sys.stdout.write(f"{folder}: {size / 1e6:.0f} MB after {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()

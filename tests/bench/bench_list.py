"""`scrapy list` with thousands of declared portals, against `scrapy version` (`make bench`)."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.page import write_section
from tests.many_portals import PORTAL, name

PORTALS, ROUNDS, WANTED = 3_000, 15, 2.0
SCRAPY = str(Path(sys.executable).with_name("scrapy"))


def main() -> None:
    """Time both commands in turn, and write the ratio."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "portals.toml"
        tables = (PORTAL.format(name=name(n), host=f"127.0.0.1:{10_000 + n}") for n in range(PORTALS))
        file.write_text("\n".join(tables), encoding="utf-8")
        environment = {**os.environ, "GONGKAI_PORTALS": str(file), "GONGKAI_DATA": folder}
        assert len(run("list", environment).split()) >= PORTALS
        rounds = [(timed("list", environment), timed("version", environment)) for _ in range(ROUNDS)]
    ratios = sorted(listed / version for listed, version in rounds)
    text = (
        f"Median **{median(ratios):.2f}** of {ROUNDS} interleaved rounds (least {ratios[0]:.2f}, greatest "
        f"{ratios[-1]:.2f}), {PORTALS} portals; to reach: at most {WANTED:.0f}."
    )
    print(text)  # noqa: T201
    write_section("`scrapy list` against `scrapy version`", text)


def timed(command: str, environment: dict[str, str]) -> float:
    """Return the seconds that a whole command takes."""
    began = time.perf_counter()
    run(command, environment)
    return time.perf_counter() - began


def run(command: str, environment: dict[str, str]) -> str:
    """Run a command of Scrapy's in the project, and return what it prints."""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [SCRAPY, command], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()

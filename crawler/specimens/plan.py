"""The content plan: which portals there are, and everything that is planted on them.

Tests and the demo compare what was crawled and read with this. It knows nothing of how
pages are served.
"""

from crawler.specimens.faults import Fault
from crawler.specimens.huanhu import HUANHU
from crawler.specimens.jingshan import JINGSHAN
from crawler.specimens.planted import PlantedPage, PlantedReport, SpecimenPortal

PORTALS: tuple[SpecimenPortal, ...] = (HUANHU, JINGSHAN)

__all__ = ["PORTALS", "Fault", "PlantedPage", "PlantedReport", "SpecimenPortal"]

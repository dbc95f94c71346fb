"""The content plan: which portals there are, and everything that is planted on them.

Tests and the demo compare what was crawled and read with this. It knows nothing of how
pages are served.
"""

from crawler.specimens.faults import Fault
from crawler.specimens.huanhu import HUANHU
from crawler.specimens.jingshan import JINGSHAN
from crawler.specimens.planted import PlantedPage, PlantedReport, SpecimenPortal
from crawler.specimens.wugang import WUGANG
from crawler.specimens.xingyuan import XINGYUAN
from crawler.specimens.yingxi import YINGXI

PORTALS: tuple[SpecimenPortal, ...] = (HUANHU, JINGSHAN, WUGANG, YINGXI, XINGYUAN)

__all__ = ["PORTALS", "Fault", "PlantedPage", "PlantedReport", "SpecimenPortal"]

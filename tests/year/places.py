"""Where columns and reports stand, as each software makes its addresses."""

from collections.abc import Mapping

from crawler.specimens import lonsun, prefixed, unseen, vsb
from crawler.specimens.huanhu import COLUMN as FOLDER
from crawler.specimens.jingshan import COLUMN_ID

COLUMNS: Mapping[str, str] = {
    "createpagehtml": FOLDER,
    "jpage": f"/col/col{COLUMN_ID}/index.html",
    "vsb": vsb.COLUMN,
    "lonsun": lonsun.COLUMN,
    "prefixed": prefixed.COLUMN,
    "general": unseen.COLUMN,
}


def address(software: str, day: str, number: int) -> str:
    """Return the path of a report's page, as a software makes it."""
    year, month, of_month = day.split("-")
    return {
        "createpagehtml": f"{FOLDER}{year}{month}/t{year}{month}{of_month}_{123400 + number}.html",
        "jpage": f"/art/{year}/{int(month)}/{int(of_month)}/art_{COLUMN_ID}_{number}.html",
        "vsb": f"/info/1042/{7000 + number}.htm",
        "lonsun": f"/public/6598/{7000 + number}.html",
        "prefixed": f"{prefixed.FOLDER}{year}{month}/{number:032x}.shtml",
        "general": f"/portal/content/{number}",
    }[software]

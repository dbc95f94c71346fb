"""Settings of the crawl: only what differs from Scrapy's defaults, each with its reason."""

import os

BOT_NAME = "gongkai"
SPIDER_LOADER_CLASS = "crawler.loader.PortalLoader"

# Where the archive lies, which files declare portals besides the registry, and who asks.
GONGKAI_DATA = os.environ.get("GONGKAI_DATA", "data")
GONGKAI_PORTALS = [path for path in os.environ.get("GONGKAI_PORTALS", "").split(os.pathsep) if path]
GONGKAI_CONTACT = os.environ.get("GONGKAI_CONTACT", "")
# `scrapy crawl` reads what it archived itself; `gongkai crawl` does so once for all portals.
GONGKAI_LOAD = True


def user_agent(contact: str) -> str:
    """Return what the crawl says of itself: its name, its purpose, and whom to write to."""
    return f"gongkai/0.1 (archive of disclosure reports; contact: {contact or 'none'})"


USER_AGENT = user_agent(GONGKAI_CONTACT)

# An office's server is asked one thing at a time, and not in a rhythm.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# A portal has few hosts; what is in flight when a crawl is killed is all that is asked twice.
CONCURRENT_REQUESTS = 4
DOWNLOAD_DELAY = 2.5  # a portal's own `delay`, stretched (manners)
DOWNLOAD_DELAY_JITTER = 0.2
RETRY_TIMES = 2

# What is asked is archived: no cookie, proxy or cache may decide what the answer was.
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 8
# Encodings the standard library can undo, so that a stored body can always be read again.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}

# A portal may be hostile: only http(s), only so many bytes, only so long, and no door into
# this process.
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.guard.PublicResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# A cut body is stored and marked as cut; every status is archived and judged by us.
DOWNLOAD_FAIL_ON_DATALOSS = False
HTTPERROR_ALLOW_ALL = True

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.guard.Guard": 50,  # before anything is asked, robots.txt included
    "crawler.robots.RobotsTxt": 100,
    "crawler.manners.Manners": 560,  # before the retry, so that a retry waits
    "crawler.replay.Replay": 900,  # inside HttpCompression: the archive holds encoded bodies
    "crawler.revisit.Revisit": 950,  # asks only for what has changed
    "crawler.recorder.Recorder": 1000,  # innermost: sees what passed the wire
}
ITEM_PIPELINES = {"pipelines.item_pipeline.Enqueue": 100}

LOG_LEVEL = "WARNING"

"""Settings of the crawl: only what differs from Scrapy's defaults, each with its reason."""

import os

BOT_NAME = "gongkai"
SPIDER_LOADER_CLASS = "crawler.loader.PortalLoader"

# Where the archive lies, which files declare portals besides the registry, and who asks.
GONGKAI_DATA = os.environ.get("GONGKAI_DATA", "data")
GONGKAI_PORTALS = [path for path in os.environ.get("GONGKAI_PORTALS", "").split(os.pathsep) if path]
GONGKAI_CONTACT = os.environ.get("GONGKAI_CONTACT", "")
# Why lists that hold less than before are to be taken as they are (`gongkai crawl --accept`).
GONGKAI_ACCEPT = ""
# `scrapy crawl` reads what it archived itself; `gongkai crawl` does so once for all portals.
GONGKAI_LOAD = True


def user_agent(contact: str) -> str:
    """Return what the crawl says of itself: its name, its purpose, and whom to write to."""
    return f"gongkai/0.1 (archive of disclosure reports; contact: {contact or 'none'})"


USER_AGENT = user_agent(GONGKAI_CONTACT)

# An office's server is asked one thing at a time, and gets its pauses (crawler.gate).
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# A portal has few hosts; what is in flight when a crawl is killed is all that is asked twice.
CONCURRENT_REQUESTS = 4
DOWNLOAD_DELAY = 0
DOWNLOAD_HANDLERS = {
    "http": "crawler.gate.GatedHandler",
    "https": "crawler.gate.GatedHandler",
    # A portal may be hostile: http(s) only.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# A page yields few things; Scrapy makes as many workers as this for each response.
CONCURRENT_ITEMS = 1
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

# A portal may be hostile: only so many bytes, only so long, and no door into this process.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.guard.PublicResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# A cut body is stored and marked as cut; every status is archived and judged by us.
DOWNLOAD_FAIL_ON_DATALOSS = False

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the guard does it, redirects too
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # a run counts what it archived
    "crawler.guard.Guard": 50,  # before anything is asked, robots.txt included
    "crawler.gaps.Bound": 60,  # before robots.txt is asked for on a request's behalf
    "crawler.robots.RobotsTxt": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.decoding.Decoding": 590,
    "crawler.replay.Replay": 900,  # inside the decoding: the archive holds encoded bodies
    "crawler.manners.Manners": 920,  # before the retry, and only for what goes to the network
    "crawler.revisit.Revisit": 950,  # asks only for what has changed
    "crawler.recorder.Recorder": 1000,  # innermost: sees what passed the wire
}
# What is asked, with which headers, and what an answer is worth is decided in one place each;
# nothing may be dropped on the way without its reason in the run.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.logstats.LogStats": None,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
ITEM_PIPELINES = {"pipelines.item_pipeline.Load": 100}

LOG_LEVEL = "WARNING"

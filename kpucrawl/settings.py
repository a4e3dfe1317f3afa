"""How the crawler behaves: who it says it is, how politely it asks, what it does with the answers.

Every value can be overridden on the command line: `scrapy crawl NAME -s NAME=VALUE`.
"""

import os
from importlib.metadata import version

from kpucrawl.paths import find_archive_url, find_files_folder, find_index_folder
from kpucrawl.sites import split_hosts

# Identity
BOT_NAME = "kpucrawl"
CONTACT = os.environ.get("KPU_CONTACT", "").strip()
USER_AGENT = (
    f"kpucrawl/{version('kpucrawl')} (archive of Indonesian election "
    f"offices{'; ' * bool(CONTACT)}{CONTACT})"
)
ROBOTSTXT_USER_AGENT = "kpucrawl"

# Places
SPIDER_LOADER_CLASS = "kpucrawl.spiderloader.OfficeSpiderLoader"
SPIDER_MODULES = ["kpucrawl.spiders"]
COMMANDS_MODULE = "kpucrawl.commands"
ARCHIVE_URL = find_archive_url()
INDEX_FOLDER = find_index_folder()
FILES_FOLDER = find_files_folder()
SITES_CORRECTIONS = os.environ.get("KPU_SITES")
OTHER_HOSTS = split_hosts(os.environ.get("KPU_OTHER_HOSTS"))  # outside kpu.go.id
SITE_SCHEME = "https"
UNVERIFIED_SITES: list[
    str
] = []  # offices crawled without certificate checks, by name, each in its own process

# Politeness
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.25  # between two requests to one host ...
DOWNLOAD_DELAY_JITTER = (
    0.1  # ... give or take a tenth: a second at the least, a late start included
)
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 8  # as many wait for their turn when a run is told to end; semua has more
ADDRESS_RATE = (
    4.0  # requests a second to one network address, all its offices together; 0 = no ceiling
)
LONGEST_PAUSE = 120.0  # seconds: of a pause that grows, and of a Retry-After that is waited for
LONGEST_CRAWL_DELAY = 3600.0  # seconds: more is as good as a refusal
DOWNLOAD_TIMEOUT = 30
FIRST_ANSWER_TIMEOUT = (
    9.0  # until a host has answered once: a dead one ends its visit within 30 seconds
)
FIRST_ANSWER_TRIES = 3
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # what came of an answer that broke off is evidence
DOWNLOAD_VERIFY_CERTIFICATES = True
RETRY_TIMES = 2
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "id,en;q=0.5",
}

# Every answer is evidence: the spider sees error pages and redirects itself, and remembers what it
# asked.
METAREFRESH_ENABLED = False
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Nothing listens, nothing is remembered between requests.
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Work
# what an answer yields is taken in its order; Scrapy would make a hundred tasks for each answer
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False  # looked up in the source anew for most answers
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "kpucrawl.middlewares.ExactHostMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "kpucrawl.middlewares.PatientRobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "kpucrawl.compression.StrictEncodingMiddleware": 590,  # before the retries, as Scrapy's own
    "kpucrawl.middlewares.PoliteMiddleware": 800,  # behind the proxy's, before each try
}
SPIDER_MIDDLEWARES = {  # the others cost each answer a step for nothing
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # error pages are evidence
    # A visit counts its requests: none may be dropped unseen, and a long address is the office's to
    # refuse.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
ITEM_PIPELINES = {
    "kpucrawl.pipelines.DeduplicatePipeline": 100,
    "kpucrawl.pipelines.ArchivePipeline": 200,
}
EXTENSIONS = {
    "kpucrawl.extensions.CrawlDisplay": 0,
    "kpucrawl.extensions.TimeBound": 0,
    "scrapy.extensions.corestats.CoreStats": None,
}
DOWNLOADER_STATS = False  # the run's own counts are in the archive
JSON_LOG = False  # set by --json-log
LEAST_FREE_BYTES = 2_000_000_000  # a run stops before the disk of an archive in a file is full
ARCHIVE_BATCH_CAPTURES = 50
ARCHIVE_BATCH_SECONDS = 5.0
QUIET_PAGES = (
    3  # an incremental walk ends after so many listing pages in a row without anything new
)

# Files that articles offer
FILES = os.environ.get("KPU_FILES", "").strip()  # empty: none; documents; all: pictures too
FILES_BUDGET = os.environ.get("KPU_FILES_BUDGET", "").strip() or "20"  # requests a run and office
FILES_MAXSIZE = 50 * 1024 * 1024
FILES_TIMEOUT = 180  # seconds: 50 MB at 300 kB a second

# Talk
LOG_LEVEL = "WARNING"  # a run says its outcome in one line; -L INFO tells more
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
FEED_EXPORT_ENCODING = "utf-8"

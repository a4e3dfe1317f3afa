"""A stand-in for the 552 offices' sites, used as an HTTP proxy: nothing in the product knows it.

`python -m tests.replica --articles 300` prints its port; then `http_proxy=http://127.0.0.1:PORT
scrapy crawl NAME -s SITE_SCHEME=http`. In tests `with running_replica(seed=1, articles=60) as
replica:` gives `proxy_url` and the levers of `control.Director`: `truth`, `requests`, `counters`,
`set_fault`, `clear_faults`, `set_options`, `change`. Others have the same as JSON via the proxy at
`http://replica.invalid/control/` (truth, requests, counters, faults, options, change).
"""

from .server import Replica, running_replica

__all__ = ["Replica", "running_replica"]

"""Where the archive is when nobody says: beside `scrapy.cfg`."""

from __future__ import annotations

import os
from pathlib import Path


def find_archive_url() -> str:
    """The archive's URL: `KPU_ARCHIVE_URL`, else `kpu-archive.db` in the project's folder, else in this one."""
    if url := os.environ.get("KPU_ARCHIVE_URL", "").strip():
        return url
    here = Path.cwd()
    folder = next((place for place in (here, *here.parents) if (place / "scrapy.cfg").is_file()), here)
    return f"sqlite:///{folder / 'kpu-archive.db'}"

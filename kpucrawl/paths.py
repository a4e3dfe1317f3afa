"""Where the project is, and the archive when nobody says: beside `scrapy.cfg`."""

from __future__ import annotations

import os
from pathlib import Path


def find_archive_url() -> str:
    """The archive's URL: `KPU_ARCHIVE_URL`, else `kpu-archive.db` in the project's folder, else in
    this one."""
    if url := os.environ.get("KPU_ARCHIVE_URL", "").strip():
        return url
    return f"sqlite:///{(find_project() or Path.cwd()) / 'kpu-archive.db'}"


def find_index_folder() -> str | None:
    """`KPU_INDEX`: the folder of search indexes; `None` for the usual places."""
    return os.environ.get("KPU_INDEX", "").strip() or None


def find_files_folder() -> str | None:
    """`KPU_FILES_FOLDER`: the folder of files that articles offer; `None` for the usual places."""
    return os.environ.get("KPU_FILES_FOLDER", "").strip() or None


def find_project() -> Path | None:
    """The folder of the nearest `scrapy.cfg`, here or above."""
    here = Path.cwd()
    return next(
        (place for place in (here, *here.parents) if (place / "scrapy.cfg").is_file()), None
    )

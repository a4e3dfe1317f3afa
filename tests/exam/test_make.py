"""The examination pages in the repository are those that their lists describe."""

from pathlib import Path

import pytest

from tests.exam.make import CORPUS, HERE, SETS, main

PAGES = {"tuned": 55, "kept": 60}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exam")
    main(folder)
    return folder


@pytest.mark.parametrize("name", SETS)
def test_pages_are_those_of_the_list(made: Path, name: str) -> None:
    """As many pages as the set has, each byte for byte what the generator makes of the list, and
    nothing left over."""
    made_files = {file.name: file.read_bytes() for file in (made / name / "exam").iterdir()}
    assert made_files == {
        file.name: file.read_bytes() for file in (CORPUS / name / "exam").iterdir()
    }
    assert len(made_files) == 2 * PAGES[name]


def test_sets_share_no_markup() -> None:
    """No theme serves both sets, so that the pages kept aside stay unseen markup."""
    themes = [set(read_themes(name)) for name in SETS]
    assert not themes[0] & themes[1]


def read_themes(name: str) -> list[str]:
    lines = (HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("theme")]

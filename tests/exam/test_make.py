"""The examination pages in the repository are those that their lists describe."""

from pathlib import Path

import pytest

from tests.exam.make import HERE, SETS, main


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exam")
    main(folder)
    return folder


@pytest.mark.parametrize("name", SETS)
def test_pages_are_those_of_the_list(made: Path, name: str) -> None:
    """Sixty pages a set, each byte for byte what the generator makes of the list, and nothing left over."""
    made_files = {file.name: file.read_bytes() for file in (made / name).iterdir()}
    assert made_files == {file.name: file.read_bytes() for file in (HERE / name).iterdir()}
    assert len(made_files) == 120


def test_sets_share_no_markup() -> None:
    """No theme serves both sets, so that the pages kept aside stay unseen markup."""
    themes = [set(read_themes(name)) for name in SETS]
    assert not themes[0] & themes[1]


def read_themes(name: str) -> list[str]:
    lines = (HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("theme")]

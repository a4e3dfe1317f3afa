"""A number that shows another article than before is a problem, and an edit is none."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.archive.making import BODY, begin, make_article, run_sql, save

OTHER = (
    "Cilacap, kab-cilacap.kpu.go.id – Seribu pelajar menonton film dokumenter tentang noken. "
    + " ".join(
        f"Adegan {word} memukau penonton."
        for word in ("pertama", "kedua", "ketiga", "keempat", "kelima")
    )
)
PROBLEMS = "SELECT problems.seen FROM problems WHERE field = 'reused'"


def test_new_incarnation_is_a_problem(archive: Engine) -> None:
    """Another title with another text is told once, with the title it replaced."""
    run_id = begin(archive)
    save(archive, run_id, make_article(1, 0, title="Rapat Pleno Terbuka"))
    save(archive, run_id, make_article(1, 10, title="Nonton Bareng Film Noken", body=OTHER))
    save(archive, run_id, make_article(1, 20, title="Nonton Bareng Film Noken", body=OTHER))
    assert run_sql(archive, PROBLEMS) == [("Rapat Pleno Terbuka",)]


def test_edits_are_none(archive: Engine) -> None:
    """A new title alone, a new text alone, and another article's text are no new incarnation."""
    run_id = begin(archive)
    save(
        archive,
        run_id,
        make_article(1, 0, title="Rapat Pleno Terbuka"),
        make_article(2, 0, title="Lain", body=OTHER),
    )
    save(archive, run_id, make_article(1, 10, title="Nonton Bareng Film Noken"))
    save(archive, run_id, make_article(1, 20, title="Nonton Bareng Film Noken", body=OTHER))
    save(
        archive,
        run_id,
        make_article(1, 30, title="Nonton Bareng Film Noken", body=BODY[:200] + OTHER),
    )
    assert run_sql(archive, PROBLEMS) == []

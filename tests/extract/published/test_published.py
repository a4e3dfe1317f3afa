"""The day of publication, its evidence, and what contradicts it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract import read_page
from kpucrawl.extract.published.evidence import Clues, collect_evidence
from kpucrawl.extract.published.published import Judgement, judge_evidence
from kpucrawl.extract.records import Attachment, Dateline, Event, Image

IMAGE = Image("https://x/images/1.jpg", uploaded=datetime(2021, 5, 3, 16, 30, tzinfo=UTC))
EVENT = Event("(2/5/2021)", date(2021, 5, 2))
DATELINE = Dateline("Ngawi, 4 Mei 2021", "Ngawi", date=date(2021, 5, 4))
YEARLESS = Dateline("Ngawi, Selasa (4/5) -", "Ngawi", flags=("no_year",))
FETCHED = datetime(2022, 1, 9, tzinfo=UTC)
WORDPRESS = "https://x/2021/05/arsip-ditata/"


def judge(clues: Clues) -> Judgement:
    return judge_evidence(collect_evidence(clues))


def tell(clues: Clues) -> tuple[str, str, str] | None:
    """Source, precision and days in short."""
    published = judge(clues).published
    return (
        (published.source, published.precision, f"{published.earliest}..{published.latest}")
        if published
        else None
    )


def test_order_of_evidence() -> None:
    """What the site says of itself comes first, then the text, an upload beside the event, the
    address, the header."""
    clues = Clues(
        metadata=("2021-05-05T01:00:00+07:00",),
        printed="Rabu, 5 Mei 2021",
        dateline=DATELINE,
        images=(IMAGE,),
        event=EVENT,
        url=WORDPRESS,
        last_modified="Sat, 01 May 2021 10:00:00 GMT",
    )
    told = []
    without = (
        {"metadata": ()},
        {"printed": None},
        {"dateline": None},
        {"images": ()},
        {"event": None},
        {"url": ""},
    )
    for change in (*without, {"last_modified": None}):
        told.append(tell(clues))
        clues = replace(clues, **change)
    assert told == [
        ("metadata", "instant", "2021-05-05..2021-05-05"),
        ("printed", "day", "2021-05-05..2021-05-05"),
        ("dateline", "day", "2021-05-04..2021-05-04"),
        ("image", "instant", "2021-05-03..2021-05-03"),
        ("event", "day", "2021-05-02..2021-05-02"),
        ("address", "month", "2021-05-01..2021-05-31"),
        ("last-modified", "day", "2021-05-01..2021-05-01"),
    ]
    assert tell(clues) is None


@pytest.mark.parametrize(
    ("metadata", "clues", "source"),
    [
        ("2021-05-06", Clues(printed="Rabu, 5 Mei 2021"), "printed"),
        ("2021-05-20", Clues(dateline=DATELINE), "metadata"),
        ("2023-05-20", Clues(dateline=DATELINE), "dateline"),
        ("2021-04-20", Clues(dateline=DATELINE), "dateline"),
        ("2021-04-20", Clues(event=EVENT), "metadata"),
        ("2023-05-20", Clues(event=EVENT), "event"),
    ],
)
def test_text_wins_over_metadata(metadata: str, clues: Clues, source: str) -> None:
    """Where metadata and the page's own text cannot both be true, the text is believed and the
    doubt told."""
    judgement = judge(replace(clues, metadata=(metadata,)))
    assert judgement.published is not None and judgement.published.source == source
    assert [problem.seen for problem in judgement.problems] == (
        [metadata] if source != "metadata" else []
    )
    assert ("contradicted" in judgement.flags) == (source != "metadata")


@pytest.mark.parametrize(("days", "said"), [(-400, "before"), (3, None), (400, "after")])
def test_uploads_far_from_the_dateline_are_doubted(days: int, said: str | None) -> None:
    """A picture of another year does not move the dateline's day, and is told."""
    uploaded = datetime(2021, 5, 4, tzinfo=UTC) + timedelta(days=days)
    judgement = judge(
        Clues(dateline=DATELINE, images=(Image("https://x/a.jpg", uploaded=uploaded),))
    )
    assert judgement.published is not None and judgement.published.source == "dateline"
    assert [f"long {said} " in problem.why for problem in judgement.problems] == [True] * (
        said is not None
    )


def test_last_upload_counts() -> None:
    """A picture that was used again is older than the article; files count where there is no
    picture."""
    old = Image("https://x/lama.jpg", uploaded=datetime(2015, 1, 1, tzinfo=UTC))
    letter = Attachment("https://x/surat.pdf", uploaded=datetime(2021, 5, 7, tzinfo=UTC))
    assert tell(Clues(images=(old, IMAGE, old), attachments=(letter,))) == (
        *("image", "instant"),
        "2021-05-03..2021-05-03",
    )
    assert tell(Clues(attachments=(letter,))) == ("attachment", "instant", "2021-05-07..2021-05-07")


def test_folders_name_months() -> None:
    """WordPress sorts uploads by month; the capture cuts the month it falls into."""
    clues = Clues(images=(Image("https://x/wp-content/uploads/2021/05/a.jpg"),))
    assert tell(clues) == ("image", "month", "2021-05-01..2021-05-31")
    cut = replace(clues, fetched_at=datetime(2021, 5, 20, tzinfo=UTC))
    assert tell(cut) == ("image", "month", "2021-05-01..2021-05-20")


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Jakarta", 3), ("Asia/Makassar", 4), ("Asia/Jayapura", 4)]
)
def test_office_zone_decides_the_day(zone: str, day: int) -> None:
    """Half past eleven at night in Jakarta is the next day further east."""
    published = judge(Clues(images=[IMAGE], zone=zone)).published
    assert published is not None
    assert (published.earliest.day, published.instant) == (day, IMAGE.uploaded)


def test_the_future_is_not_believed() -> None:
    """Evidence later than the capture gives way to the next and is told; a planned event is no
    contradiction."""
    judgement = judge(
        Clues(dateline=DATELINE, event=EVENT, fetched_at=datetime(2021, 5, 3, tzinfo=UTC))
    )
    assert judgement.published is not None and judgement.published.source == "event"
    assert ["from the future" in problem.why for problem in judgement.problems] == [True]
    assert judgement.flags == ("future",)
    planned = judge(Clues(event=EVENT, fetched_at=datetime(2021, 4, 3, tzinfo=UTC)))
    assert planned == Judgement(None, (), ())


def test_printed_clock_is_the_offices() -> None:
    """A printed clock time is an instant in the office's zone."""
    published = judge(Clues(printed="5 Mei 2021 | 10:30 WITA", zone="Asia/Makassar")).published
    assert published is not None and published.instant is not None
    assert published.instant.astimezone(UTC).hour == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2021-05-05", ("day", "2021-05-05..2021-05-05")),
        ("20210505", ("day", "2021-05-05..2021-05-05")),
        ("2021-05", ("month", "2021-05-01..2021-05-31")),
        ("2021-05-05 23:30:00+00:00", ("instant", "2021-05-06..2021-05-06")),
        ("Rabu, 5 Mei 2021", ("day", "2021-05-05..2021-05-05")),
        ("2021", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_metadata_in_many_forms(text: str, told: tuple[str, str] | None) -> None:
    """A day, a month, a time and plain words are as precise as they are; a lone year is nothing."""
    assert tell(Clues(metadata=(text,))) == (told and ("metadata", *told))


@pytest.mark.parametrize(
    ("clues", "day", "why"),
    [
        (Clues(images=(IMAGE,)), date(2021, 5, 4), "the image"),
        (Clues(metadata=("2021-06-01",)), date(2021, 5, 4), "the metadata"),
        (Clues(event=EVENT), date(2021, 5, 4), "the event"),
        (Clues(fetched_at=FETCHED), date(2021, 5, 4), "its weekday and the capture"),
        (
            Clues(fetched_at=datetime(2021, 5, 3, tzinfo=UTC)),
            date(2010, 5, 4),
            "its weekday and the capture",
        ),
    ],
)
def test_years_are_inferred(clues: Clues, day: date, why: str) -> None:
    """`Selasa (4/5)` takes the year that uploads, metadata, event, or weekday and capture leave;
    the note says so."""
    evidence = collect_evidence(replace(clues, dateline=YEARLESS))
    piece = next(piece for piece in evidence if piece.source == "dateline")
    assert (piece.earliest, piece.raw, piece.note) == (
        day,
        YEARLESS.raw,
        f"year inferred from {why}",
    )
    judgement = judge_evidence(evidence)
    if not clues.metadata:
        assert judgement.published is not None
        assert judgement.published.evidence == f"{YEARLESS.raw} [{piece.note}]"
        assert judgement.flags == (("inferred", "weekday") if "weekday" in why else ("inferred",))


@pytest.mark.parametrize("raw", ["Ngawi, 4 Mei -", "Ngawi, Selasa (31/11) -"])
def test_years_are_not_guessed(raw: str) -> None:
    """Without weekday and uploads nothing tells the year, and no year has a 31 November."""
    assert (
        tell(Clues(dateline=Dateline(raw, "Ngawi", flags=("no_year",)), fetched_at=FETCHED)) is None
    )


@given(st.integers(0, 4 * 365))
def test_inferred_year_does_not_depend_on_the_visit(days: int) -> None:
    """The same bytes read in any of the next years give the same year."""
    clues = Clues(
        dateline=YEARLESS, fetched_at=datetime(2021, 5, 5, tzinfo=UTC) + timedelta(days=days)
    )
    assert tell(clues) == ("dateline", "day", "2021-05-04..2021-05-04")
    assert tell(replace(clues, images=(IMAGE,))) == tell(clues)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Sat, 01 May 2021 20:00:00 GMT", "2021-05-02"),
        ("Sat, 01 May 2021 20:00:00 -0000", "2021-05-02"),
        ("Sat, 01 May 2021 20:00:00 +0700", "2021-05-01"),
    ],
)
def test_last_modified_is_the_office_s_day(text: str, day: str) -> None:
    """The moment counts by its own zone, or UTC where it names none, on the office's calendar."""
    told = tell(Clues(last_modified=text, fetched_at=FETCHED))
    assert told == ("last-modified", "day", f"{day}..{day}")


def test_last_modified_of_the_answer_itself_is_nothing() -> None:
    """Sites that put their pages together as they are asked say now."""
    at = datetime(2021, 5, 1, 10, 0, 5, tzinfo=UTC)
    clues = Clues(last_modified="Sat, 01 May 2021 10:00:00 GMT", fetched_at=at)
    assert tell(clues) is None
    assert tell(replace(clues, fetched_at=FETCHED)) == (
        "last-modified",
        "day",
        "2021-05-01..2021-05-01",
    )


@pytest.mark.parametrize(
    "text", ["", "kapan-kapan", "0000-00-00", "99999999999", "Mon, 99 Foo 2021", "http://[/2021/"]
)
def test_nonsense_is_nothing(text: str) -> None:
    """Unreadable evidence dates nothing."""
    clues = Clues(
        metadata=(text,), printed=text, url=text, last_modified=text, images=(Image(text),)
    )
    assert judge(clues).published is None


HEAD = """<meta property="article:published_time" content="2021-05-05T09:00:00+07:00">
<script type="application/ld+json">{"datePublished": "2021-05-05T08:59:00+07:00"}</script>"""
PAGE = """<html><head><title>KPU KAB-NGAWI - Arsip Ditata Bersama</title>{head}</head><body>
<h1>Arsip Ditata Bersama</h1><p>Ngawi, 4 Mei 2021 - Petugas menata arsip pemilu pada Senin (3/5/2021) bersama warga desa
sesuai surat tanggal 1 April 2021.</p><img src="/public/kab-ngawi/images/1620059400_0123456789abcdef0123.jpg" width=600>
<p>Arsip itu disimpan di gudang yang baru selesai diperbaiki oleh para pekerja.</p>
<a href="/public/kab-ngawi/dokumen/1620059500_0123456789abcdef0123.pdf">Unduh</a>{times}<p>Telah dilihat 12 kali</p>
</body></html>"""


def test_page_gives_every_piece() -> None:
    """A reading lists everything that tells of its day, with its raw text, the upper bound last."""
    headers = {"Last-Modified": "Tue, 04 May 2021 03:00:00 GMT"}
    body, url = (
        PAGE.format(head=HEAD, times="").encode(),
        "https://kab-ngawi.kpu.go.id/blog/read/12_arsip",
    )
    article = read_page(body, url, headers=headers, fetched_at=FETCHED).article
    assert article is not None
    assert [(piece.source, str(piece.earliest), piece.note) for piece in article.evidence] == [
        ("metadata", "2021-05-05", ""),
        ("metadata", "2021-05-05", ""),
        ("dateline", "2021-05-04", ""),
        ("event", "2021-05-03", ""),
        ("body", "2021-04-01", "paper"),
        ("image", "2021-05-03", ""),
        ("attachment", "2021-05-03", ""),
        ("last-modified", "2021-05-04", ""),
        ("fetched", "None", ""),
    ]
    assert all(piece.raw for piece in article.evidence)
    assert article.published is not None
    assert article.published.evidence == "2021-05-05T09:00:00+07:00"


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ('<time datetime="2021-05-05">5 Mei</time>', True),
        ('<abbr itemprop="datePublished" title="2021-05-05T10:00:00+07:00">x</abbr>', True),
        ('<time class="updated" datetime="2021-05-05">x</time>', False),
        (
            '<time datetime="2021-05-05">x</time><time datetime="2020-01-01">berita lain</time>',
            False,
        ),
    ],
)
def test_marked_times_count_where_they_agree(times: str, found: bool) -> None:
    """`<time>` and microdata are metadata, but not those of other articles or of a change."""
    body = PAGE.format(head="", times=times).encode()
    article = read_page(
        body, "https://kab-ngawi.kpu.go.id/blog/read/12_arsip", fetched_at=FETCHED
    ).article
    assert article is not None
    assert ("metadata" in {piece.source for piece in article.evidence}) is found


def test_contradiction_is_a_problem_of_the_page() -> None:
    """What the pieces contradict is told with the reading."""
    body = PAGE.format(head=HEAD.replace("2021-05-05T", "2023-05-05T"), times="").encode()
    later = FETCHED.replace(year=2024)
    reading = read_page(body, "https://kab-ngawi.kpu.go.id/blog/read/12_arsip", fetched_at=later)
    doubts = [problem for problem in reading.problems if problem.field == "published"]
    assert [(doubt.seen, "Ngawi, 4 Mei 2021" in doubt.why) for doubt in doubts] == [
        ("2023-05-05T09:00:00+07:00", True)
    ]
    assert reading.article is not None and reading.article.published is not None
    assert reading.article.published.source == "dateline"


@pytest.mark.parametrize(
    ("metadata", "source"),
    [
        ("1970-01-01T00:00:00Z", "dateline"),
        ("0001-01-01", "dateline"),
        ("1994-12-31", "dateline"),
        ("9999-12-31", "dateline"),
    ],
)
def test_unset_days_of_posting_are_none(metadata: str, source: str) -> None:
    """What a database holds where no day was set is a doubt, and the next evidence counts."""
    dateline = Dateline("Cilacap, 3 November 2025", date=date(2025, 11, 3))
    clues = Clues(
        metadata=(metadata,), dateline=dateline, fetched_at=datetime(2025, 11, 4, tzinfo=UTC)
    )
    judged = judge_evidence(collect_evidence(clues))
    assert judged.published and judged.published.source == source
    assert [problem.seen for problem in judged.problems] == [metadata]

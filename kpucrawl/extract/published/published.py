"""When an article was published, as far as the evidence tells.

The order: metadata, unless the page's own text contradicts it; the printed line; the day in the
address; the dateline; the upload of a picture or file within a month of the event; the event; any
other upload; the month in the address; the HTTP `Last-Modified`. Nothing after the capture is
believed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kpucrawl.extract.published.evidence import ANCIENT, BY_WEEKDAY, FUTURE, INFERRED, is_believed
from kpucrawl.extract.published.evidence import DEFAULT_ZONE as DEFAULT_ZONE
from kpucrawl.extract.records import Evidence, Precision, Problem, Published

DRIFT = {"printed": (0, 0), "dateline": (1, 31), "event": (366, 366)}
"""How many days metadata may lie before and after what the page's text says, until the text
wins."""
UPLOAD_DRIFT = timedelta(days=31)
"""How far the uploads of an article may lie from its dateline, or from its event to be surer than
that."""
PLANNED = ("event", "body")
"""Days of the text that may well lie in the future."""
_SEEN = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence comes to."""

    published: Published | None
    problems: tuple[Problem, ...]
    flags: tuple[str, ...]
    """`future`: a piece is later than the capture; `contradicted`: the page says two things;
    `inferred`: the year of `published` is; `weekday`: by nothing but its weekday."""


def judge_evidence(evidence: Sequence[Evidence]) -> Judgement:
    """Choose the best piece, and tell what contradicts what."""
    believed = _pick_pieces(evidence)
    contradicted = tuple(_doubt_metadata(believed))
    if contradicted:
        del believed["metadata"]
    impossible, drifted = tuple(_doubt_impossible(evidence)), tuple(_doubt_uploads(believed))
    best = _choose(believed)
    note = best.note if best else ""
    marks = {
        "future": any(map(_is_future, evidence)),
        "contradicted": bool(contradicted or drifted),
        "inferred": note.startswith(INFERRED),
        "weekday": note == INFERRED + BY_WEEKDAY,
    }
    published = _publish(best, evidence) if best else None
    return Judgement(
        published,
        impossible + contradicted + drifted,
        tuple(flag for flag, is_set in marks.items() if is_set),
    )


def _pick_pieces(evidence: Sequence[Evidence]) -> dict[str, Evidence]:
    """The best believed piece of each source: the first, but the last upload, since pictures are
    used again."""
    found: dict[str, Evidence] = {}
    for piece in filter(is_believed, evidence):
        if piece.source not in found:
            found[piece.source] = piece
        elif piece.source in ("image", "attachment"):
            found[piece.source] = max(found[piece.source], piece, key=_rank_upload)
    return found


def _rank_upload(piece: Evidence) -> tuple[bool, object]:
    return piece.instant is not None, piece.latest


def _choose(believed: Mapping[str, Evidence]) -> Evidence | None:
    upload, address, event = _find_upload(believed), believed.get("address"), believed.get("event")
    timed = upload if upload and upload.instant else None
    order = (
        believed.get("metadata"),
        believed.get("printed"),
        address if address and address.earliest == address.latest else None,
        believed.get("dateline"),
        timed if timed and (event is None or not _drifts(timed, event)) else None,
        event,
        upload,
        address,
        believed.get("last-modified"),
    )
    return next(filter(None, order), None)


def _find_upload(believed: Mapping[str, Evidence]) -> Evidence | None:
    return believed.get("image") or believed.get("attachment")


def _publish(best: Evidence, evidence: Sequence[Evidence]) -> Published:
    """The piece as an answer, not reaching beyond the capture."""
    assert best.earliest and best.latest
    bounds = [piece.latest for piece in evidence if piece.source == "fetched" and piece.latest]
    note = f" [{best.note}]" if best.note.startswith(INFERRED) else ""
    latest = min([best.latest, *bounds])
    return Published(
        best.earliest, latest, _name_precision(best), best.source, best.raw + note, best.instant
    )


def _name_precision(piece: Evidence) -> Precision:
    first, last = piece.earliest, piece.latest
    if piece.instant:
        return "instant"
    if first is None or last is None or first == last:
        return "day"
    whole = first.day == 1 and (last - first).days + 1 == monthrange(first.year, first.month)[1]
    return "month" if whole else "interval"


def _doubt_metadata(believed: Mapping[str, Evidence]) -> Iterator[Problem]:
    """Metadata that the page's own text contradicts: a moved site gives all its articles one
    time."""
    metadata = believed.get("metadata")
    for source, (before, after) in DRIFT.items():
        said = believed.get(source)
        if metadata is None or said is None or said.note.startswith(INFERRED):
            continue
        assert metadata.earliest and metadata.latest and said.earliest and said.latest
        early = metadata.latest < said.earliest - timedelta(days=before)
        if early or metadata.earliest > said.latest + timedelta(days=after):
            why = (
                f"The page's head says another day than its text, which is believed: "
                f"{said.raw[:80]}."
            )
            yield Problem("published", metadata.raw[:_SEEN], why)
            return


def _doubt_uploads(believed: Mapping[str, Evidence]) -> Iterator[Problem]:
    """Files uploaded long before or after the dateline's day."""
    upload, dateline = _find_upload(believed), believed.get("dateline")
    if upload and dateline and not dateline.note and _drifts(upload, dateline):
        assert upload.latest and dateline.earliest
        side = "before" if upload.latest < dateline.earliest else "after"
        why = f"The {upload.source} was uploaded long {side} the day of the dateline."
        yield Problem("published", upload.raw[:_SEEN], why)


def _drifts(upload: Evidence, said: Evidence) -> bool:
    assert upload.earliest and upload.latest and said.earliest and said.latest
    return (
        said.earliest - upload.latest > UPLOAD_DRIFT or upload.earliest - said.latest > UPLOAD_DRIFT
    )


def _is_future(piece: Evidence) -> bool:
    return piece.note.endswith(FUTURE) and piece.source not in PLANNED


def _doubt_impossible(evidence: Sequence[Evidence]) -> Iterator[Problem]:
    """Days of posting that lie after the capture, or before there was anything to post on."""
    for piece in evidence:
        if piece.note == ANCIENT:
            why = f"The day of the {piece.source} is {ANCIENT} and is not believed."
            yield Problem("published", piece.raw[:_SEEN], why)
        if _is_future(piece):
            why = (
                f"The day of the {piece.source} is {FUTURE}, after the capture, and is not "
                f"believed."
            )
            yield Problem("published", piece.raw[:_SEEN], why)

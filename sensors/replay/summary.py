"""What a replay did, in lines for whoever ran it."""

from sensors.replay.player import Report
from sensors.replay.recording import Source, Tally


def summarise(source: Source, tally: Tally, report: Report) -> list[str]:
    """Return what was read, left out and why, published, and refused by the city."""
    lines = [f"read {tally.read} rows of {source.title} ({source.attribution})"]
    lines += [f"left out {count}: {reason}" for reason, count in tally.skipped.most_common()]
    lines += [f"kept {count}, though: {note}" for note, count in tally.noted.most_common()]
    if source.assumption:
        lines.append(f"added {tally.added} readings, assuming that {source.assumption}")
    again = f" ({report.resent} sent again)" if report.resent else ""
    lines.append(f"published {report.published} readings{again}, {report.settled} settled")
    lines += [
        f"refused by the city {count}: {reason}" for reason, count in report.refused.most_common()
    ]
    if report.unsettled:
        lines.append(f"not confirmed by the city: {report.unsettled}")
    return lines

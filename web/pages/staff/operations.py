"""How it goes: sensors, coverage, refusals, lateness, the ledger and storage. No reading, for nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.privacy.columns import rows
from twin.privacy.facts import PROMISED_DAYS
from twin.words import Language
from web.i18n import Words
from web.live import Live
from web.moments import period_words
from web.notice import read_notice
from web.pages.devices import reason_words
from web.pages.privacy import spending_of
from web.pages.staff.parts import staff_page
from web.site import Here, Site
from web.staff.door import Viewer
from web.wording import origin_words

router = APIRouter(include_in_schema=False)

PERIODS = 8
DAYS = 7
WELL = 0.9
"""A sensor that lived in so much of the last day is well."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the sensors of one kind are doing."""

    title: str
    total: int
    well: int
    partly: int
    silent: int
    ailing: tuple[tuple[str, str], ...]
    """The names of those that are not well, and the share of the day in which each lived."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a figure's latest periods was measured."""

    title: str
    origin: str
    periods: tuple[tuple[str, str, str], ...]
    """What each period is called, the share that was covered, and the areas measured."""


@router.get("/{language}/staff/operations")
def operations(request: Request, language: Language, site: Here, me: Viewer) -> Response:
    """Show how it goes."""
    words, reader = site.pages.words(language), site.live.reader
    notice = read_notice(site.live)
    return staff_page(
        request, site, language, me, "operations",
        status=200,
        process=site.live.status(),
        health=list(_health(site, words)),
        covered=list(_covered(site.live, words)),
        refusals=_latest(reader.refusals()),
        reasons=reason_words(words),
        lateness=_latest(reader.lateness()),
        domains={domain.name: domain.title.into(language) for domain in site.live.domains},
        spending=[spending_of(words, account) for account in notice.accounts],
        until=words.date(notice.until) if notice.until else "",
        storage=reader.storage(),
        public=_size(words, site.public),
        promised_days=PROMISED_DAYS,
    )  # fmt: skip


def _health(site: Site, words: Words) -> Iterator[Health]:
    kinds = {
        (
            domain.name,
            sensor.layer,
        ): f"{domain.title.into(words.language)}: {sensor.title.into(words.language).lower()}"
        for domain in site.live.domains
        for sensor in reversed(domain.sensors)
    }
    devices = site.live.reader.devices()
    for (domain, layer), title in sorted(kinds.items(), key=lambda each: each[1]):
        own = [row for row in devices if (row["domain"], row["layer"]) == (domain, layer)]
        if not own:
            continue
        well = [row for row in own if row["alive"] >= WELL]
        silent = [row for row in own if row["alive"] == 0]
        ailing = sorted((row for row in own if row["alive"] < WELL), key=lambda row: row["alive"])
        yield Health(
            title, len(own), len(well), len(own) - len(well) - len(silent), len(silent),
            tuple((str(row["device"]), words.percent(row["alive"])) for row in ailing),
        )  # fmt: skip


def _covered(live: Live, words: Words) -> Iterator[Covered]:
    for domain in live.domains:
        for quantity in domain.quantities:
            for origin in live.origins(quantity.name):
                recent = live.periods(quantity.name, origin)[-PERIODS:]
                figures = rows(
                    live.reader.figures(quantity.name, origin=origin, since=recent[0].start)
                )
                at = {
                    start: _measured(words, list(group))
                    for start, group in groupby(figures, key=lambda row: row["window_start"])
                }
                kind = quantity.windows.kind
                yield Covered(
                    quantity.title.into(words.language),
                    origin_words(words, origin),
                    tuple(
                        (period_words(words, kind, period, live.zone), *at[period.start])
                        for period in reversed(recent)
                    ),
                )


def _measured(words: Words, units: list[dict[str, Any]]) -> tuple[str, str]:
    capacity = sum(row["capacity"] for row in units)
    covered = sum(row["covered"] for row in units) / capacity if capacity else 0.0
    measured = sum(row["value"] is not None for row in units)
    return words.percent(covered), f"{words.number(measured)} / {words.number(len(units))}"


def _latest(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the last days, the newest in front."""
    days = sorted({row["day"] for row in found})[-DAYS:]
    return [row for day in reversed(days) for row in found if row["day"] == day]


def _size(words: Words, folder: Path) -> str:
    """Say how large a folder of published files is."""
    size_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{words.decimal(size_bytes / 1e6, 1)} MB"

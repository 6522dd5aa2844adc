"""What the web process knows right now: the reader, the map's geometry, and answers kept until data change."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from twin.city import City
from twin.domains import Domain, Quantity
from twin.errors import NotReadyError, UnknownNameError
from twin.place.search import SearchIndex
from twin.privacy import estimates
from twin.privacy.columns import floats, texts
from twin.privacy.facts import Period, Status
from twin.privacy.public import PublicReader
from twin.privacy.public_city import public_city
from twin.privacy.usual_week import UsualWeek
from twin.words import Origin
from web.geography import Geography, read_geography
from web.kept import Kept
from web.moments import RECENT, At, Moment, Usual, slot_of
from web.scene import Scene, breaks, period_scene, usual_scene
from web.weeks import Week, last_monday, make_week

Answer = TypeVar("Answer")


class Live:
    """The state of the web process. Reading is safe from any thread; `refresh` from one at a time."""

    def __init__(
        self, reader: PublicReader, domains: Sequence[Domain], now: Callable[[], datetime]
    ) -> None:
        self.reader = reader
        self.domains = tuple(domains)
        self.now = now
        self.kept = Kept()
        self._revisions: dict[str, int] = {}
        self._geography: Geography | None = None
        self._city: City | None = None
        self._search: SearchIndex | None = None
        self._domain_of = {q.name: domain for domain in domains for q in domain.quantities}

    def refresh(self) -> set[str]:
        """Take up what has changed on disk; return the names of the quantities, and ``place``."""
        changed = self.reader.refresh()
        for name in changed:
            self._revisions[name] = self._revisions.get(name, 0) + 1
        if self._version != (self.reader.layer_version() or self._version):
            self._geography = read_geography(self.reader, self.domains)
            self._city = public_city(self.reader)
            self._search = SearchIndex.of(self._city)
            changed.add("place")
        return changed

    @property
    def _version(self) -> str:
        return self._geography.version if self._geography else ""

    @property
    def has_place(self) -> bool:
        """Whether a place has been read."""
        return self._geography is not None

    @property
    def geography(self) -> Geography:
        """The map's geometry; NotReadyError before a place has been imported."""
        if self._geography is None:
            raise NotReadyError("no place has been imported yet")
        return self._geography

    @property
    def city(self) -> City:
        """The place as a city of public layers; NotReadyError before one has been imported."""
        if self._city is None:
            raise NotReadyError("no place has been imported yet")
        return self._city

    @property
    def search(self) -> SearchIndex:
        """What can be found by name; NotReadyError before a place has been imported."""
        if self._search is None:
            raise NotReadyError("no place has been imported yet")
        return self._search

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.geography.place.timezone)

    def revision(self, quantity: str) -> Hashable:
        """Return what changes when a quantity's figures, or the place, change."""
        return self._revisions.get(quantity, 0), self._version

    def moment_of_change(self) -> Hashable:
        """Return what changes with anything that a page shows."""
        status = self.status()
        said = (status.state, status.is_running, status.is_demonstration) if status else None
        return sum(self._revisions.values()), self._version, said

    def status(self) -> Status | None:
        """What the city process last said of itself."""
        return self.reader.status(self.now())

    def domain(self, quantity: str) -> Domain:
        """Return the domain of a quantity; UnknownNameError if there is none."""
        self.reader.quantity(quantity)
        return self._domain_of[quantity]

    def shown_quantities(self, domain: Domain) -> list[Quantity]:
        """Return a domain's quantities that have figures here, or its first if none has."""
        return [q for q in domain.quantities if self.origins(q.name)] or [domain.quantities[0]]

    def origins(self, quantity: str) -> list[Origin]:
        """The origins of a quantity's figures, the one to show first in front."""
        return self._get("origins", quantity, (), lambda: self.reader.origins(quantity))

    def origin(self, quantity: str, wanted: str | None) -> Origin | None:
        """Return the origin to show; None without figures, UnknownNameError for one there is not."""
        there = self.origins(quantity)
        if wanted is None:
            return there[0] if there else None
        if wanted not in there:
            raise UnknownNameError(
                f"{quantity} has no figures of origin {wanted!r}; there are: {', '.join(there) or 'none'}"
            )
        return Origin(wanted)

    def periods(self, quantity: str, origin: Origin) -> list[Period]:
        """Every published period, oldest first."""
        return self._get(
            "periods", quantity, (origin,), lambda: self.reader.periods(quantity, origin)
        )

    def recent(self, quantity: str, origin: Origin) -> list[Period]:
        """The periods of the slider over the last day."""
        kind = self.reader.quantity(quantity).windows.kind
        return self.periods(quantity, origin)[-RECENT[kind] :]

    def usual(self, quantity: str, origin: Origin) -> UsualWeek:
        """The typical week."""
        zone, is_share = self.geography.place.timezone, self.reader.quantity(quantity).is_share
        return self._get(
            "usual",
            quantity,
            (origin,),
            lambda: UsualWeek(self.reader.typical(quantity, origin, zone), is_share=is_share),
        )

    def scene(self, quantity: str, origin: Origin, moment: Moment) -> Scene:
        """What a quantity says at a moment; UnknownNameError where nothing was published for it."""
        return self._get(
            "scene", quantity, (origin, moment), lambda: self._scene(quantity, origin, moment)
        )

    def week(self, quantity: str, origin: Origin, moment: Moment) -> Week | None:
        """The last whole week up to a day; None where there is none, or it is not shown."""
        if not self.reader.quantity(quantity).has_weeks or not isinstance(moment, At):
            return None
        monday = last_monday(moment.start, self.zone)
        return self._get(
            "week", quantity, (origin, monday), lambda: self._week(quantity, origin, monday)
        )

    def _week(self, name: str, origin: Origin, monday: date) -> Week | None:
        weekly = self.reader.weekly(name, origin, self.geography.place.timezone)
        return make_week(weekly, monday, self._breaks(self.reader.quantity(name), origin))

    def _scene(self, name: str, origin: Origin, moment: Moment) -> Scene:
        quantity = self.reader.quantity(name)
        usual, edges = self.usual(name, origin), self._breaks(quantity, origin)
        match moment:
            case Usual(slot):
                units = usual.units(slot)
                if not units:
                    raise UnknownNameError(f"nothing is known of {name} for {moment.key}")
                return usual_scene(
                    quantity,
                    origin,
                    moment,
                    units,
                    usual.shown(slot, units),
                    usual.capacity(units),
                    edges,
                )
            case At(start):
                figures = self.reader.at(name, origin, start)
                if not figures.num_rows:
                    raise UnknownNameError(f"nothing was published of {name} for {moment.key}")
                slot, units = slot_of(start, self.zone), texts(figures, "unit")
                return period_scene(
                    quantity,
                    origin,
                    moment,
                    figures,
                    usual.at(slot, units),
                    usual.alike(slot, units),
                    edges,
                )

    def _breaks(self, quantity: Quantity, origin: Origin) -> tuple[float, ...]:
        def make() -> tuple[float, ...]:
            recent = self.recent(quantity.name, origin)
            figures = self.reader.figures(quantity.name, origin=origin, since=recent[0].start)
            value, covered, capacity, sigma = (
                floats(figures, column) for column in ("value", "covered", "capacity", "sigma")
            )
            latest = estimates.levels(value, covered, capacity, sigma, is_share=quantity.is_share)
            return breaks(quantity, self.usual(quantity.name, origin), latest.level)

        return self._get("breaks", quantity.name, (origin,), make)

    def _get(
        self, what: str, quantity: str, key: tuple[Hashable, ...], make: Callable[[], Answer]
    ) -> Answer:
        return self.kept.get((what, quantity, *key, self.revision(quantity)), make)

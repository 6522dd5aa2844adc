"""The parts of the running web process that its routes share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request

from twin.errors import NotReadyError
from twin.words import LANGUAGES, Language
from web.assets import Assets
from web.feed import Feed
from web.i18n import LANGUAGE_NAMES, Words, catalogues, negotiate
from web.live import Live
from web.mapfiles import MapFiles, make_map_files
from web.plans.model import Model
from web.proposals.store import Proposals
from web.spots import shops_file, spots_file
from web.staff.staff import Staff
from web.studies.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Broker:
    """Where devices publish, as shown to whoever makes one."""

    host: str
    port: int


class Pages:
    """Renders templates in a language; what every page shows is added to what is given."""

    def __init__(self, live: Live, assets: Assets) -> None:
        self._live = live
        self._words: Mapping[Language, Words] = catalogues()
        self._environments = {
            language: _environment(words, assets) for language, words in self._words.items()
        }

    def words(self, language: Language) -> Words:
        """Return the words of a language."""
        return self._words[language]

    def render(self, language: Language, template: str, *, path: str, **values: Any) -> str:
        """Render a page; ``path`` is its own address, for the link to the other language."""
        status = self._live.status()
        try:
            place = self._live.geography.place
        except NotReadyError:
            place = None
        return (
            self._environments[language]
            .get_template(template)
            .render(
                **values,
                language=language,
                other=next(one for one in LANGUAGES if one != language),
                other_path=_translated(path, language),
                language_names=LANGUAGE_NAMES,
                status_said=status,
                place=place,
                path=path,
            )
        )

    def part(self, language: Language, template: str, **values: Any) -> str:
        """Render a part of a page."""
        return (
            self._environments[language].get_template(template).render(**values, language=language)
        )


@dataclass(frozen=True, slots=True)
class Site:
    """What the routes share."""

    live: Live
    assets: Assets
    pages: Pages
    feed: Feed
    broker: Broker
    model: Model
    staff: Staff
    proposals: Proposals
    public: Path
    workbench: Workbench

    def said(self) -> dict[str, object]:
        """Return what open pages hear of the city process."""
        status = self.live.status()
        if status is None:
            return {"state": "starting", "is_running": False}
        return {"state": status.state, "is_running": status.is_running}

    @property
    def is_running(self) -> bool:
        """Whether there is a place, and the city process has done its starting."""
        status = self.live.status()
        return self.live.has_place and status is not None and status.state == "ready"

    def refresh(self) -> set[str]:
        """Take up what has changed on disk, and make the map's files before anybody asks."""
        changed = self.live.refresh()
        if "place" in changed:
            self.map_files()
        return changed

    def map_files(self) -> MapFiles:
        """Return the map's files, made when a place has been read; NotReadyError before."""
        geography = self.live.geography
        return self.live.kept.get(
            ("map", geography.version), lambda: make_map_files(geography, self.assets)
        )

    def whole_place(self) -> Mapping[str, str]:
        """Return the addresses of the files with which a browser tells of one spot by itself."""
        geography, city = self.live.geography, self.live.city
        return self.live.kept.get(
            ("spots", geography.version),
            lambda: {
                "spots": self.assets.add("spots.json", spots_file(city)),
                "shops": self.assets.add("shops.json", shops_file(city, geography)),
            },
        )


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(site_of)]


def language_of(request: Request) -> Language:
    """Return the language of a page's address, else the one that the browser asks for."""
    first = request.url.path.strip("/").partition("/")[0]
    for language in LANGUAGES:
        if first == language:
            return language
    return negotiate(request.headers.get("accept-language", ""))


def address(path: str, **parameters: str | None) -> str:
    """Return a path with the parameters that have a value, always in the same order."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _translated(path: str, language: Language) -> str:
    other = next(one for one in LANGUAGES if one != language)
    rest = path.removeprefix(f"/{language}")
    return f"/{other}{rest}"


def _environment(words: Words, assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__ or "web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        partial(Words.text, words), partial(_plural, words), newstyle=True
    )
    environment.globals.update(asset=assets.url, words=words)  # pyright: ignore[reportArgumentType]
    return environment


def _plural(words: Words, one: str, many: str, n: int) -> str:
    return words.plural(one, many, n)

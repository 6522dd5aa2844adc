"""What people are told about their privacy, for programs."""

from collections.abc import Callable, Hashable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from twin.domains import ProtectedUnit
from twin.privacy.algorithms import STANDARD, THEMES, Algorithm, FilledIn, algorithms
from twin.privacy.notice import HORIZONS, Habit, auc
from twin.words import Language, Origin, Text
from web.api import models
from web.api.answers import INVALID, as_json, kept_answer
from web.encoding import Content
from web.notice import AccountSpent, Kind, read_notice
from web.site import Here, Site

router = APIRouter(tags=["privacy"])

CODES: Final[dict[Language, Literal["nld", "eng"]]] = {"nl": "nld", "en": "eng"}

NOT_YET: Final = Text(
    "Bij de software hoort een vooraf ingevulde beoordeling (docs/dpia.md). De organisatie moet die"
    " nog aanvullen en vaststellen.",
    "A pre-filled assessment comes with the software (docs/dpia.md). The organisation still has to"
    " complete and adopt it.",
)
NEEDED: Final = ("organization", "status", "contact_email", "publication_category")
"""What the standard needs and only whoever runs the place can say."""


@router.get("/ledger", response_model=models.LedgerAbout)
def ledger(request: Request, site: Here) -> Response:
    """Return what was spent on each protected unit, what may be, and what habits give away.

    The charges themselves are in `public/ledger.parquet`, which anybody may have.
    """
    return _answer(request, site, "ledger", lambda: as_json(_ledger(site)))


@router.get("/sensors", response_model=models.SensorsAbout)
def sensors(request: Request, site: Here) -> Response:
    """Return the register of sensors: which there are, where, whose, what for and until when.

    What has not been filled in is null. Where a sensor is, is public; what it sees is not.
    """
    return _answer(request, site, "sensors", lambda: as_json(_sensors(site)))


@router.get("/algorithms", response_model=models.AlgorithmsAbout, responses=INVALID)
def algorithms_(
    request: Request,
    site: Here,
    language: Annotated[
        Language, Query(description="The national register takes Dutch; `en` is a translation")
    ] = "nl",
) -> Response:
    """Return an entry for each published quantity and each model.

    The fields are those of the publication standard of the Dutch Algoritmeregister, version 1.0.
    """
    return _answer(
        request, site, ("algorithms", language), lambda: as_json(algorithms_about(site, language))
    )


def _answer(request: Request, site: Site, key: Hashable, make: Callable[[], Content]) -> Response:
    whole = ("privacy", key, site.live.reader.notice_version())
    return kept_answer(request, site, whole, make)


def _ledger(site: Site) -> models.LedgerAbout:
    notice = read_notice(site.live)
    return models.LedgerAbout(
        until=notice.until,
        accounts=[_account(each) for each in notice.accounts],
        habits=[_habit(each) for each in notice.habits],
    )


def _account(account: AccountSpent) -> models.Account:
    spent, unit = account.spent, account.unit
    return models.Account(
        unit=spent.unit,
        what=_texts(unit.what) if unit else None,
        origin=Origin(spent.origin),
        last_day=spent.last_day,
        day=_spent(spent.in_day, unit, "rho_per_day"),
        days_28=_spent(spent.in_month, unit, "rho_per_28_days"),
        days_365=_spent(spent.in_year, unit, "rho_per_year"),
    )


def _spent(rho: float, unit: ProtectedUnit | None, cap: str) -> models.SpentOf:
    return models.SpentOf(rho=round(rho, 9), cap=getattr(unit, cap) if unit else None)


def _habit(habit: Habit) -> models.HabitAbout:
    return models.HabitAbout(
        unit=habit.unit.name,
        habit=_texts(habit.unit.habit) if habit.unit.habit else None,
        after=[
            models.HabitAfter(
                days=days,
                rho=round(habit.after(days), 9),
                auc=round(auc(habit.after(days)), 4),
            )
            for days in HORIZONS
        ],
    )


def _sensors(site: Site) -> models.SensorsAbout:
    notice = read_notice(site.live)
    organisation = notice.register.organisation
    return models.SensorsAbout(
        organisation=models.OrganisationAbout(**organisation.model_dump())
        if organisation
        else None,
        faults=list(notice.faults),
        kinds=[_kind(each) for each in notice.kinds],
        sensors=[models.SensorPlace(**each._asdict()) for each in notice.places],
    )


def _kind(kind: Kind) -> models.KindOfSensors:
    whose = kind.filled_in
    return models.KindOfSensors(
        domain=kind.domain.name,
        layer=kind.layer,
        title=_texts(kind.title),
        sensors=kind.sensors,
        origins=dict(kind.origins),
        filled_in=models.WhoseSensors(
            owner=whose.owner,
            purpose=models.Texts(nl=whose.purpose.nl, en=whose.purpose.en),
            legal_ground=models.Texts(nl=whose.legal_ground.nl, en=whose.legal_ground.en),
            contact=whose.contact,
            end_date=whose.end_date,
        )
        if whose
        else None,
    )


def algorithms_about(site: Site, language: Language) -> models.AlgorithmsAbout:
    """Return the register of algorithms as it is filled in now."""
    notice = read_notice(site.live)
    filled_in = FilledIn.of(notice.register)
    return models.AlgorithmsAbout(
        standard_version=STANDARD,
        not_filled_in=[name for name in NEEDED if getattr(filled_in, name) is None],
        algorithms=[
            _entry(each, filled_in, language)
            for each in site.live.kept.get(
                ("algorithms",), lambda: algorithms(site.live.domains, notice.habits)
            )
        ],
    )


def _entry(one: Algorithm, filled_in: FilledIn, language: Language) -> models.AlgorithmAbout:
    assessed = filled_in.impact_assessment
    return models.AlgorithmAbout(
        name=one.name.into(language),
        description_short=one.description_short.into(language),
        organization=filled_in.organization,
        category=list(THEMES),
        status=filled_in.status,
        begin_date=filled_in.begin_date,
        end_date=filled_in.end_date,
        contact_email=filled_in.contact_email,
        website=filled_in.website,
        publication_category=filled_in.publication_category,
        url=None,
        goal=one.goal.into(language),
        proportionality=one.proportionality.into(language),
        human_intervention=one.human_intervention.into(language),
        risks=one.risks.into(language),
        lawful_basis=filled_in.lawful_basis.into(language) if filled_in.lawful_basis else None,
        lawful_basis_grouping=[],
        process_index_url=None,
        impacttoetsen_grouping=[
            models.Link(title="Data Protection Impact Assessment (DPIA)", link=assessed)
        ]
        if assessed
        else [],
        impacttoetsen=None if assessed else NOT_YET.into(language),
        source_data=one.source_data.into(language),
        source_data_grouping=[],
        methods_and_models=one.methods_and_models.into(language),
        provider=None,
        publiccode=filled_in.publiccode,
        lang=CODES[language],
        standard_version=STANDARD,
        source_id=one.source_id,
        tags="Wijktwin, differential privacy",
    )


def _texts(text: Text) -> models.Texts:
    return models.Texts(nl=text.nl, en=text.en)

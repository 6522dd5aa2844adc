"""Entries for a register of algorithms: one for each published quantity, one for each model.

Their fields are those of the publication standard of the Dutch Algoritmeregister, version 1.0.
What only whoever runs the place can know comes from the file that they fill in, and is None until
then.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twin.domains import Domain, Quantity
from twin.privacy.estimates import MIN_WEEKS, OUTLIER
from twin.privacy.ledger import MONTH_DAYS, YEAR_DAYS
from twin.privacy.notice import HORIZONS, Habit, right_of_100
from twin.privacy.sensor_register import SensorRegister
from twin.words import Text

STANDARD = "1.0"
"""The version of the publication standard."""

THEMES = ("Verkeer", "Ruimte en infrastructuur")
"""The policy areas, from the standard's own list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """What is to be said of one algorithm, under the names that the standard gives the fields."""

    source_id: str
    name: Text
    description_short: Text
    goal: Text
    proportionality: Text
    human_intervention: Text
    risks: Text
    source_data: Text
    methods_and_models: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """The fields that are the same for all entries and that only whoever runs the place can know."""

    organization: str | None
    contact_email: str | None
    website: str | None
    status: str | None
    publication_category: str | None
    begin_date: str | None
    end_date: str | None
    lawful_basis: Text | None
    impact_assessment: str | None
    publiccode: str | None

    @classmethod
    def of(cls, register: SensorRegister) -> "FilledIn":
        """Return what the file says."""
        organisation, algorithms = register.organisation, register.algorithms
        basis = algorithms.lawful_basis if algorithms else None
        return cls(
            organization=organisation.name if organisation else None,
            contact_email=organisation.contact if organisation else None,
            website=organisation.website if organisation else None,
            status=algorithms.status if algorithms else None,
            publication_category=algorithms.publication_category if algorithms else None,
            begin_date=algorithms.begin_date if algorithms else None,
            end_date=algorithms.end_date if algorithms else None,
            lawful_basis=Text(basis.nl, basis.en) if basis else None,
            impact_assessment=algorithms.impact_assessment if algorithms else None,
            publiccode=algorithms.source_code if algorithms else None,
        )


def algorithms(domains: Iterable[Domain], habits: Iterable[Habit]) -> list[Algorithm]:
    """Return an entry for each quantity, in the order of the domains, and one for each model.

    ``habits`` are those of the domains, from `twin.privacy.notice.habits`.
    """
    by_unit = {habit.unit.name: habit for habit in habits}
    counts = [
        _count(domain, quantity, by_unit[quantity.protects.name])
        for domain in domains
        for quantity in domain.quantities
    ]
    return [*counts, *(model() for model in MODELS)]


def _count(domain: Domain, quantity: Quantity, habit: Habit) -> Algorithm:
    title, per, moments = quantity.title, _per(quantity), when(quantity)
    sensors = list(dict.fromkeys(sensor.title for sensor in domain.sensors))
    days = max(HORIZONS)
    right = right_of_100(habit.after(days))
    coverage = round(100 * quantity.min_coverage)
    return Algorithm(
        source_id=quantity.name,
        name=Text(f"Beschermd tellen: {_small(title.nl)}", f"Protected count: {_small(title.en)}"),
        description_short=Text(
            f"Dit algoritme maakt het cijfer “{title.nl}”. Het telt {per.nl}, {moments.nl}, en"
            " verandert elke telling een beetje door toeval. Eén cijfer zegt daardoor weinig over"
            f" {quantity.protects.what.nl}.",
            f"This algorithm makes the figure “{title.en}”. It counts {per.en}, {moments.en}, and"
            " changes each count a little by chance. So one figure says little about"
            f" {quantity.protects.what.en}.",
        ),
        goal=Text(
            "Bewoners, ondernemers en de gemeente kunnen zien hoe vol of hoe druk het in de wijk"
            " is, zonder dat iemand wordt gevolgd. Iedereen ziet dezelfde cijfers. Een cijfer gaat"
            " nooit over één persoon, auto of fiets. Het is niet bedoeld voor controles, boetes of"
            " besluiten over mensen.",
            "Residents, shopkeepers and the city can see how full or how busy the neighbourhood"
            " is, without anybody being followed. Everybody sees the same figures. A figure is"
            " never about one person, car or bicycle. It is not meant for checks, fines or"
            " decisions about people.",
        ),
        proportionality=Text(
            "Voordeel: iedereen kan meepraten over de wijk met dezelfde cijfers. Nadeel: wie elke"
            f" dag hetzelfde doet, valt na verloop van tijd op. Na {days} dagen raadt iemand die"
            f" alle cijfers kent hoogstens {right} van de 100 keer goed of iets er elke dag was; met"
            " een munt opgooien is dat 50. Ook overwogen: kleine aantallen weglaten. Dat maakt de"
            " cijfers scheef en beschermt minder. En: de gemeente meer laten zien dan bewoners. Dat"
            " is niet gedaan.",
            "For: everybody can discuss the neighbourhood with the same figures. Against: whoever"
            f" does the same every day stands out in time. After {days} days, somebody who knows"
            f" all figures guesses right at most {right} times in 100 whether something was there"
            " every day; tossing a coin gives 50. Also considered: leaving small numbers out. That makes"
            " figures lopsided and protects less. And: showing the city more than residents. That"
            " was not done.",
        ),
        human_intervention=Text(
            "Geen. Het cijfer wordt vanzelf gemaakt als een periode voorbij is, en verandert daarna"
            " nooit meer. Er volgt geen besluit over iemand uit.",
            "None. The figure is made by itself when a period is over, and never changes after"
            " that. No decision about anybody follows from it.",
        ),
        risks=Text(
            "Veel cijfers samen kunnen iets over een gewoonte verraden. Daarom zijn er grenzen per"
            f" dag, per {MONTH_DAYS} dagen en per {YEAR_DAYS} dagen. Als het bijna zover is, komt"
            " het cijfer om de andere dag; bij de grens komt het niet. Als sensoren stil zijn: van"
            f" een gebied waarvan minder dan {coverage} % is gemeten, komt geen cijfer. Aanvallen"
            " als proef horen bij de tests. Nog niet gedaan: onderzoek door iemand van buiten.",
            "Many figures together can give something away about a habit. So there are limits per"
            f" day, per {MONTH_DAYS} days and per {YEAR_DAYS} days. When they come near, the figure"
            " comes every other day; at the limit it does not come. If sensors are silent: an area"
            f" of which less than {coverage}% was measured gets no figure. Attacks"
            " are part of the tests. Not done yet: an examination by somebody from outside.",
        ),
        source_data=Text(
            f"Metingen over {_small(domain.title.nl)} ({_listed(text.nl for text in sensors)}) in"
            " deze wijk. Na een paar dagen zijn ze van de schijf: de pagina over privacy zegt na hoeveel. Er zitten geen namen, kentekens, foto's"
            " of telefoons in. En openbare kaartgegevens: waar vakken, rekken, garages en tellers"
            " zijn.",
            f"Readings about {_small(domain.title.en)} ({_listed(text.en for text in sensors)}) in"
            " this neighbourhood. After a few days they are off the disk: the page on privacy says how many. There are no names, number"
            " plates, photographs or phones in them. And public map data: where spaces, racks,"
            " garages and counters are.",
        ),
        methods_and_models=Text(
            "Niet zelflerend. Invoer: de metingen van een gesloten periode. Een vaste vraag"
            f" ({quantity.count.name}) telt precies, per gebied. Daar komt één keer een geheel"
            f" getal bij uit een discrete normale verdeling met σ = √(k / 2ρ) = {quantity.sigma:.1f}"
            f" (k = {quantity.counts_per_day}, ρ = {quantity.rho_per_day:g} per dag;"
            " zero-concentrated differential privacy, met OpenDP). Uitvoer: per gebied en periode"
            " het veranderde getal, en welk deel is gemeten. Wat is uitgegeven staat in een"
            f" grootboek: ten hoogste ρ = {quantity.protects.rho_per_day:g} per dag,"
            f" {quantity.protects.rho_per_28_days:g} per {MONTH_DAYS} dagen en"
            f" {quantity.protects.rho_per_year:g} per {YEAR_DAYS} dagen. {quantity.protects.because.nl}",
            "Not self-learning. Input: the readings of a closed period. A fixed query"
            f" ({quantity.count.name}) counts exactly, for each area. To that, once, a whole number"
            f" is added from a discrete normal distribution with σ = √(k / 2ρ) = {quantity.sigma:.1f}"
            f" (k = {quantity.counts_per_day}, ρ = {quantity.rho_per_day:g} a day;"
            " zero-concentrated differential privacy, with OpenDP). Output: for each area and"
            " period the changed number, and what part was measured. What has been spent is in a"
            f" ledger: at most ρ = {quantity.protects.rho_per_day:g} a day,"
            f" {quantity.protects.rho_per_28_days:g} in {MONTH_DAYS} days and"
            f" {quantity.protects.rho_per_year:g} in {YEAR_DAYS} days. {quantity.protects.because.en}",
        ),
    )


_NOBODY = Text(
    "Geen persoonsgegevens: alleen cijfers die al beschermd en openbaar zijn.",
    "No personal data: only figures that are protected and public already.",
)
_NO_DECISION = Text(
    "Geen. De uitkomst staat op de kaart, met erbij hoe zeker zij is. Er volgt geen besluit over"
    " iemand uit. Iedereen kan haar narekenen uit de openbare cijfers.",
    "None. The outcome is on the map, with how sure it is. No decision about anybody follows from"
    " it. Everybody can work it out again from the public figures.",
)


def _estimate() -> Algorithm:
    return Algorithm(
        source_id="estimate",
        name=Text("Schatten hoe vol of druk het was", "Estimating how full or busy it was"),
        description_short=Text(
            "Dit algoritme schat hoe vol of hoe druk het in een gebied was. Het weegt het laatste"
            " cijfer met wat op dat uur gewoon is, en zegt erbij hoe zeker de schatting is.",
            "This algorithm estimates how full or how busy an area was. It weighs the latest figure"
            " with what is usual at that hour, and says how sure the estimate is.",
        ),
        goal=Text(
            "Mensen kunnen een rustig beeld zien in plaats van getallen die door toeval op en neer"
            " gaan. Waar de schatting te onzeker is, staat dat er.",
            "People can see a steady picture instead of numbers that go up and down by chance."
            " Where the estimate is too uncertain, it says so.",
        ),
        proportionality=Text(
            "Voordeel: minder sprongen door toeval. Nadeel: een klein verschil met andere weken"
            " is minder goed te zien. Daarom staat een cijfer dat duidelijk anders is op zichzelf, en"
            " zijn de losse cijfers ook als gegevens te krijgen.",
            "For: fewer jumps by chance. Against: a small difference with other weeks shows less."
            " So a figure that is clearly different stands by itself, and the single figures can be"
            " had as data too.",
        ),
        human_intervention=_NO_DECISION,
        risks=Text(
            "De schatting kan ernaast zitten. Daarom staat er altijd een marge bij: in negen van de"
            " tien gevallen ligt het echte getal daarbinnen, als weken op elkaar lijken. De"
            " schatting verraadt niet meer dan de cijfers waaruit zij komt.",
            "The estimate can be off. So there is always a range with it: nine times out of ten the"
            " true number lies in it, if weeks are alike. The estimate gives away no more than the"
            " figures that it comes from.",
        ),
        source_data=_NOBODY,
        methods_and_models=Text(
            "Niet zelflerend. Gewogen gemiddelde van het cijfer en het gemiddelde van andere weken"
            " op hetzelfde uur, met als gewichten de omgekeerde varianties; interval van 90 %. Een"
            f" cijfer dat meer dan {OUTLIER:g} standaardafwijkingen van de verwachting ligt, of"
            f" waarvoor minder dan {MIN_WEEKS} andere weken bekend zijn, staat alleen. Totalen zijn"
            " sommen van cijfers. Broncode: twin/privacy/estimates.py.",
            "Not self-learning. Mean of the figure and the mean of other weeks at the same hour,"
            " weighted by inverse variance; 90% interval. A figure that lies more than"
            f" {OUTLIER:g} standard deviations off what is expected, or for which fewer than"
            f" {MIN_WEEKS} other weeks are known, stands alone. Totals are sums of figures. Source"
            " code: twin/privacy/estimates.py.",
        ),
    )


def _typical() -> Algorithm:
    return Algorithm(
        source_id="typical_week",
        name=Text("Berekenen van een gewone week", "Working out a typical week"),
        description_short=Text(
            "Dit algoritme berekent per gebied en per uur van de week wat gewoon is. Het is het"
            " gemiddelde van alle weken waarvan er cijfers zijn.",
            "This algorithm works out what is usual in each area at each hour of the week. It is"
            " the mean of all weeks for which there are figures.",
        ),
        goal=Text(
            "Mensen kunnen zien hoe een gewone week eruitziet, en of het nu anders is.",
            "People can see what a typical week looks like, and whether it is different now.",
        ),
        proportionality=Text(
            "Voordeel: het toeval in de cijfers valt in het gemiddelde grotendeels weg. Nadeel: een"
            " gewone week zegt niets over een feest of een wegafsluiting, en houdt geen rekening met"
            " het weer of vakanties.",
            "For: most of the chance in the figures disappears in a mean. Against: a typical week"
            " says nothing about a party or a closed road, and does not take weather or holidays"
            " into account.",
        ),
        human_intervention=_NO_DECISION,
        risks=Text(
            "Met weinig weken is het gemiddelde onzeker; de marge zegt hoe onzeker. Omdat het een"
            " gemiddelde van veel dagen is, laat het gewoonten beter zien dan één cijfer. De grenzen"
            " per 28 dagen en per jaar zijn daarvoor.",
            "With few weeks the mean is uncertain; the range says how uncertain. Because it is a"
            " mean over many days, it shows habits better than one figure does. The limits per 28"
            " days and per year are there for that.",
        ),
        source_data=_NOBODY,
        methods_and_models=Text(
            "Niet zelflerend. Per gebied en uur van de week het gemiddelde over weken van de"
            " openbare cijfers, als deel van wat is gemeten of omgerekend naar het geheel, met"
            " standaardfout √((variantie tussen weken + variantie van het toeval) / weken)."
            " Broncode: twin/privacy/queries/typical.sql.",
            "Not self-learning. For each area and hour of the week the mean over weeks of the"
            " public figures, as a share of what was measured or scaled to the whole, with standard"
            " error √((variance between weeks + variance of the chance) / weeks). Source code:"
            " twin/privacy/queries/typical.sql.",
        ),
    )


MODELS: tuple[Callable[[], Algorithm], ...] = (_estimate, _typical)


def _per(quantity: Quantity) -> Text:
    return {
        "cells": Text("per gebied", "for each area"),
        "garages": Text("per garage", "for each garage"),
    }[quantity.units]


def when(quantity: Quantity) -> Text:
    """Say when a quantity is counted."""
    hours = [str(hour) for hour in quantity.windows.hours]
    times = [f"{hour}:00" for hour in hours]
    return {
        "snapshot": Text(
            f"om {_joined(hours, 'en')} uur",
            f"at {_joined(times, 'and')}",
        ),
        "hour": Text("elk uur", "every hour"),
        "day": Text("elke dag", "every day"),
    }[quantity.windows.kind]


def _joined(words: list[str], last: str) -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(_small(word) for word in words)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]

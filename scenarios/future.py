"""`Future`: what people will want by a later year, as saved data."""

from typing import Annotated

from pydantic import Field

from scenarios.measures.measure import Saved

Factor = Annotated[float, Field(ge=0, le=10)]
Share = Annotated[float, Field(ge=0, le=1)]


class Future(Saved, frozen=True):
    """Assumptions about demand; what is left out is as it is today."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="A short name"),
    ] = "today"
    year: Annotated[int | None, Field(ge=2000, le=2100, description="The year it is about")] = None
    car_ownership: Annotated[Factor, Field(description="Cars per household, times today's")] = 1.0
    population: Annotated[Factor, Field(description="People who live here, times today's")] = 1.0
    shopping: Annotated[Factor, Field(description="Visits to shops, times today's")] = 1.0
    e_bike_share: Annotated[
        Share | None, Field(description="Share of bicycles that are electric; today's if left out")
    ] = None
    cargo_bike_share: Annotated[
        Share | None, Field(description="Share of bicycles that carry cargo; today's if left out")
    ] = None

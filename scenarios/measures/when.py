"""Hours and days as a measure says them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scenarios.faults import UnsoundError
from scenarios.measures.measure import Saved
from scenarios.measures.wording import hour
from twin.rules import Hours
from twin.words import Text

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_WORDS = (
    Text("maandag", "Monday"),
    Text("dinsdag", "Tuesday"),
    Text("woensdag", "Wednesday"),
    Text("donderdag", "Thursday"),
    Text("vrijdag", "Friday"),
    Text("zaterdag", "Saturday"),
    Text("zondag", "Sunday"),
)


class When(Saved, frozen=True):
    """Hours of some days of the week, in the place's own time."""

    from_h: Annotated[float, Field(ge=0, lt=24, description="From this hour: 8.5 is 8:30")]
    until_h: Annotated[
        float, Field(gt=0, le=24, description="Until this hour; an earlier one is the next day's")
    ]
    days: Annotated[
        tuple[Day, ...],
        Field(strict=False, min_length=1, max_length=7, description="Days on which it begins"),
    ] = DAYS

    @model_validator(mode="after")
    def _is_sound(self) -> "When":
        if self.from_h == self.until_h:
            raise UnsoundError(
                Text("begin en einde zijn hetzelfde uur", "from_h and until_h are the same")
            )
        if len(set(self.days)) < len(self.days):
            raise UnsoundError(Text("een dag is twee keer genoemd", "a day is named twice"))
        return self

    @property
    def hours(self) -> Hours:
        """The same as a rule of the city has it."""
        return Hours(self.from_h, self.until_h, tuple(sorted(DAYS.index(day) for day in self.days)))

    def describe(self) -> Text:
        """Return the hours in words.

        >>> When(from_h=8.5, until_h=17, days=("sat",)).describe().en
        'from 8:30 to 17:00 on Saturday'
        """
        hours = (hour(self.from_h), hour(self.until_h))
        numbers = sorted(DAYS.index(day) for day in self.days)
        days = _days(numbers)
        return Text(
            f"van {hours[0]} tot {hours[1]} uur {days.nl}",
            f"from {hours[0]} to {hours[1]} {days.en}",
        )


def _days(numbers: list[int]) -> Text:
    if numbers == [0, 1, 2, 3, 4, 5, 6]:
        return Text("op alle dagen", "every day")
    if numbers == [0, 1, 2, 3, 4]:
        return Text("op werkdagen", "on weekdays")
    if len(numbers) > 3 and numbers == [*range(numbers[0], numbers[-1] + 1)]:  # noqa: PLR2004 worth shortening
        first, last = _DAY_WORDS[numbers[0]], _DAY_WORDS[numbers[-1]]
        return Text(f"op {first.nl} tot en met {last.nl}", f"on {first.en} to {last.en}")
    words = [_DAY_WORDS[number] for number in numbers]
    return Text(
        f"op {', '.join(word.nl for word in words[:-1])}{' en ' if words[1:] else ''}{words[-1].nl}",
        f"on {', '.join(word.en for word in words[:-1])}{' and ' if words[1:] else ''}{words[-1].en}",
    )

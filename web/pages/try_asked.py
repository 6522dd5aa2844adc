"""What the address of a plan's page asks for."""

from pydantic import BaseModel, ConfigDict, Field

from twin.words import Language
from web.plans.streets import FIGURES, FIRST
from web.site import address


class Asked(BaseModel):
    """What the address of a plan's page asks for."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    plan: str = Field("", max_length=20_000, description="The plan, compressed")
    figure: str = Field(FIRST, max_length=40, description="The figure that the map shows")
    tool: str = Field("", max_length=40, description="The tool that is picked")
    edit: str = Field("", max_length=40, description="The measure that is changed")
    budget: int | None = Field(None, ge=0, le=1_000_000_000, description="Euros to spend")
    each: bool = Field(default=False, description="Whether to tell what each change does")
    wait: bool = Field(default=False, description="Whether to wait for a first impression")

    @property
    def shown(self) -> str:
        """The figure to show: the first where there is none of that name."""
        return self.figure if self.figure in FIGURES else FIRST

    def href(self, language: Language, plan: str | None, **more: str) -> str:
        """Return the address of a plan, looked at in the same way."""
        return address(
            f"/{language}/try",
            plan=plan,
            figure=None if self.shown == FIRST else self.shown,
            budget=None if self.budget is None else str(self.budget),
            **more,
        )


class Change(Asked):
    """A filled-in form of a tool; the answers to its questions are there by name too."""

    where: str = Field("", max_length=200)
    spot: str = Field("", max_length=40)
    segment: str = Field("", max_length=200)
    area: str = Field("", max_length=6_000)
    part: str = Field("", max_length=5)

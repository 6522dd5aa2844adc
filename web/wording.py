"""Figures in words: plain Dutch and English, with how sure, and without false precision."""

from math import floor, log10

from twin.domains import Quantity
from twin.words import Origin
from web.i18n import Words
from web.scene import Certainty, Mark, Scene, Whole
from web.weeks import Week

ALL = 0.995
"""From this share on, people would say that everything was measured."""


def figure_words(words: Words, quantity: Quantity, mark: Mark) -> str:
    """Say one place's figure: a value with its interval, or that it cannot be said."""
    if is_withheld(quantity, mark):
        return words.text("not published: the privacy limit was reached")
    if mark.certainty is Certainty.SILENT:
        return words.text("not measured: the sensors were silent")
    low, high = bounds_words(words, quantity, mark.low, mark.high)
    match mark.certainty:
        case Certainty.UNCERTAIN:
            return words.text("too uncertain to say")
        case Certainty.FEW:
            return words.text("few: %(low)s to %(high)s", low=low, high=high)
        case Certainty.ABOUT:
            level = level_words(words, quantity, mark.level, mark.high - mark.low)
            return words.text(
                "about %(level)s (%(low)s to %(high)s)", level=level, low=low, high=high
            )


def is_withheld(quantity: Quantity, mark: Mark) -> bool:
    """Whether a place was measured and its figure not published, as its budget was spent."""
    return mark.certainty is Certainty.SILENT and mark.share_covered >= quantity.min_coverage


def short_words(words: Words, quantity: Quantity, mark: Mark) -> str:
    """Say one place's figure in a few characters."""
    if is_withheld(quantity, mark):
        return words.text("not published")
    match mark.certainty:
        case Certainty.SILENT:
            return words.text("not measured")
        case Certainty.UNCERTAIN:
            return words.text("uncertain")
        case Certainty.FEW:
            return words.text("few")
        case Certainty.ABOUT:
            return level_words(words, quantity, mark.level, mark.high - mark.low)


def level_words(words: Words, quantity: Quantity, level: float, width: float) -> str:
    """Write a level no more precisely than its interval allows."""
    if quantity.is_share:
        return words.percent(level)
    return words.number(rounded(level, width))


def bounds_words(words: Words, quantity: Quantity, low: float, high: float) -> tuple[str, str]:
    """Write the two ends of an interval."""
    width = high - low
    return level_words(words, quantity, low, width), level_words(words, quantity, high, width)


def rounded(value: float, width: float) -> float:
    """Round to the size of a fifth of an interval's width.

    >>> rounded(1043.0, 160.0), rounded(7.0, 9.0)
    (1040.0, 7.0)
    """
    size = 10 ** max(0, floor(log10(width / 5))) if width > 0 else 1
    return float(round(value / size) * size)


def origin_words(words: Words, origin: Origin) -> str:
    """Name an origin."""
    return {
        Origin.MEASURED: words.text("measured"),
        Origin.RECORDED: words.text("recorded earlier"),
        Origin.SIMULATED: words.text("simulated"),
        Origin.ASSUMED: words.text("assumed"),
    }[origin]


def origin_explained(words: Words, origin: Origin) -> str:
    """Say in a sentence what an origin means."""
    return {
        Origin.MEASURED: words.text("These figures come from sensors in this neighbourhood."),
        Origin.RECORDED: words.text(
            "These figures are real, but were recorded at another time or place and are played back."
        ),
        Origin.SIMULATED: words.text(
            "These figures come from simulated sensors: they look real, but nobody measured them."
        ),
        Origin.ASSUMED: words.text("These figures are assumptions."),
    }[origin]


def sentence(words: Words, scene: Scene, period: str, place: str) -> str:
    """Say in one sentence what is going on in the whole neighbourhood, and how sure that is."""
    whole, quantity = scene.whole, scene.quantity
    if whole is None and any(is_withheld(quantity, mark) for mark in scene.marks):
        return words.text(
            "%(period)s: nothing was published about %(place)s, because the privacy limit was reached.",
            period=_capital(period),
            place=place,
        )
    if whole is None:
        return words.text(
            "%(period)s: nothing was measured in %(place)s.",
            period=_capital(period),
            place=place,
        )
    low, high = bounds_words(words, quantity, whole.low, whole.high)
    level = level_words(words, quantity, whole.level, whole.high - whole.low)
    band = _band(words, low, high)
    return _pattern(words, quantity.name) % {
        "period": _capital(period),
        "place": place,
        "level": level,
        "band": band,
        "measure": quantity.measure.into(words.language),
        "title": quantity.title.into(words.language),
    }


def _band(words: Words, low: str, high: str) -> str:
    """Write between which figures the truth lies."""
    if low == high:
        return words.text("give or take very little")
    return words.text("between %(low)s and %(high)s", low=low, high=high)


def _pattern(words: Words, quantity: str) -> str:
    """Return the sentence for a quantity; one that fits any where it has none of its own."""
    known = {
        "parking_occupied": words.text(
            "%(period)s: about %(level)s of the parking spaces on the streets of %(place)s were taken (%(band)s)."
        ),
        "parking_garage": words.text(
            "%(period)s: the garages in %(place)s were about %(level)s full (%(band)s)."
        ),
        "parking_seen": words.text(
            "%(period)s: the scan car saw about %(level)s taken parking spaces in %(place)s (%(band)s). There may be more."
        ),
        "bikes_racked": words.text(
            "%(period)s: the bike racks in %(place)s were about %(level)s full (%(band)s)."
        ),
        "bikes_loose": words.text(
            "%(period)s: about %(level)s bikes stood loose on the pavements of %(place)s (%(band)s)."
        ),
        "bikes_dumped": words.text(
            "%(period)s: about %(level)s bikes in %(place)s had been left behind for good (%(band)s)."
        ),
        "footfall_passages": words.text(
            "%(period)s: the counters in %(place)s saw about %(level)s passers-by (%(band)s)."
        ),
    }
    return known.get(quantity) or words.text(
        "%(period)s: about %(level)s %(measure)s in %(place)s (%(band)s)."
    )


def compared(words: Words, whole: Whole) -> str:
    """Say how this compares with the typical week; empty where that is not known."""
    if whole.usual is None:
        return ""
    if whole.is_more is None:
        return words.text("That is about the same as usual for this time of the week.")
    if whole.is_more:
        return words.text("That is clearly more than usual for this time of the week.")
    return words.text("That is clearly less than usual for this time of the week.")


def week_name(words: Words, week: Week) -> str:
    """Name a week by its first and last day."""
    return words.text(
        "The week of %(monday)s to %(sunday)s",
        monday=words.day(week.monday),
        sunday=words.day(week.sunday),
    )


def week_words(words: Words, quantity: Quantity, mark: Mark | None) -> str:
    """Say one place's figure on an average day of a week."""
    return figure_words(words, quantity, mark) if mark else words.text("not measured")


def week_sentence(words: Words, quantity: Quantity, week: Week, place: str) -> str:
    """Say in one sentence how it was in the whole neighbourhood on an average day of a week."""
    low, high = bounds_words(words, quantity, week.whole.low, week.whole.high)
    said = {
        "week": week_name(words, week),
        "measure": quantity.measure.into(words.language),
        "place": place,
    }
    match week.whole.certainty:
        case Certainty.ABOUT:
            return words.text(
                "%(week)s: on an average day about %(level)s %(measure)s in %(place)s (%(band)s).",
                level=level_words(
                    words, quantity, week.whole.level, week.whole.high - week.whole.low
                ),
                band=_band(words, low, high),
                **said,
            )
        case Certainty.FEW:
            return words.text(
                "%(week)s: few %(measure)s in %(place)s, on an average day %(low)s to %(high)s.",
                low=low,
                high=high,
                **said,
            )
        case _:
            return words.text(
                "%(week)s: it is too uncertain to say how many %(measure)s there were in %(place)s.",
                **said,
            )


def coverage_words(words: Words, scene: Scene) -> str:
    """Say how much of the neighbourhood was measured."""
    measured = [mark for mark in scene.marks if mark.certainty is not Certainty.SILENT]
    total = len(scene.marks)
    share = sum(mark.share_covered for mark in scene.marks) / total if total else 0.0
    if not total:
        return words.text("Nothing was measured.")
    if share > ALL and len(measured) == total:
        return words.text("Everything there is was measured.")
    if scene.quantity.units == "garages":
        return words.text("Measured: %(n)s of %(total)s garages.", n=len(measured), total=total)
    return words.text(
        "Measured: %(n)s of %(total)s areas, %(share)s of what there is to measure in them.",
        n=len(measured),
        total=total,
        share=words.percent(share),
    )


def list_titles(words: Words, quantity: Quantity) -> tuple[str, str]:
    """Name the two short lists: of the places with the most and with the least."""
    if quantity.is_share:
        return words.text("Fullest"), words.text("Most room")
    if quantity.windows.kind == "hour":
        return words.text("Busiest"), words.text("Quietest")
    return words.text("Most"), words.text("Fewest")


def step_words(words: Words, quantity: Quantity, breaks: tuple[float, ...], step: int) -> str:
    """Say which figures a colour stands for."""
    ends = (0.0, *breaks)
    write = words.percent if quantity.is_share else words.number
    if step == len(breaks):
        return words.text("%(low)s or more", low=write(ends[step]))
    return words.text("%(low)s to %(high)s", low=write(ends[step]), high=write(breaks[step]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Finding one thing of a layer by its key, or by its name where that is clear."""

from collections.abc import Iterator

from scenarios.faults import Fault, suggest
from scenarios.measures.wording import THINGS
from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import texts
from twin.words import Text

_SHOWN = 4


def named_faults(city: City, layer: str, said: str) -> Iterator[Fault]:
    """Yield why ``said`` is not the key or the name of one thing."""
    field, (one, many) = LAYER_BY_NAME[layer].key, THINGS[layer]
    found = _found(city, layer, said)
    if not found:
        frame = city.layers[layer]
        known = {each for name in (field, "name") for each in texts(frame, name) if each}
        none = Text(f"deze wijk heeft geen {many}", f"the place has no {layer}")
        hint = suggest(said, sorted(known)) if known else none
        message = Text(
            f"er is hier geen {one} “{said}”; {hint.nl}",
            f"there is no {field} {said!r} here; {hint.en}",
        )
        yield Fault(field, message)
    elif len(found) > 1:
        more = ", …" if len(found) > _SHOWN else ""
        keys = ", ".join(found[:_SHOWN]) + more
        message = Text(
            f"{len(found)} {many} heten “{said}”; noem de code van één ervan: {keys}",
            f"{len(found)} are called {said!r}; say the key of one: {keys}",
        )
        yield Fault(field, message)


def key_of(city: City, layer: str, said: str) -> str:
    """Return the key of the thing that is meant; it must have no faults."""
    return _found(city, layer, said)[0]


def _found(city: City, layer: str, said: str) -> list[str]:
    frame = city.layers[layer]
    keys = [str(key) for key in texts(frame, LAYER_BY_NAME[layer].key)]
    if said in keys:
        return [said]
    name = said.strip().casefold()
    return [
        key
        for key, each in zip(keys, texts(frame, "name"), strict=True)
        if each and each.strip().casefold() == name
    ]

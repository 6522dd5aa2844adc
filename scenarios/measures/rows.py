"""Changing a layer: always a new frame, in which rows that stay are as they were."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import Row, as_column, cells, layer_frame, rows_of, texts


def edited(
    city: City,
    layer: str,
    *,
    changed: Mapping[str, Row | None] | None = None,
    added: Sequence[Row] = (),
) -> City:
    """Return a city in which rows of a layer are changed, gone or added.

    Parameters
    ----------
    changed
        By key, the new values of some columns; None where the row goes.
    added
        Whole rows; they come last.
    """
    frame = city.layers[layer]
    key = LAYER_BY_NAME[layer].key
    changes = changed or {}
    rows: list[Row] = []
    for row in rows_of(frame):
        change = changes.get(str(row[key]), {})
        if change is not None:
            rows.append({**row, **change})
    made = layer_frame(layer, [*rows, *added], cast("str", frame.crs))
    # A city of public layers lacks the columns that are not public.
    columns = [str(name) for name in frame.columns]
    return city.with_layers(**{layer: made[columns]})


def row_of(city: City, layer: str, key: str) -> Row:
    """Return one row of a layer by its key."""
    name = LAYER_BY_NAME[layer].key
    return next(row for row in rows_of(city.layers[layer]) if str(row[name]) == key)


def rows_by_key(city: City, layer: str) -> dict[str, Row]:
    """Return the rows of a layer by their key."""
    name = LAYER_BY_NAME[layer].key
    return {str(row[name]): row for row in rows_of(city.layers[layer])}


def with_values(city: City, layer: str, values: Mapping[str, Row]) -> City:
    """Return a city in which some rows of a large layer have other values, by key.

    The same city comes back where nothing becomes different.
    """
    frame = city.layers[layer]
    place = {str(key): at for at, key in enumerate(texts(frame, LAYER_BY_NAME[layer].key))}
    columns = {name for row in values.values() for name in row}
    made = frame.copy()
    is_other = False
    for name in sorted(columns):
        column: list[Any] = cells(frame, name)
        for key, row in values.items():
            if name in row and column[place[key]] != row[name]:
                column[place[key]] = row[name]
                is_other = True
        made[name] = as_column(column, LAYER_BY_NAME[layer].columns[name])
    return city.with_layers(**{layer: made}) if is_other else city

"""Offline search over streets, addresses and names, made of the public layers only."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import cells, geometries, numbers, texts
from twin.place.shapes import array_of, middles_of, project

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "þ": "th"})
# What is shown first among equally good answers.
_ORDER = ("street", "address", "stop", "garage", "building", "attractor", "green", "water")
_NAMED_LAYERS = {
    "attractors": "attractor",
    "stops": "stop",
    "buildings": "building",
    "garages": "garage",
    "green": "green",
    "water": "water",
}
_EXACT, _PREFIX, _TYPO = 1.0, 0.85, 0.6
_PER_MISTAKE = 0.12
_MISSING_NUMBER = 0.35
_BEGINS, _PER_SPARE_WORD = 0.1, 0.01
_SHORTEST_TYPO = 4
_LONG_WORD = 8
_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a row of a layer and where it is."""

    kind: str
    label: str
    layer: str
    key: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """A thing that can be found; `words` are those of its label and of its other names."""

    kind: str
    label: str
    layer: str
    key: str
    words: tuple[str, ...]


class SearchIndex:
    """Finds things by name: any case, with or without accents, while typing, with small typos."""

    def __init__(self, entries: Sequence[_Entry], hits: Sequence[Hit]) -> None:
        self._entries = entries
        self._hits = hits
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for word in set(entry.words):
                self._postings[word].append(number)
        self._words = sorted(self._postings)
        self._by_piece: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for piece in _pieces(word):
                self._by_piece[piece].append(word)

    @classmethod
    def of(cls, city: City) -> "SearchIndex":
        """Build the index of a city of which only public layers are needed."""
        found = [
            *_streets(city.layers["segments"]),
            *_addresses(city.layers["addresses"]),
            *(
                each
                for layer, kind in _NAMED_LAYERS.items()
                if layer in city.layers
                for each in _named(city.layers[layer], layer, kind)
            ),
        ]
        entries = [entry for entry, _ in found]
        where = project(array_of([point for _, point in found]), city.to_degrees)
        hits = [
            Hit(entry.kind, entry.label, entry.layer, entry.key, round(at.x, 6), round(at.y, 6))
            for entry, at in zip(entries, where, strict=True)
        ]
        return cls(entries, hits)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, query: str, limit: int = 8) -> list[Hit]:
        """Return what fits ``query`` best, best first; a house number that is not there is left out."""
        words = words_of(query)
        if not words:
            return []
        matches = [self._matches(word) for word in words]
        needed = [each for word, each in zip(words, matches, strict=True) if not word[0].isdigit()]
        first, *rest = needed or matches
        numbers_ = set(first).intersection(*rest)
        if len(numbers_) == 0:
            return []
        ranked = sorted(
            numbers_, key=lambda number: (-self._score(number, words, matches), *self._tie(number))
        )
        return [self._hits[number] for number in ranked[:limit]]

    def _matches(self, word: str) -> dict[int, float]:
        """Return the entries that hold a word like ``word``, and how like it is (0 to 1)."""
        scores: dict[int, float] = {}
        for known, likeness in self._alike(word):
            for number in self._postings[known]:
                scores[number] = max(scores.get(number, 0.0), likeness)
        return scores

    def _alike(self, word: str) -> Iterator[tuple[str, float]]:
        start = bisect_left(self._words, word)
        found = False
        for known in self._words[start:]:
            if not known.startswith(word):
                break
            found = True
            yield known, _EXACT if known == word else _PREFIX + 0.1 * len(word) / len(known)
        if found or len(word) < _SHORTEST_TYPO or word[0].isdigit():
            return
        shared = Counter(
            known for piece in _pieces(word) for known in self._by_piece.get(piece, ())
        )
        allowed = 2 if len(word) >= _LONG_WORD else 1
        for known, _ in shared.most_common(_CANDIDATES):
            mistakes = _mistakes(word, known, allowed)
            if mistakes <= allowed:
                yield known, _TYPO - _PER_MISTAKE * (mistakes - 1)

    def _score(self, number: int, words: list[str], matches: list[dict[int, float]]) -> float:
        found = [
            each.get(number, -_MISSING_NUMBER if word[0].isdigit() else 0.0)
            for word, each in zip(words, matches, strict=True)
        ]
        # Of two that fit: the one that begins with it, and has less beside what was asked for.
        mine = self._entries[number].words
        begins = _BEGINS * mine[0].startswith(words[0])
        spare = max(len(mine) - len(words), 0)
        return sum(found) / len(words) + begins - _PER_SPARE_WORD * spare

    def _tie(self, number: int) -> tuple[int, int, str]:
        entry = self._entries[number]
        return _ORDER.index(entry.kind), len(entry.label), entry.label


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared.

    >>> words_of("Hôtel Käpylä, 12-A")
    ['hotel', 'kapyla', '12', 'a']
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))


def _pieces(word: str) -> set[str]:
    padded = f" {word}"
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


def _mistakes(word: str, known: str, most: int) -> int:
    """Return how many letters differ between ``word`` and the start of ``known`` that fits best.

    The optimal string alignment distance: letters left out, added, changed, or two swapped.
    """
    before: list[int] = []
    row = list(range(len(known) + 1))
    for at, letter in enumerate(word, start=1):
        new = [at]
        for other, mark in enumerate(known, start=1):
            cost = min(row[other] + 1, new[other - 1] + 1, row[other - 1] + (letter != mark))
            is_swap = at > 1 and other > 1 and letter == known[other - 2] and mark == word[at - 2]
            new.append(min(cost, before[other - 2] + 1) if is_swap else cost)
        if min(new) > most:
            return most + 1
        before, row = row, new
    return min(row[max(len(word) - most, 0) :], default=most + 1)


def _streets(segments: gpd.GeoDataFrame) -> Iterator[tuple[_Entry, BaseGeometry]]:
    """Return each street once, at its longest segment, and once more per other name."""
    longest: dict[str, int] = {}
    length_m = numbers(segments, "length_m")
    names = cells(segments, "names")
    for index in np.argsort(-length_m, kind="stable").tolist():
        for name in names[index]:
            longest.setdefault(name, index)
    keys, main = texts(segments, "segment"), texts(segments, "name")
    points = middles_of(geometries(segments))
    for name, index in longest.items():
        usual = main[index]
        label = name if usual in {None, name} else f"{name} ({usual})"
        yield (
            _Entry("street", label, "segments", str(keys[index]), tuple(words_of(name))),
            points[index],
        )


def _addresses(addresses: gpd.GeoDataFrame) -> Iterator[tuple[_Entry, BaseGeometry]]:
    seen: set[tuple[str, ...]] = set()
    columns = [texts(addresses, name) for name in ("address", "street", "number")]
    rows = zip(*columns, geometries(addresses), strict=True)
    for key, street, number, point in rows:
        if street is None or number is None:
            continue
        label = f"{street} {number}"
        words = tuple(words_of(label))
        if words not in seen:
            seen.add(words)
            yield _Entry("address", label, "addresses", str(key), words), point


def _named(frame: gpd.GeoDataFrame, layer: str, kind: str) -> Iterator[tuple[_Entry, BaseGeometry]]:
    seen: Mapping[str, set[str]] = defaultdict(set)
    points = middles_of(geometries(frame))
    key = LAYER_BY_NAME[layer].key
    for name, row, point in zip(texts(frame, "name"), texts(frame, key), points, strict=True):
        if name is None:
            continue
        # Two platforms of one stop are one thing to whoever looks for it.
        if kind == "stop" and name in seen[kind]:
            continue
        seen[kind].add(name)
        yield _Entry(kind, name, layer, str(row), tuple(words_of(name))), point

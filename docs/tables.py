"""Tables in Markdown."""

from collections.abc import Iterator


def table(titles: tuple[str, ...]) -> Iterator[str]:
    """Yield the head of a table."""
    yield row(*titles)
    yield "|" + " --- |" * len(titles)


def row(*values: str) -> str:
    """Return a row of a table."""
    return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"

"""The pages of the documentation, and the code blocks in them."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>.*)$")


class Block(NamedTuple):
    """One fenced block: its language, what follows that, and the comment on the line before."""

    page: Path
    line: int
    language: str
    title: str
    comment: str
    text: str


def blocks(page, language=None):
    """Return the fenced blocks of a page, of one language or of all."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found, at = [], 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        if fence is None:
            at += 1
            continue
        indent, start = len(fence["indent"]), at + 1
        end = next(i for i in range(start, len(lines)) if lines[i].strip() == "```")
        text = "\n".join(line[indent:] for line in lines[start:end]) + "\n"
        kind, _, title = fence["info"].partition(" ")
        found.append(Block(page, start, kind, title, lines[at - 1] if at else "", text))
        at = end + 1
    return [block for block in found if language in {None, block.language}]


def all_blocks(language):
    """Return the fenced blocks of all pages in a language."""
    return [block for page in PAGES for block in blocks(page, language)]


def prose(page):
    """Return a page without its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)


def label(block):
    """Name a block in the list of tests."""
    return f"{block.page.name}:{block.line}"

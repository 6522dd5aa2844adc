"""Links lead somewhere."""

import re

import pytest
from pages import PAGES, ROOT, prose

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
IMAGES = ROOT / "docs" / "images"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_of_a_page_resolves(page):
    targets = [found["target"] for found in LINK.finditer(prose(page))]
    assert not [each for each in targets if "://" not in each and not _resolves(page, each)]


def _resolves(page, link):
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if target.parent == IMAGES and not IMAGES.exists():
        return True  # a script makes them
    return target.exists() and (not anchor or anchor in _anchors(target))


def test_every_page_can_be_reached_from_the_readme():
    linked = {
        (ROOT / found["target"].partition("#")[0]).resolve()
        for found in LINK.finditer(prose(ROOT / "README.md"))
    }
    assert not [page.name for page in PAGES if page.name != "README.md" and page not in linked]


def _anchors(page):
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}

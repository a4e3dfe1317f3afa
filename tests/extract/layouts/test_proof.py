"""What was learnt is proved on its samples: by what is missing, and by what is too much."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.layouts.learn import count_places
from kpucrawl.extract.layouts.model import Group, Slot, Step
from kpucrawl.extract.layouts.proof import is_proved
from kpucrawl.extract.layouts.titles import find_headline
from kpucrawl.extract.layouts.tree import Tree
from tests.extract.layouts.invented import Office, Story, make_stories

STORIES = make_stories(20)


def write_beside(story: Story, sentences: int) -> str:
    """Beside the text the first sentences of others, which are no links."""
    others = (STORIES[(story.number + n) % len(STORIES)] for n in range(3))
    side = "".join(
        f"<p>{one.title}</p><p>{'.'.join(one.paragraphs[0].split('.')[:sentences])}</p>"
        for one in others
    )
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    text = f"<div class=t><div class=l>{first}</div><div class=r>{''.join(rest)}</div></div>"
    return f"<main><h1>{story.title}</h1>{text}<div class=s>{side}</div></main>"


def write(story: Story) -> str:
    return write_beside(story, 1)


def prove(group: Group) -> bool:
    office = Office(write, STORIES)
    pages = [open_page(one.body, one.url) for one in office.sample()]
    trees = [Tree(page, frozenset(group.names)) for page in pages if page]
    assert group.title is not None
    heads = [find_headline(tree, group.title) for tree in trees]
    return is_proved(group, trees, heads, count_places(trees))


def make_group(*steps: str) -> Group:
    """What a learner might take for the text's place."""
    names = (".l", ".r", ".s", ".t")
    top = (Step("html", 0), Step("body", 0), Step("main", 0))
    title = Slot(((*top, Step("h", 0)),))
    region = Slot(((*top, *(Step(name, 0) for name in steps)),))
    return Group("", names, (), title, (region,))


@pytest.mark.parametrize(
    ("steps", "proved"),
    [(("div.t",), True), ((), False), (("div.t", "div.l"), False)],
    ids=["right", "too much", "missing"],
)
def test_places_are_proved(steps: tuple[str, ...], proved: bool) -> None:
    """The box of the text is; the one that holds others' beginnings as well, or a first paragraph
    alone, is not."""
    assert prove(make_group(*steps)) is proved


def test_nothing_is_learnt_that_is_not_proved() -> None:
    """Where other articles' beginnings are no links, and would be learnt as text, nothing is."""
    assert Office(lambda story: write_beside(story, 2), STORIES).learn() is None

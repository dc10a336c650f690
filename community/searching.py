"""Searching as people do it: what was found and, where that is next to nothing, what they may have meant."""

from dataclasses import replace
from typing import Any

from community import finding
from community.narrowing import Scope
from portal.core.search import respelling
from portal.core.search.respelling import Proposal
from portal.core.search.syntax import Asked

NEXT_TO_NOTHING = 1


def search(asked: Asked, *, by: Any, as_typed: bool = False, **how: Any) -> finding.Page:
    """One page of results. Words that were plainly typed on the other keyboard are read as meant, unless `as_typed`.

    `did_you_mean` is another search, which does find something for this reader; `instead_of` is what was typed, where
    the results are of what was meant.
    """
    page = finding.find(asked, by=by, **how)
    scope = page.scope
    if page.count > NEXT_TO_NOTHING or scope.unknown or how.get("cursor"):
        return page
    meant = _meant(scope, by, more_than=page.count)
    slips = [proposal for proposal in meant if proposal.is_slip]
    if not as_typed and not page.count and len(slips) == 1:
        page = finding.find(replace(scope.asked, words=slips[0].words), by=by, **how)
        page.instead_of = str(asked)
    elif meant:
        page.did_you_mean = str(replace(scope.asked, words=meant[0].words))
    return page


def _meant(scope: Scope, by: Any, *, more_than: int) -> list[Proposal]:
    """The proposals that find more; a slip of the keyboard as much. Each new word must do so by itself too: none is shown that only hidden texts hold."""
    proposals = respelling.proposals(scope.asked.words)
    if not proposals:
        return []
    words = list(dict.fromkeys(word for proposal in proposals for word in proposal.new))
    bare = Scope(Asked())
    whole = [scope.varied(replace(scope.asked, words=proposal.words)) for proposal in proposals]
    single = [replace(bare, asked=Asked(words=word)) for word in words]
    counts = finding.count_each([*whole, *single], by)
    visible = {word for word, count in zip(words, counts[len(whole) :], strict=True) if count}
    return [
        proposal
        for proposal, count in zip(proposals, counts, strict=False)
        if count >= max(more_than + (not proposal.is_slip), 1) and visible.issuperset(proposal.new)
    ]

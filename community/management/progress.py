"""Progress of what takes long, for the person at the terminal: how far it is and when it will be done."""

import sys

from tqdm import tqdm

from portal.core.search import embedding


def embed_with_progress(*, quiet: bool = False) -> None:
    """Give all that waits its vectors. Broken off, the rest is left to the indexing worker."""
    embedding.begin()
    total = embedding.waiting()
    if not total:
        return
    with tqdm(total=total, unit=" texts", desc="Reading for meaning", file=sys.stderr, disable=quiet) as bar:
        embedding.embed(None, bar.update)

"""What a killed writer leaves in the index's folder does not keep the next one from writing."""

import pytest

from portal.core import search
from portal.core.search import indexing, writing
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_half_written_files_and_folders_go_with_the_next_write(index):
    live = indexing.backend().store.live()
    (live / "half.tmp").write_text("a file that was being renamed")
    (live / "pool.tmp").mkdir()  # Whoosh's writer collects its terms in such a folder
    (live / "pool.tmp" / "terms").write_text("some terms")
    (index / "g1").mkdir()  # a rebuild that never ended

    search.changed("article", make_article().pk)
    writing.flush_now()

    assert not [left for left in (live / "half.tmp", live / "pool.tmp", index / "g1") if left.exists()]
    assert not writing.compare()

"""Cursors for the API: {"next", "previous", "results"}."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest first by key, so that no page shifts while it is read."""

    ordering = "-pk"
    page_size_query_param = "limit"
    max_page_size = 100

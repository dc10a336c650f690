"""Haystack's Whoosh backend, used well. Owned by the search slice."""

from haystack.backends.whoosh_backend import WhooshEngine as StockEngine


class WhooshEngine(StockEngine):
    pass

"""A throw-away site of any size, and what reading and writing cost on it: what `benchmark_search` is made of."""

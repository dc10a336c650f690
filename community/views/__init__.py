"""Pages of the community, one module for each noun."""

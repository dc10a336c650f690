"""Pages over both apps: home and the unified search."""

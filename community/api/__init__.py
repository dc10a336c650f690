"""API calls of the community. Each fetches what the reader may see, calls a service, answers."""

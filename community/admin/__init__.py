"""The admin of the community. Every change is an act of community.services or community.moderation."""

from community.admin import posts, records

__all__ = ["posts", "records"]

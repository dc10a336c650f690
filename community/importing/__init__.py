"""Loading content files (JSON Lines) and writing them: the one path that makes rows in bulk.

It walks around the services on purpose: an import must not notify anybody, hold posts, count against limits or
take a transaction for each vote, and thousands of threads must come in within minutes. What the services promise
is kept here too: text is checked and rendered by the same door, constraints stand, the index outbox is filled,
and the outboxes of suggestions and news are marked as done.
"""

from community.importing.exporting import export_lines
from community.importing.fields import LineError
from community.importing.folder import folder_lines
from community.importing.reading import read_lines
from community.importing.writing import Import

__all__ = ["Import", "LineError", "export_lines", "folder_lines", "read_lines"]

#!/usr/bin/env python
"""Run an administrative command."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # Before numpy is imported: the processes share the cores, and forks must not inherit a pool of threads.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(
            str(error)
        )  # a setting is wrong: the sentence that names it, not where in the code it was read
    except KeyboardInterrupt:
        sys.exit(130)  # as the shell says it; whoever pressed Ctrl-C knows why it ended

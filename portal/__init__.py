"""Haedap's project package; it exposes the Celery app and nothing else."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]

"""The reading limit of the API; what is posted is limited in portal.core.limits."""

from rest_framework.throttling import AnonRateThrottle


class ReaderThrottle(AnonRateThrottle):
    rate = "6000/hour"

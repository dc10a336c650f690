"""Errors of the API as application/problem+json."""

from rest_framework.views import exception_handler


def problem(error, context):
    return exception_handler(error, context)

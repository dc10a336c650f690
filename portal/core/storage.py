"""How static files are kept for serving."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names everywhere, also where one of our script modules imports another."""

    support_js_module_import_aggregation = True
    # Only ours: libraries carry files that import what they do not ship.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

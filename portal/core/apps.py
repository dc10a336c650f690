from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"
    verbose_name = _("Site")

    def ready(self) -> None:
        from portal.core import names  # needs the apps' models

        names.translate_plain_names()

from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """No table: a place for the admin page and for ``usage.view_report`` and ``usage.export_report``."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        permissions = [("export_report", "Can export reports")]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

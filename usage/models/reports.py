from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """No table: a place for the admin page and for the permissions of reports.

    ``view_report`` for all of them, ``export_report`` for files, ``view_people`` besides for what is about single
    people, if only under pseudonyms.
    """

    class Meta:
        managed = False
        default_permissions = ("view",)
        permissions = [
            ("export_report", "Can export reports"),
            ("view_people", "Can view reports about single people"),
        ]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

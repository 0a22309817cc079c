"""When the catalog changed, as a value to compare: see ``conversations.catalog``."""

from django.db import models


class CatalogStamp(models.Model):
    """One row at most. Triggers of the database write it, so that no way of changing the catalog goes past it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.CharField(max_length=36)
    """Random, never a number that could come again."""

    class Meta:
        default_permissions = ()

"""What the ledger could not take yet: see ``conversations.pending_facts``."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingFact(models.Model):
    """An event without a word of text. No key points to its answer: the fact outlives the conversation."""

    about = models.UUIDField(_("generation or background work"))
    kind = models.CharField(_("kind"), max_length=40)
    event = models.JSONField(_("event"))
    kept_at = models.DateTimeField(_("kept since"))
    tries = models.PositiveIntegerField(_("tries"), default=0)
    """Of the sweep, all refused."""

    class Meta:
        verbose_name = _("pending fact")
        verbose_name_plural = _("pending facts")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

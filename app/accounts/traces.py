"""Two logs of the administration keep what was done, when and by which staff. Not whose a deleted account was."""

from auditlog.models import LogEntry as AuditEntry
from django.contrib.admin.models import LogEntry as RecentAction
from django.contrib.contenttypes.models import ContentType

from app.accounts.models import User

NAMES = {"email", "name"}


def forget(user: User, pk: int) -> None:
    """In the transaction that deletes the account, after the logs have heard of that. ``pk`` was its key."""
    accounts, nameless = ContentType.objects.get_for_model(User), f"#{pk}"
    RecentAction.objects.filter(content_type=accounts, object_id=str(pk)).update(object_repr=nameless)
    for entry in AuditEntry.objects.filter(content_type=accounts, object_pk=str(pk)):
        entry.object_repr = nameless
        entry.changes = {field: change for field, change in (entry.changes or {}).items() if field not in NAMES}
        entry.save(update_fields=["object_repr", "changes"])
    if not user.is_staff:  # the rest is what people did of themselves
        AuditEntry.objects.filter(actor_email=user.email).update(actor_email=None, remote_addr=None, remote_port=None)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out
        from django.db.models.signals import post_migrate, pre_migrate

        from conversations import catalog_stamp, events, presence, tasks

        events.generation_finished.connect(tasks.when_answered, dispatch_uid="titles")
        pre_migrate.connect(catalog_stamp.take_down, sender=self, dispatch_uid="catalog")
        post_migrate.connect(catalog_stamp.put_up, sender=self, dispatch_uid="catalog")
        user_logged_out.connect(presence.tell_signed_out, dispatch_uid="presence")

from conversations.models.catalog import (
    EndpointPrice,
    Model,
    ModelEndpoint,
    Route,
    Scenario,
    ScenarioQuerySet,
    Starter,
)
from conversations.models.feedback import Appeal, FeedbackReason, Rating
from conversations.models.pending import PendingFact
from conversations.models.stamp import CatalogStamp
from conversations.models.transcript import (
    ACTIVE,
    FIRST_EPOCH,
    TERMINAL,
    Conversation,
    Generation,
    GenerationQuerySet,
    Message,
    State,
    milliseconds,
    text_digest,
)

__all__ = [
    "ACTIVE",
    "FIRST_EPOCH",
    "TERMINAL",
    "Appeal",
    "CatalogStamp",
    "Conversation",
    "EndpointPrice",
    "FeedbackReason",
    "Generation",
    "GenerationQuerySet",
    "Message",
    "Model",
    "ModelEndpoint",
    "PendingFact",
    "Rating",
    "Route",
    "Scenario",
    "ScenarioQuerySet",
    "Starter",
    "State",
    "milliseconds",
    "text_digest",
]

from conversations.models.catalog import (
    EndpointPrice,
    Model,
    ModelEndpoint,
    Route,
    Scenario,
    ScenarioQuerySet,
    Starter,
)
from conversations.models.transcript import (
    ACTIVE,
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
    "TERMINAL",
    "Conversation",
    "EndpointPrice",
    "Generation",
    "GenerationQuerySet",
    "Message",
    "Model",
    "ModelEndpoint",
    "Route",
    "Scenario",
    "ScenarioQuerySet",
    "Starter",
    "State",
    "milliseconds",
    "text_digest",
]

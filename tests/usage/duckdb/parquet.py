"""Raw facts to Parquet files, by DuckDB's own writer: decimals as integers, moments in UTC, zstd."""

import json
from pathlib import Path

import duckdb
from django.db import models

from usage.models import EngagementEvent, TurnAccepted, UpstreamCall, UsageRecord

FACTS: tuple[type[models.Model], ...] = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)

TYPES = {
    "BigAutoField": "BIGINT",
    "BooleanField": "BOOLEAN",
    "CharField": "VARCHAR",
    "DateField": "DATE",
    "DateTimeField": "TIMESTAMPTZ",
    "PositiveBigIntegerField": "BIGINT",
    "PositiveIntegerField": "BIGINT",
    "PositiveSmallIntegerField": "BIGINT",
    "SmallIntegerField": "BIGINT",
    "UUIDField": "UUID",
}


def write_parquet(folder: Path) -> None:
    """``turnaccepted.parquet`` and so on."""
    with duckdb.connect() as database:
        for model in FACTS:
            lines = folder / f"{model._meta.model_name}.jsonl"
            with lines.open("w", encoding="utf-8") as file:
                for row in model._default_manager.order_by("pk").values().iterator():
                    file.write(json.dumps(row, default=str) + "\n")
            columns = {field.attname: TYPES[field.get_internal_type()] for field in model._meta.fields}
            rows = f"read_json('{lines}', format = 'newline_delimited', columns = {columns})"
            database.execute(f"COPY (SELECT * FROM {rows}) TO '{file_of(folder, model)}' (COMPRESSION zstd)")
            lines.unlink()


def file_of(folder: Path, model: type[models.Model]) -> Path:
    return folder / f"{model._meta.model_name}.parquet"

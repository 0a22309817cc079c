"""The wiring and the front door; imports conversations and usage, imported by neither."""

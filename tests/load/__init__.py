"""The benchmark: ``python -m tests.load --help``. No test: noise must not fail anything (docs/performance.md)."""

"""A finished film, made once for each test module of the report."""

from tests.report.finished_film import made

__all__ = ["made"]

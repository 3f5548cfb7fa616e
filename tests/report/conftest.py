"""The film that tests of the report share: made once for each test module."""

from tests.report.finished_film import made

__all__ = ["made"]

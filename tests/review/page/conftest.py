"""One server and one browser for the tests of the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.review.page.served import ServedReview, serving_review


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedReview]:
    """Returns a review of three films, served; afterwards, no page may have asked another server, or told a fault."""
    with serving_review(tmp_path_factory.mktemp("review")) as review:
        yield review
        assert review.asked == []
        assert review.faults == []


@pytest.fixture(autouse=True)
def bounded(request: pytest.FixtureRequest) -> Iterator[None]:
    """Bounds each test of a page in time, and closes the pages that it opened."""
    if "served" not in request.fixturenames:
        yield
        return
    served: ServedReview = request.getfixturevalue("served")
    served.begin_test()
    yield
    served.end_test()

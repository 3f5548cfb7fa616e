"""Finds out who it is whom a proxy or a provider vouches for."""

from __future__ import annotations

from post.review.access.identity import GUEST, ProvenIdentity
from post.review.open_review import OpenReview


def identify(review: OpenReview, named: str, name: str, how: str) -> ProvenIdentity | None:
    """Returns somebody by their ID, login or e-mail address in the people file; None where it does not name them, and
    guests may not come. name: of a guest; how: they signed in."""
    people = review.jobs.people
    for person in people.all if people else ():
        if named in (person.id, person.email or None, *person.logins):
            return ProvenIdentity(person.id, person.name, person.kind, how)
    return ProvenIdentity(f"guest:{named}", name, GUEST, how) if review.settings.guests else None

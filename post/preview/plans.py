"""Names the three plans of a preview for whoever asks a worker for them: only the worker loads what makes them."""

from __future__ import annotations

from post.preview.film import PlannedPreview, PreviewQuestion


def plan_hook(asked: PreviewQuestion) -> PlannedPreview | None:
    """Returns the first seconds of a film, from its first shots alone; None where only all of it can be planned."""
    from post.preview import planning

    return planning.plan_hook(asked)


def plan_film(asked: PreviewQuestion) -> PlannedPreview:
    """Returns the whole film by the decisions that the store holds. Raises what planning a job raises."""
    from post.preview import planning

    return planning.plan_whole(asked, wait=False)


def plan_right(asked: PreviewQuestion) -> PlannedPreview:
    """Returns the whole film by every decision, measured where it is not known. Raises what planning a job raises."""
    from post.preview import planning

    return planning.plan_whole(asked, wait=True)

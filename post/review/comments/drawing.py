"""What a drawing may be: a bounded list of shapes over one frame, in fractions of its width and height."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from post.review.settings import DRAWING_POINTS

SHAPES = 100
COLOURS = ("red", "orange", "yellow", "green", "blue", "white", "black")
Fraction1 = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Point = tuple[Fraction1, Fraction1]
# How many points a shape has: a line as many as it likes; an arrow its tail and its head; a box two corners.
POINTS = {"pen": (1, DRAWING_POINTS), "arrow": (2, 2), "box": (2, 2)}


class DrawnShape(BaseModel):
    """A shape. points: (x, y), each 0..1 from the top left; width: of the line, in thousandths of the frame's width."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["pen", "arrow", "box"]
    points: Annotated[list[Point], Field(min_length=1, max_length=DRAWING_POINTS)]
    colour: Literal["red", "orange", "yellow", "green", "blue", "white", "black"] = "red"
    width: Annotated[float, Field(ge=0.5, le=50, allow_inf_nan=False)] = 4

    @model_validator(mode="after")
    def _has_its_points(self) -> DrawnShape:
        least, most = POINTS[self.kind]
        if not least <= len(self.points) <= most:
            raise ValueError(f"{self.kind}: expected {least} to {most} points, got {len(self.points)}")
        return self


Drawing = Annotated[list[DrawnShape], Field(max_length=SHAPES)]


def too_many_points(drawing: list[DrawnShape]) -> bool:
    """Says whether the shapes have more points together than a drawing may."""
    return sum(len(each.points) for each in drawing) > DRAWING_POINTS

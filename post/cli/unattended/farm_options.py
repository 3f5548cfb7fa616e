"""Declares what a farm is like, for the command simulate."""

from __future__ import annotations

import typer

Start = typer.Option(4.0, "--start", min=0, metavar="S", help="How long a worker takes to start.")
Dispatch = typer.Option(
    0.002, "--dispatch", min=0, metavar="S", help="How long the scheduler takes for one task."
)
StoreRate = typer.Option(
    1000.0, "--store-mbps", min=0.001, metavar="MB/S", help="What the store carries for all workers."
)
Request = typer.Option(0.03, "--request", min=0, metavar="S", help="How long the store takes to answer.")
Spread = typer.Option(
    0.0,
    "--spread",
    min=0,
    max=2,
    help="How uneven equal tasks are: deviation of the logarithm of their time.",
)
Mtbf = typer.Option(
    0.0, "--mtbf", min=0, metavar="HOURS", help="Of one worker, between failures; 0: none fails."
)
Speculate = typer.Option(
    False, "--speculate", help="As if idle workers tried what others are late with, as some farms do."
)
Dealt = typer.Option(
    True, "--dealt/--queued", help="Dealt in runs as our engines do, or in one queue as farm managers do."
)
Seed = typer.Option(0, "--seed", help="Of chance: the same seed gives the same answer.")
Price = typer.Option(0.0, "--price", min=0, help="Of one worker for an hour.")

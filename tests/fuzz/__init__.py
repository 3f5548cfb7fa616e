"""Damages files at random, and drives what reads them as the product does: in a worker.

    python -m tests.fuzz KIND [--minutes M] [--seed N] [--cases N] [--media FOLDER] [--keep FOLDER]

KIND: take, still, lut, font or verify. Every case must end in a result or in an error of exit 2, 3, 6 or 7, within
5 seconds of processor time and a gigabyte. What does not is a finding: it is printed, its file is kept as
KEEP/KIND-SEED-NUMBER-NAME, and the run exits with 1. `--replay FILE` drives one file again.

seeds      ->  whole files of each kind, small
mutate     ->  a damaged file: always the same for a kind, a seed, a number and its whole files
parts      ->  chunks, tables, segments and lines, to be dropped, repeated and moved
drive      ->  what the product does with a file of each kind
watch      ->  runs a case in a worker, and judges how it ended
"""

"""The conformance kit for loudness meters: signals, what a meter has to read of them, and a comparison.

kit_cases()                         every case: how its signal is made, and what is expected of it
read_case(case, pcm, rate)          what this project's own meter reads
write_kit(folder, rate)             a WAV of each case, expected.json, our meter's readings, a README
check_kit(path)                     another meter's readings beside what is expected
"""

from post.measure.meter_kit.cases import RATES_HZ, Expectation, KitCase, kit_cases
from post.measure.meter_kit.files import check_kit, kit_lines, write_kit
from post.measure.meter_kit.read_case import read_case

__all__ = [
    "RATES_HZ",
    "Expectation",
    "KitCase",
    "check_kit",
    "kit_cases",
    "kit_lines",
    "read_case",
    "write_kit",
]

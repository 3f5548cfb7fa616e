"""A conformance kit for loudness meters: signals, what a meter has to read of them, and a comparison.

kit_cases()                         every case: how its signal is made, and what is expected of it
read_case(case, pcm, rate)          what this project's own meter reads
"""

from post.sound.kit.cases import RATES_HZ, Expectation, KitCase, kit_cases
from post.sound.kit.read_case import read_case

__all__ = ["RATES_HZ", "Expectation", "KitCase", "kit_cases", "read_case"]

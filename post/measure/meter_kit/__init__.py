"""The conformance kit for loudness meters (post/sound/kit) as files, for others to run against their own meter.

write_kit(folder, rate)             a WAV of each case, expected.json, our meter's readings, a README
check_kit(path)                     another meter's readings beside what is expected
"""

from post.measure.meter_kit.files import check_kit, kit_lines, write_kit

__all__ = ["check_kit", "kit_lines", "write_kit"]

"""How much a foreign file may hold, by its kind. Its size is looked at before anything reads it.

The largest real files that were found, with room above them; what is beyond is a mistake or an attack.
"""

from __future__ import annotations

MB = 1 << 20
LUT_MB = 96  # a .cube of 129 nodes a side in full precision is 84 MB
FONT_MB = 256  # all of Noto Sans CJK in one collection is 120 MB
STILL_MB = 320  # 36 megapixels of 16-bit R'G'B'A, uncompressed, are 288 MB
LOTTIE_MB = 24  # the largest of 900 published ones is 6 MB, with its pictures inside

"""Lottie animations: read strictly, checked for what the renderer cannot draw, and drawn by ThorVG.

file -> document.py      JSON or dotLottie, within bounds; nothing is fetched
     -> composition.py   all of it, rewritten as ThorVG reads it: layers, shapes, text, images, keyframes
        reading.py       the place that is read; each feature that ThorVG lacks is noted there by name
     -> player.py        the only module that imports ThorVG
     -> animation.py     what stages use: frames, timing, markers

animation = open_lottie(path, "brand.file", fonts)
at = animation.position(Fraction(3, 2), "loop")     # of 1.5 s: frame of the animation, exact
rgba = animation.draw(at, 320, 180)                 # (180, 320, 4) float32, colour multiplied by alpha
"""

from post.picture.lottie.animation import AFTER_END, LottieAnimation, Marker, open_lottie

__all__ = ["AFTER_END", "LottieAnimation", "Marker", "open_lottie"]

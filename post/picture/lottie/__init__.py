"""Lottie animations: read strictly, checked for what the renderer cannot draw, and drawn by ThorVG.

file -> document.py   JSON or dotLottie, within bounds; nothing is fetched
     -> model and checks: each feature that ThorVG lacks or draws wrongly is refused by name, with its place
     -> player.py     the only module that imports ThorVG
     -> animation.py  what stages use: frames, timing, markers

animation = open_lottie(path, "brand.file", fonts)
at = animation.position(Fraction(3, 2), "loop")     # of 1.5 s: frame of the animation, exact
rgba = animation.draw(at, 320, 180)                 # (180, 320, 4) float32, colour multiplied by alpha
"""

from post.picture.lottie.animation import AFTER_END, LottieAnimation, Marker, open_lottie

__all__ = ["AFTER_END", "LottieAnimation", "Marker", "open_lottie"]

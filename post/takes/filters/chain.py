"""Reads chains of FFmpeg's filters, as text, and refuses filters that are not for one picture alone."""

from __future__ import annotations

import re

from av.filter import filters_available

from post.errors import JobError, unknown

MOST_FILTERS = 50
# Filters of one picture stream that take no file, network, device or clock. Those that need several frames are here
# too: trying them tells what is wrong with them. Source: FFmpeg 8.1, `ffmpeg -h filter=NAME` of each.
_NAMES = """
    atadenoise avgblur bilateral bitplanenoise bwdif cas chromahold chromanr chromashift colorbalance
    colorchannelmixer colorcontrast colorcorrect colorhold colorize colorlevels colortemperature convolution copy crop
    curves dblur dctdnoiz deband deblock dedot deflate deflicker despill dilation drawbox drawgrid edgedetect elbg epx
    erosion exposure fade fftdnoiz fftfilt fillborders floodfill format fps framerate framestep gblur geq gradfun
    grayworld greyedge hflip hqx hsvhold hue huesaturation il inflate kirsch lagfun lenscorrection limiter loop lut
    lutrgb lutyuv maskfun median minterpolate monochrome negate nlmeans noformat noise normalize null oscilloscope pad
    photosensitivity pixelize prewitt pseudocolor random removegrain reverse rgbashift roberts rotate scale scharr
    scroll selectivecolor setpts setsar shear shufflepixels shuffleplanes sobel swaprect swapuv tblend thumbnail tile
    tiltandshift tmedian tmix tonemap tpad transpose trim unsharp v360 vflip vibrance vignette w3fdif xbr yadif
    yaepblur zoompan
"""
ALLOWED = frozenset(_NAMES.split())
# These take files by some of their options; by these names they are refused.
_FILE_OPTIONS = {"curves": ("psfile", "plot"), "selectivecolor": ("psfile",)}
_LOADED = re.compile(
    r"(?:^|:)\s*/"
)  # FFmpeg reads the value of an option from a file where `/` is before its name
_TEXT = re.compile(r"\\(.)|'([^']*)'|([^\\'\[\],;])", re.DOTALL)

Filter = tuple[str, str]  # its name, and its options as one text


def read_chain(text: str) -> tuple[Filter, ...]:
    """Returns the filters of a chain such as "hue=s=0,gblur=sigma=2".

    Quotes and backslashes are read as FFmpeg reads them. Raises JobError for what is no chain of filters that take one
    picture and nothing else.
    """
    filters, at = list[Filter](), 0
    while at <= len(text):
        part, at = _token(text, at)
        name, _, options = part.strip().partition("=")
        filters.append((name.partition("@")[0].strip(), options.strip()))
        if at < len(text) and text[at] != ",":
            got = text[at : at + 20]
            raise chain_fault("has links", "filters joined by commas, of one picture in and one out", got)
        at += 1
    if len(filters) > MOST_FILTERS:
        raise chain_fault("has too many filters", f"up to {MOST_FILTERS}", str(len(filters)))
    for name, options in filters:
        _check_filter(name, options)
    return tuple(filters)


def _token(text: str, at: int) -> tuple[str, int]:
    """Returns the text of one filter, without its quotes and backslashes, and the place of what ends it."""
    parts = list[str]()
    while found := _TEXT.match(text, at):
        parts.append(found[1] or found[2] or found[3] or "")
        at = found.end()
    return "".join(parts), at


def _check_filter(name: str, options: str) -> None:
    if name not in filters_available:
        raise unknown(name, ALLOWED & set(filters_available), "ffmpeg.filters", "filter")
    if name not in ALLOWED:
        what = f"has the filter {name}, which is not for one picture alone"
        raise chain_fault(what, "filters that read and write nothing but the picture", name)
    files = _FILE_OPTIONS.get(name, ())
    unnamed = [part for part in options.split(":")[1:] if "=" not in part] if files else []
    if _LOADED.search(options) or any(each in options for each in files) or unnamed:
        what = f"has the filter {name} with an option that may name a file"
        raise chain_fault(what, "options by their names, none of a file", options)


def chain_fault(what: str, expected: str, got: str, fix: str = "") -> JobError:
    """Returns the error for a chain of filters. what: said after "the filter chain"."""
    return JobError(f"the filter chain {what}", where="ffmpeg.filters", expected=expected, got=got, fix=fix)

"""Answerprint: finishes generated video into signed, labelled, matched films."""

import logging

__version__ = "0.1.0"
# The loggers over everything this program logs; silent unless somebody gives them a handler.
LOGGERS = ("post", "presets", "provenance")
logging.getLogger(__name__).addHandler(logging.NullHandler())

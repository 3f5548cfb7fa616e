"""The places of keys that are not in a file: each module here is one, see `provenance.signing.place`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from provenance.signing.place import KeyPlace


@cache
def find_places() -> Mapping[str, KeyPlace]:
    """Returns every place of this folder by the scheme of its URIs. Imports no SDK.

    Raises ValueError if two modules declare the same scheme.
    """
    found: dict[str, KeyPlace] = {}
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        place: KeyPlace = import_module(f"{__name__}.{module}").PLACE
        if place.form.scheme in found:
            raise ValueError(f"{module}: another place has the scheme {place.form.scheme}")
        found[place.form.scheme] = place
    return MappingProxyType(found)

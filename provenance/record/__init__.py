"""Records how clips were generated: the fields of a service's request and answer, each with how it is known.

from provenance.record import record, write_sidecar
"""

from provenance.record.model import (
    FIELDS,
    HOW,
    PROMPTS,
    Conflict,
    FieldValue,
    GeneratorRecord,
    How,
    find_conflicts,
    merge,
)
from provenance.record.reading import from_maker, record
from provenance.record.recorders import RECORDERS
from provenance.record.sidecar import (
    JSON_SCHEMA,
    SCHEMA,
    find_beside,
    read_record,
    to_json,
    write_sidecar,
)

__all__ = [
    "FIELDS",
    "HOW",
    "JSON_SCHEMA",
    "PROMPTS",
    "RECORDERS",
    "SCHEMA",
    "Conflict",
    "FieldValue",
    "GeneratorRecord",
    "How",
    "find_beside",
    "find_conflicts",
    "from_maker",
    "merge",
    "read_record",
    "record",
    "to_json",
    "write_sidecar",
]

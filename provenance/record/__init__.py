"""How clips were generated: records made from what services were asked and answered, and how each thing
in them is known.

    from provenance.record import record, write_sidecar
"""

from provenance.record.model import FIELDS, HOW, PROMPTS, Conflict, How, Known, Record, conflicts, merged
from provenance.record.reading import by_hand, record
from provenance.record.recorders import RECORDERS
from provenance.record.sidecar import JSON_SCHEMA, SCHEMA, beside, plain, read_record, write_sidecar

__all__ = [
    "FIELDS",
    "HOW",
    "JSON_SCHEMA",
    "PROMPTS",
    "RECORDERS",
    "SCHEMA",
    "Conflict",
    "How",
    "Known",
    "Record",
    "beside",
    "by_hand",
    "conflicts",
    "merged",
    "plain",
    "read_record",
    "record",
    "write_sidecar",
]

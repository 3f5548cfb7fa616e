"""Makes small films with an AIGC label and IPTC's fields, or faults in them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from provenance.labels import xmp


def write_marked(path: Path, aigc: str = "", source_type: str = "") -> Path:
    """Writes a film of two frames. aigc: the text under the key AIGC, "" for none; source_type: in XMP, "" for none."""
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        if aigc:
            out.metadata["AIGC"] = aigc
        stream = out.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(2):
            out.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24"))
            )
        out.mux(stream.encode())
    if source_type:
        with path.open("ab") as file:
            file.write(xmp.build_box(xmp.build_packet(xmp.IptcFields(source_type))))
    return path

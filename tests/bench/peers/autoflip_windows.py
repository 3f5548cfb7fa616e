"""Prints pyautoflip's 9:16 windows, [left, width] in shares of each frame of a clip, as one JSON list.

Run by an interpreter that has pyautoflip 0.2.1 (MIT): python autoflip_windows.py CLIP OUT. It works by UNISAL's
saliency and by the face detector of MediaPipe that are in its wheel; its other face detector downloads its weights.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any


def main() -> None:
    cropper = importlib.import_module("pyautoflip.cropping.saliency_cropper").SaliencyCropper
    faces = importlib.import_module("pyautoflip.detection.mediapipe_face_detector").FaceDetector
    processor = importlib.import_module("pyautoflip.core.processor").AutoFlipProcessor
    made: list[tuple[float, float]] = []
    found = cropper.process_scene

    def keep(self: Any, *given: Any, **named: Any) -> Any:
        self._face_detector = faces()
        windows = found(self, *given, **named)
        made.extend((float(each[0]), float(each[2])) for each in windows)
        return windows

    cropper.process_scene = keep
    processor("9:16", detection_method="saliency").process_video(sys.argv[1], sys.argv[2])
    print(json.dumps(made))


if __name__ == "__main__":
    main()

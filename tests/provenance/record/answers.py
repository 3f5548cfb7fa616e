"""What services are asked and what they answer, in the shapes of their own SDKs and REST references."""

from __future__ import annotations

from typing import Any

PROMPT = "A dog runs through snow.\nSlow motion, 35 mm \N{DOG}\ufe0f"
SIGNED_URL = "https://storage.example.com/out/clip.mp4?X-Amz-Signature=0123456789abcdef&_jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"

# google-genai: client.models.generate_videos(...), and the operation's model_dump()
VEO_ASKED: dict[str, Any] = {
    "model": "veo-3.1-generate-preview",
    "prompt": PROMPT,
    "config": {"negative_prompt": "text, logos", "seed": 41, "duration_seconds": 8, "aspect_ratio": "16:9"},
}
VEO_TOLD: dict[str, Any] = {
    "name": "models/veo-3.1-generate-preview/operations/f0o1b2a3r4",
    "metadata": None,
    "done": True,
    "error": None,
    "response": {
        "generated_videos": [{"video": {"uri": SIGNED_URL, "video_bytes": None, "mime_type": "video/mp4"}}],
        "rai_media_filtered_count": None,
    },
}
# Gemini, REST: the same in camel case
VEO_REST_ASKED: dict[str, Any] = {
    "instances": [{"prompt": PROMPT}],
    "parameters": {"negativePrompt": "text, logos", "seed": 41, "durationSeconds": 8},
}
VEO_REST_TOLD: dict[str, Any] = {
    "name": "models/veo-3.1-generate-preview/operations/f0o1b2a3r4",
    "done": True,
    "response": {
        "@type": "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse",
        "generateVideoResponse": {"generatedSamples": [{"video": {"uri": SIGNED_URL}}]},
    },
}
# Vertex AI, REST
VERTEX_TOLD: dict[str, Any] = {
    "name": "projects/p/locations/us-central1/publishers/google/models/veo-3.0-generate-001/operations/a1-b2",
    "done": True,
    "response": {
        "@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse",
        "raiMediaFilteredCount": 0,
        "videos": [{"gcsUri": "gs://bucket/clip.mp4", "mimeType": "video/mp4"}],
    },
}
# runwayml: POST /v1/image_to_video, GET /v1/tasks/{id}
RUNWAY_ASKED: dict[str, Any] = {
    "model": "gen4_turbo",
    "promptText": PROMPT,
    "promptImage": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
    "ratio": "1280:720",
    "duration": 5,
    "seed": 4294967295,
}
RUNWAY_TOLD: dict[str, Any] = {
    "id": "17f20503-6c24-4c16-946b-35dbbce2af2f",
    "status": "SUCCEEDED",
    "createdAt": "2026-06-27T19:49:32.334Z",
    "output": [SIGNED_URL],
}
# lumaai: the Generation, which echoes its request
LUMA_TOLD: dict[str, Any] = {
    "id": "123e4567-e89b-12d3-a456-426614174000",
    "generation_type": "video",
    "state": "completed",
    "failure_reason": None,
    "created_at": "2026-05-01T10:00:00Z",
    "assets": {"video": SIGNED_URL, "image": None, "progress_video": None},
    "model": "ray-2",
    "request": {
        "generation_type": "video",
        "prompt": PROMPT,
        "aspect_ratio": "16:9",
        "loop": False,
        "keyframes": {"frame0": {"type": "generation", "id": "7d4e"}, "frame1": None},
        "callback_url": "https://hooks.example.com/luma?token=topsecret",
        "concepts": [{"key": "dolly_zoom"}],
        "model": "ray-2",
        "resolution": "720p",
        "duration": "5s",
    },
}
# openai: the Video
OPENAI_TOLD: dict[str, Any] = {
    "id": "video_68d7512d07848190b3e45da0ecbebcde",
    "object": "video",
    "created_at": 1758941485,
    "completed_at": 1758941600,
    "expires_at": 1758945200,
    "status": "completed",
    "model": "sora-2",
    "progress": 100,
    "prompt": PROMPT,
    "seconds": "8",
    "size": "1280x720",
    "remixed_from_video_id": "video_1234",
    "error": None,
}
# ComfyUI: POST /prompt and GET /history/{id}. Two samplers (Wan 2.2: high and low noise), two loaders.
GRAPH: dict[str, Any] = {
    "1": {"class_type": "UNETLoader", "inputs": {"unet_name": "wan2.2_t2v_high.safetensors"}},
    "2": {"class_type": "UNETLoader", "inputs": {"unet_name": "wan2.2_t2v_low.safetensors"}},
    "3": {"class_type": "CLIPLoader", "inputs": {"clip_name": "umt5.safetensors", "type": "wan"}},
    "4": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["3", 0], "text": PROMPT}},
    "5": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["3", 0], "text": "blurry"}},
    "6": {"class_type": "VAELoader", "inputs": {"vae_name": "wan_vae.safetensors"}},
    "7": {
        "class_type": "KSamplerAdvanced",
        "inputs": {"model": ["1", 0], "positive": ["4", 0], "negative": ["5", 0], "noise_seed": 8566257},
    },
    "8": {
        "class_type": "KSamplerAdvanced",
        "inputs": {"model": ["2", 0], "positive": ["9", 0], "negative": ["5", 0], "noise_seed": 0},
    },
    "9": {
        "class_type": "ConditioningCombine",
        "inputs": {"conditioning_1": ["4", 0], "conditioning_2": ["9", 0]},
    },
    "10": {"class_type": "SaveVideo", "inputs": {"video": ["8", 0], "filename_prefix": "video/ComfyUI"}},
}
COMFY_ASKED: dict[str, Any] = {"prompt": GRAPH, "client_id": "a-client"}
COMFY_TOLD: dict[str, Any] = {
    "0a1b2c": {
        "prompt": [3, "0a1b2c", GRAPH, {"client_id": "a-client"}, ["10"]],
        "outputs": {"10": {"images": [{"filename": "ComfyUI_00001_.mp4", "type": "output"}]}},
        "status": {"status_str": "success", "completed": True},
    }
}

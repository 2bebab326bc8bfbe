"""Writes test/stages/index/golden/perceptual-hashes.json: pictures of 32 x 32 pixels and ImageHash's `phash` of them.

Needs ImageHash 4.3: python3 scripts/make-perceptual-hashes.py
"""

import base64
import json
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

SIDE = 32
y, x = np.mgrid[0:SIDE, 0:SIDE]
random = np.random.default_rng(5)
blobs = sum(
    height * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width**2))
    for cx, cy, width, height in random.uniform([0, 0, 2, -120], [32, 32, 9, 120], (12, 4))
)
PICTURES = {
    "grey blobs": np.clip(128 + blobs, 0, 255),
    "coloured blobs": np.stack([np.clip(128 + blobs * share, 0, 255) for share in (1, -0.5, 0.7)], 2),
    "grey noise": random.integers(0, 256, (SIDE, SIDE)),
    "coloured noise": random.integers(0, 256, (SIDE, SIDE, 3)),
    "dark noise": random.integers(0, 12, (SIDE, SIDE)),
}


def golden(name: str, values: np.ndarray) -> dict:
    pixels = values.astype(np.uint8)
    return {
        "name": name,
        "channels": 1 if pixels.ndim == 2 else pixels.shape[2],
        "pixels": base64.b64encode(pixels.tobytes()).decode(),
        "hash": str(imagehash.phash(Image.fromarray(pixels))),
    }


out = Path(__file__).parent.parent / "test/stages/index/golden/perceptual-hashes.json"
out.write_text(json.dumps([golden(name, values) for name, values in PICTURES.items()], indent=1) + "\n")

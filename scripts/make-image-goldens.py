"""Makes the goldens of test/shared/image/: what torchvision draws and what Pillow makes of a synthetic picture.

usage: make-image-goldens.py   (torch, torchvision, numpy, pillow; writes test/shared/image/golden/)

- crops.json: quantiles (0, 1/500, .. 1) of 100,000 boxes of torchvision's RandomResizedCrop.get_params per image size
  (share of the area, natural logarithm of width over height, centre in shares of the image), and of 100,000 angles of
  RandomRotation(30).get_params
- resized.json: sizes and centre crops by torchvision for a range of image sizes
- clean.png: a picture (the formula is in `picture`, and again in the test) after Resize(32) and CenterCrop(32)
- turned.png: clean.png turned by 20 degrees, bilinear, on black
- coloured.png: clean.png after brightness 1.3, contrast 0.6 and saturation 1.5
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

golden = Path(__file__).resolve().parent.parent / "test/shared/image/golden"
draws, quantiles = 100_000, 501


def quantiles_of(values):
    return [round(float(q), 5) for q in np.quantile(values, np.linspace(0, 1, quantiles))]


def boxes(width, height):
    image = Image.new("RGB", (width, height))
    drawn = [transforms.RandomResizedCrop.get_params(image, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(draws)]
    top, left, h, w = np.array(drawn, dtype=float).T
    return {
        "width": width,
        "height": height,
        "area": quantiles_of(w * h / (width * height)),
        "logRatio": quantiles_of(np.log(w / h)),
        "centreX": quantiles_of((left + w / 2) / width),
        "centreY": quantiles_of((top + h / 2) / height),
    }


def picture(width, height):
    y, x = np.mgrid[0:height, 0:width]
    red = (x * 5 + y * 3) % 256
    green = np.where((x // 8 + y // 8) % 2 == 0, 220, 40)
    blue = (x * y) // 16 % 256
    return Image.fromarray(np.stack([red, green, blue], axis=2).astype(np.uint8))


def sizes():
    found = []
    for width, height in [(400, 533), (533, 400), (32, 32), (500, 375), (90, 90), (641, 480), (333, 1000), (225, 227)]:
        resized = transforms.Resize(224)(Image.new("L", (width, height)))
        row = torch.arange(resized.width).repeat(resized.height, 1)
        column = torch.arange(resized.height).repeat(resized.width, 1).T
        cut = functional.center_crop(torch.stack([row, column]), [224, 224])
        found.append(
            {
                "photo": [width, height],
                "resized": [resized.width, resized.height],
                "left": int(cut[0, 0, 0]),
                "top": int(cut[1, 0, 0]),
            }
        )
    return found


torch.manual_seed(0)
golden.mkdir(parents=True, exist_ok=True)
angles = [transforms.RandomRotation.get_params([-30.0, 30.0]) for _ in range(draws)]
crops = {
    "sizes": [boxes(224, 298), boxes(298, 224), boxes(224, 224), boxes(224, 672)],
    "angle": quantiles_of(angles),
}
(golden / "crops.json").write_text(json.dumps(crops) + "\n")
(golden / "resized.json").write_text(json.dumps(sizes()) + "\n")

clean = transforms.CenterCrop(32)(transforms.Resize(32)(picture(97, 61)))
clean.save(golden / "clean.png")
functional.rotate(clean, 20, transforms.InterpolationMode.BILINEAR).save(golden / "turned.png")
coloured = functional.adjust_brightness(clean, 1.3)
coloured = functional.adjust_contrast(coloured, 0.6)
functional.adjust_saturation(coloured, 1.5).save(golden / "coloured.png")

"""Random views by torchvision's chain, a photo decoded for each, in loader processes: the peer of bench/augment.ts.

usage: torchvision_views.py FOLDER [--workers 2] [--side 224]; prints JSON {"views", "seconds"}
"""

import argparse
import json
import time

import torch
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--side", type=int, default=224)
arguments = parser.parse_args()

torch.set_num_threads(1)
chain = transforms.Compose(
    [
        transforms.Resize(arguments.side),
        transforms.RandomResizedCrop(arguments.side),
        transforms.RandomHorizontalFlip(),
        transforms.RandomRotation(30),
        transforms.PILToTensor(),
    ]
)
photos = ImageFolder(arguments.folder, chain)


started = time.perf_counter()
views = 0
for batch, _ in DataLoader(photos, batch_size=64, num_workers=arguments.workers):
    views += len(batch)
seconds = time.perf_counter() - started
print(json.dumps({"views": views, "seconds": seconds}))

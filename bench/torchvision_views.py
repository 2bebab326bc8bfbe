"""Random views by torchvision's chain, a photo decoded for each, in loader processes: the peer of bench/augment.ts.

usage: torchvision_views.py FOLDER [--workers 2] [--side 224]; prints JSON {"views", "seconds", "cpuSeconds"}
"""

import argparse
import json
import resource
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


def cpu_seconds():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


started, cpu_before = time.perf_counter(), cpu_seconds()
views = 0
for batch, _ in DataLoader(photos, batch_size=64, num_workers=arguments.workers):
    views += len(batch)
seconds = time.perf_counter() - started
print(json.dumps({"views": views, "seconds": seconds, "cpuSeconds": cpu_seconds() - cpu_before}))

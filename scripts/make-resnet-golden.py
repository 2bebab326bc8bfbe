"""Writes what torchvision makes of residual networks, for test/shared/backbone/resnet.test.ts and test/slow/resnet.test.ts.

    python -m venv venv
    venv/bin/pip install torch torchvision numpy safetensors
    venv/bin/python scripts/make-resnet-golden.py

Two tiny networks of torchvision's own blocks with random weights, each a safetensors file, and their logits; of the
five real ones the names and shapes of their tensors (as a digest) and the logits that they give with weights which the
test makes again from a formula: the real weights are neither needed nor fetched.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
import torchvision
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

FOLDER = Path(__file__).parent.parent / "test/shared/backbone/golden"

# Widths, blocks in each layer and element types of the tiny networks.
TINY = {
    "bottleneck": (Bottleneck, 2, [1, 2, 1, 1], [torch.float32]),
    "basic": (BasicBlock, 2, [2, 1, 1, 2], [torch.float16, torch.bfloat16]),
}
TINY_CLASSES, TINY_SIDE = 5, 48

# The side of the photo that each real network is given.
REAL = {"resnet18": 224, "resnet34": 96, "resnet50": 224, "resnet101": 96, "resnet152": 64}


class TinyResNet(ResNet):
    """torchvision's network with another width: its constructor has 64 written into it."""

    def __init__(self, block, width, layers, classes):
        super(ResNet, self).__init__()
        self._norm_layer = torch.nn.BatchNorm2d
        self.inplanes, self.dilation, self.groups, self.base_width = width, 1, 1, 64
        self.conv1 = torch.nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(width)
        self.relu = torch.nn.ReLU(inplace=True)
        self.maxpool = torch.nn.MaxPool2d(3, 2, 1)
        for i, count in enumerate(layers):
            setattr(self, f"layer{i + 1}", self._make_layer(block, width * 2**i, count, 1 if i == 0 else 2))
        self.avgpool = torch.nn.AdaptiveAvgPool2d((1, 1))
        self.fc = torch.nn.Linear(width * 8 * block.expansion, classes)


def formula(key, shape):
    """Numbers that are the same in every language: MurmurHash3's finalizer of the position, then a scale by role."""
    start = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "little")
    count = int(np.prod(shape))
    hashed = np.arange(count, dtype=np.uint32) + np.uint32(start)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashed = (hashed ^ (hashed >> np.uint32(shift))) * np.uint32(factor)
    hashed ^= hashed >> np.uint32(16)
    unit = hashed.astype(np.float64) / 2**32
    if key.endswith("running_var") or (len(shape) == 1 and key.endswith(".weight")):
        numbers = 0.5 + unit
    elif len(shape) == 1:
        numbers = 0.2 * (unit - 0.5)
    else:
        # He et al.'s deviation of sqrt(2 / fan in), of a uniform distribution.
        numbers = (unit - 0.5) * np.sqrt(24 / np.prod(shape[1:]))
    return torch.from_numpy(numbers.astype(np.float32).reshape(shape))


def pixels(side):
    return formula("pixels", (2, 3, side, side)) / np.sqrt(24 / (3 * side * side))


def filled(network):
    state = network.state_dict()
    return {key: formula(key, value.shape) if value.is_floating_point() else value for key, value in state.items()}


def logits(network, state, side):
    network.load_state_dict({key: value.float() if value.is_floating_point() else value for key, value in state.items()})
    with torch.no_grad():
        return network.eval()(pixels(side)).numpy()


def tiny(name):
    block, width, layers, types = TINY[name]
    network = TinyResNet(block, width, layers, TINY_CLASSES)
    state = {
        key: value.to(types[i % len(types)]) if value.is_floating_point() else value
        for i, (key, value) in enumerate(filled(network).items())
    }
    safetensors.torch.save_file(state, FOLDER / f"{name}.safetensors", {"format": "pt"})
    return {"width": width, "layers": layers, "side": TINY_SIDE, "logits": logits(network, state, TINY_SIDE).tolist()}


def real(name):
    network = getattr(torchvision.models, name)(weights=None)
    state = filled(network)
    lines = sorted(f"{key} {'x'.join(map(str, value.shape))}" for key, value in state.items() if value.dim() > 0)
    given = logits(network, state, REAL[name])
    return {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "shapes": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "side": REAL[name],
        "largest": float(np.abs(given).max()),
        # Every 50th will do.
        "logits": given[:, ::50].tolist(),
    }


def main():
    FOLDER.mkdir(exist_ok=True)
    torch.set_num_threads(1)
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    golden = {"versions": versions, "tiny": {n: tiny(n) for n in TINY}, "real": {n: real(n) for n in REAL}}
    (FOLDER / "resnet.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()

"""Runs or trains a graph of convolutions in PyTorch, channels_last: the rival of bench/training.ts and bench/gpu.ts, which start it.

    python bench/pytorch_rival.py FOLDER

FOLDER holds task.json (bench/rival.ts says what is in it), network.onnx and input.bin, what goes into the network: float32 maps, or
pixels, uint8 [n, side, side, 3], which are normalised here. Answers every line of its input with one of JSON: seconds and losses of a
few steps.
"""

import collections
import json
import sys
import time

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional


def attribute(node, name, otherwise):
    return next((onnx.helper.get_attribute_value(a) for a in node.attribute if a.name == name), otherwise)


def convolution(node, x, weight, bias=None):
    top, left, bottom, right = attribute(node, "pads", [0, 0, 0, 0])
    strides, group = attribute(node, "strides", [1, 1]), attribute(node, "group", 1)
    dilations = attribute(node, "dilations", [1, 1])
    if (top, left) != (bottom, right):
        x, top, left = functional.pad(x, (left, right, top, bottom)), 0, 0
    return functional.conv2d(x, weight, bias, strides, (top, left), dilations, group)


def largest(node, x):
    top, left, *_ = attribute(node, "pads", [0, 0, 0, 0])
    return functional.max_pool2d(x, attribute(node, "kernel_shape", None), attribute(node, "strides", [1, 1]), (top, left))


def clip(_, x, low, high):
    return functional.hardtanh(x, float(low), float(high))


# As torchvision's and EfficientNet's own modules do: ReLU(inplace=True), ReLU6(inplace=True).
IN_PLACE = {
    "Clip": lambda _, x, low, high: functional.hardtanh_(x, float(low), float(high)),
    "Relu": lambda _, x: functional.relu_(x),
}


OPERATORS = {
    "Conv": convolution,
    "Clip": clip,
    "Relu": lambda _, x: functional.relu(x),
    "Add": lambda _, a, b: a + b,
    "MaxPool": largest,
    "GlobalAveragePool": lambda _, x: functional.adaptive_avg_pool2d(x, 1),
    "Flatten": lambda _, x: x.flatten(1),
    "MatMul": lambda _, a, b: a @ b,
}


class Network(torch.nn.Module):
    def __init__(self, graph):
        super().__init__()
        self.graph = graph
        self.constants, self.names = {}, {}
        for i, tensor in enumerate(graph.initializer):
            array = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            if array.ndim == 0:
                self.constants[tensor.name] = array
                continue
            if array.ndim == 4:
                array = array.contiguous(memory_format=torch.channels_last)
            self.names[tensor.name] = f"p{i}"
            self.register_parameter(f"p{i}", torch.nn.Parameter(array))

        # What another node reads too must stay as it is, and so must what came from outside.
        uses = collections.Counter(name for node in graph.node for name in node.input)
        uses.update([graph.input[0].name, *(output.name for output in graph.output)])
        self.functions = [
            IN_PLACE[node.op_type] if node.op_type in IN_PLACE and uses[node.input[0]] == 1 else OPERATORS[node.op_type]
            for node in graph.node
        ]

    def forward(self, x):
        values = {self.graph.input[0].name: x, **self.constants}
        values.update({name: getattr(self, own) for name, own in self.names.items()})
        for node, function in zip(self.graph.node, self.functions):
            values[node.output[0]] = function(node, *[values[name] for name in node.input])
        return [values[output.name] for output in self.graph.output]


def source(folder, task, device):
    """What makes a batch ready: maps stay on the device, pixels travel and are normalised each time."""
    shape = [task["batch"], *task["shape"]]
    if task["pixels"] is None:
        x = torch.from_numpy(np.fromfile(f"{folder}/input.bin", np.float32)).reshape(shape)
        x = x.contiguous(memory_format=torch.channels_last).to(device)
        return lambda: x
    pixels = torch.from_numpy(np.fromfile(f"{folder}/input.bin", np.uint8)).reshape(shape)
    mean, std = (torch.tensor(task["pixels"][name], device=device).view(1, 3, 1, 1) for name in ("mean", "std"))
    # [n, h, w, 3] seen as [n, 3, h, w] is channels_last as it lies.
    return lambda: (pixels.to(device).permute(0, 3, 1, 2) - mean) / std


def training(network, batch, labels, rate, autocast):
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, fused=True)

    def step():
        optimizer.zero_grad()
        with autocast():
            (logits,) = network(batch())
        loss = functional.cross_entropy(logits.float(), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def forward(network, batch, autocast):
    def step():
        with torch.inference_mode(), autocast():
            for output in network(batch()):
                output.float().cpu().numpy()
        return 0.0

    return step


def main():
    folder = sys.argv[1]
    with open(f"{folder}/task.json") as file:
        task = json.load(file)
    torch.set_num_threads(task["threads"])
    device = torch.device(task["device"])
    network = Network(onnx.load(f"{folder}/network.onnx").graph).to(device)
    batch = source(folder, task, device)

    def autocast():
        return torch.autocast(device.type, torch.bfloat16, enabled=task["bf16"])

    if task["training"] is None:
        step = forward(network, batch, autocast)
    else:
        labels = (torch.arange(task["batch"]) % task["training"]["classes"]).to(device)
        step = training(network, batch, labels, task["training"]["rate"], autocast)

    print("ready", flush=True)
    for _ in sys.stdin:
        seconds, losses = [], []
        for _ in range(task["steps"]):
            started = time.perf_counter()
            losses.append(step())
            seconds.append(time.perf_counter() - started)
        print(json.dumps({"seconds": seconds, "losses": losses}), flush=True)


if __name__ == "__main__":
    main()

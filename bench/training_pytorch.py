"""Trains a graph of convolutions in PyTorch, channels_last: the rival of bench/training.ts, which starts it.

    python bench/training_pytorch.py FOLDER BATCH CLASSES C H W THREADS RATE STEPS

FOLDER holds tail.onnx, the graph, and maps.f32, what goes into it. Answers every line of its input with one of JSON: seconds and
losses of STEPS steps.
"""

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


def clip(_, x, low, high):
    return functional.hardtanh(x, float(low), float(high))


OPERATORS = {
    "Conv": convolution,
    "Clip": clip,
    "Relu": lambda _, x: functional.relu(x),
    "Add": lambda _, a, b: a + b,
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

    def forward(self, x):
        values = {self.graph.input[0].name: x, **self.constants}
        values.update({name: getattr(self, own) for name, own in self.names.items()})
        for node in self.graph.node:
            values[node.output[0]] = OPERATORS[node.op_type](node, *[values[name] for name in node.input])
        return values[self.graph.output[0].name]


def main():
    folder = sys.argv[1]
    batch, classes, *dims, threads = map(int, sys.argv[2:8])
    rate, steps = float(sys.argv[8]), int(sys.argv[9])
    torch.set_num_threads(threads)
    network = Network(onnx.load(f"{folder}/tail.onnx").graph)
    x = torch.from_numpy(np.fromfile(f"{folder}/maps.f32", np.float32)).reshape(batch, *dims)
    x = x.contiguous(memory_format=torch.channels_last)
    labels = torch.arange(batch) % classes
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, fused=True)

    def step():
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    print("ready", flush=True)
    for _ in sys.stdin:
        seconds, losses = [], []
        for _ in range(steps):
            started = time.perf_counter()
            losses.append(step())
            seconds.append(time.perf_counter() - started)
        print(json.dumps({"seconds": seconds, "losses": losses}), flush=True)


if __name__ == "__main__":
    main()

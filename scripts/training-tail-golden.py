"""Whole training steps of small networks' tails in PyTorch, float64: what test/shared/training/tail.test.ts is held to.

    python scripts/training-tail-golden.py test/shared/training/golden

For each network a file .onnx (as torch exports it, float64) and a file .json: the tail's inputs, the losses of three steps of
AdamW, and every parameter after them (float64, base64).
"""

import base64
import json
import sys
import warnings

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional

BATCH, CLASSES, STEPS = 3, 4, 3
RATE, BLOCK_RATE, DECAY, SMOOTHING = 1e-2, 0.3, 0.05, 0.1
# Of AdamW: so large that gradients of nothing but rounding (those of the keys' biases) move nothing, in float32 either.
EPSILON = 1e-3


class Mobile(nn.Module):
    """EfficientNet-Lite's inverted bottleneck: expand, depthwise, project, each with batch normalisation."""

    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        wide = 3 * inputs
        self.expand = normalised(inputs, wide, 1)
        self.depthwise = normalised(wide, wide, kernel, stride, groups=wide)
        self.project = normalised(wide, outputs, 1)
        self.around = inputs == outputs and stride == 1

    def forward(self, x):
        y = functional.relu6(self.depthwise(functional.relu6(self.expand(x))))
        return self.project(y) + x if self.around else self.project(y)


class Bottleneck(nn.Module):
    """ResNet's bottleneck, with a projection where the dimensions change."""

    def __init__(self, inputs, width, outputs, stride=1):
        super().__init__()
        self.first = normalised(inputs, width, 1)
        self.second = normalised(width, width, 3, stride)
        self.third = normalised(width, outputs, 1)
        self.projection = nn.Identity() if inputs == outputs else normalised(inputs, outputs, 1, stride)

    def forward(self, x):
        y = functional.relu(self.second(functional.relu(self.first(x))))
        return functional.relu(self.third(y) + self.projection(x))


class Layer(nn.Module):
    """A vision transformer's layer, norms first."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        tokens, width = x.shape[1:]
        qkv = self.qkv(self.norm1(x)).reshape(-1, tokens, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(-1, tokens, width))
        return x + self.narrow(functional.gelu(self.wide(self.norm2(x))))


def normalised(inputs, outputs, kernel, stride=1, groups=1):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs))


class Lite(nn.Module):
    side, dims = 14, [6, 7, 7]

    def __init__(self):
        super().__init__()
        self.stem = normalised(3, 6, 3, 2)
        self.block0, self.block1 = Mobile(6, 6, 5), Mobile(6, 8, 3, 2)
        self.head = normalised(8, 16, 1)

    def bottom(self, x):
        return functional.relu6(self.stem(x))

    def top(self, x):
        x = self.block0(x)
        y = self.block1(x)
        return [x, y, functional.relu6(self.head(y)).mean((2, 3))]


class ResNet(nn.Module):
    side, dims = 16, [8, 8, 8]

    def __init__(self):
        super().__init__()
        self.stem = normalised(3, 8, 3, 2)
        self.block0, self.block1 = Bottleneck(8, 4, 12, 2), Bottleneck(12, 4, 12)

    def bottom(self, x):
        return functional.relu(self.stem(x))

    def top(self, x):
        x = self.block0(functional.max_pool2d(x, 3, 2, 1))
        y = self.block1(x)
        return [x, y, functional.adaptive_avg_pool2d(y, 1).flatten(1)]


class Transformer(nn.Module):
    side, dims = 12, [3, 12, 12]

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 12, 4, 4)
        self.token = nn.Parameter(torch.randn(1, 1, 12))
        self.positions = nn.Parameter(torch.randn(1, 10, 12))
        self.block0, self.norm = Layer(12, 2), nn.LayerNorm(12)

    def bottom(self, x):
        return x

    def top(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        x = self.block0(x)
        return [x, self.norm(x)[:, 0]]


class Whole(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        boundary = self.network.bottom(x)
        return boundary, *self.network.top(boundary)


def randomise(network):
    """Statistics, scales and shifts as a trained network has them, not 0 and 1."""
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.3)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)


def exported(network, path):
    """Writes the file; answers the names of the tensors at its boundaries, and for each parameter the tensor that has it."""
    names = ["boundary", *[f"block{i}" for i in range(len(network.top(torch.zeros(1, *network.dims))) - 1)], "pooled"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole(network),
            (torch.zeros(2, 3, network.side, network.side),),
            path,
            input_names=["input"],
            output_names=names,
            dynamic_axes={"input": {0: "n"}},
            opset_version=17,
            training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
            dynamo=False,
        )
    model = onnx.load(path)
    found = {}
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        for name, parameter in network.named_parameters():
            same = parameter.detach().numpy()
            if array.shape == same.shape and np.array_equal(array, same):
                found[name] = (tensor.name, False)
            elif same.ndim == 2 and array.shape == same.T.shape and np.array_equal(array, same.T):
                found[name] = (tensor.name, True)
    outputs = {}
    makers = {node.output[0]: node for node in model.graph.node}
    for node in model.graph.node:
        if node.op_type == "BatchNormalization":
            outputs[makers[node.input[0]].input[1]] = node.output[0]
    return names, found, outputs


def fold(network):
    for name, module in list(network.named_modules()):
        if isinstance(module, nn.Sequential):
            # It makes the bias of a convolution that had none one without a gradient.
            module[0] = nn.utils.fuse_conv_bn_eval(module[0], module[1]).requires_grad_()
            module[1] = nn.Identity()


def golden(name, network, folder, folded):
    randomise(network)
    network.eval()
    names, found, outputs = exported(network, f"{folder}/{name}.onnx")
    boundary = names[0] if folded or name == "resnet" else "input"
    called = {parameter: tensor for parameter, (tensor, _) in found.items()}
    if folded:
        fold(network)
        for module, convolution in network.named_modules():
            if isinstance(convolution, nn.Conv2d):
                output = outputs[called[f"{module}.weight"]]
                called[f"{module}.weight"], called[f"{module}.bias"] = f"{output}.weight", f"{output}.bias"
    below = {parameter for parameter, _ in network.named_parameters() if parameter.startswith("stem")}
    trained = {parameter: tensor for parameter, tensor in network.named_parameters() if parameter not in below}
    features = network.top(torch.zeros(1, *network.dims))[-1].shape[1]
    head = nn.Linear(features, CLASSES)
    heads = {"head.weight": head.weight, "head.bias": head.bias}
    initial = {key: value.detach().numpy().copy() for key, value in heads.items()}

    decays = lambda tensor: tensor.ndim in (2, 4)
    optimizer = torch.optim.AdamW(
        [
            {"params": [t], "lr": RATE * rate, "weight_decay": DECAY if decays(t) else 0}
            for group, rate in ((trained, BLOCK_RATE), (heads, 1))
            for t in group.values()
        ],
        eps=EPSILON,
    )
    steps = []
    for _ in range(STEPS):
        pixels = torch.randn(BATCH, 3, network.side, network.side)
        x = network.bottom(pixels).detach().float().double()
        labels = torch.randint(0, CLASSES, (BATCH,))
        loss = functional.cross_entropy(head(network.top(x)[-1]), labels, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps.append({"x": packed(x.float()), "labels": labels.tolist(), "loss": loss.item()})

    turned = {parameter for parameter, (_, transposed) in found.items() if transposed}
    final = {}
    for parameter, tensor in trained.items():
        array = tensor.detach().numpy()
        final[called[parameter]] = packed(torch.from_numpy(array.T.copy() if parameter in turned else array))
    final["head.weight"] = packed(head.weight.detach().T.contiguous())
    final["head.bias"] = packed(head.bias.detach())
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(
            {
                "boundary": boundary,
                "blocks": names[1:-1],
                "dims": network.dims,
                "features": features,
                "batch": BATCH,
                "classes": CLASSES,
                "learningRate": RATE,
                "blockRate": BLOCK_RATE,
                "decay": DECAY,
                "epsilon": EPSILON,
                "labelSmoothing": SMOOTHING,
                "head": {
                    "head.weight": packed(torch.from_numpy(initial["head.weight"].T.copy())),
                    "head.bias": packed(torch.from_numpy(initial["head.bias"])),
                },
                "steps": steps,
                "final": final,
            },
            file,
            indent=1,
        )
    print(name, len(final), "parameters", [step["loss"] for step in steps])


def packed(tensor):
    return base64.b64encode(tensor.detach().contiguous().numpy().tobytes()).decode()


def main():
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    folder = sys.argv[1]
    golden("lite", Lite(), folder, folded=True)
    golden("resnet", ResNet(), folder, folded=False)
    golden("transformer", Transformer(), folder, folded=False)


if __name__ == "__main__":
    main()

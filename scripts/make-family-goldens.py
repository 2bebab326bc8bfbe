"""Small networks of the families that can be tuned, as torchvision, timm and efficientnet_lite_pytorch build them and both of torch's
exporters write them: what test/shared/training/families.ts is held to.

    python scripts/make-family-goldens.py test/shared/training/golden/families [NAME ...]

For each family NAME.older.onnx (torch.onnx.export, dynamo=False, operator set 17), NAME.newer.onnx (dynamo=True, operator set 18) and
NAME.json: pixels, the network's output in float64, and three steps of AdamW on all of the network and a new head, in float64: the
losses, and evenly spaced numbers of every parameter after them. Weights are random, and so are the statistics of batch
normalisation. Batch normalisation is folded into the convolutions before it, by the exporters and in PyTorch. What the newer
exporter writes about where in Python a node comes from is left out of the files.
"""

import base64
import contextlib
import io
import itertools
import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import timm
import torch
from efficientnet_lite_pytorch.model import EfficientNet
from efficientnet_lite_pytorch.utils import BlockDecoder, efficientnet_lite
from onnx import numpy_helper
from torch import nn
from torch.nn import functional
from torchvision import models
from torchvision.models.convnext import CNBlockConfig
from torchvision.models.mobilenetv3 import InvertedResidualConfig
from torchvision.models.resnet import Bottleneck

BATCH, OUTPUTS, CLASSES, STEPS, SAMPLES = 2, 5, 3, 3, 24
RATE, BLOCK_RATE, DECAY, SMOOTHING = 1e-2, 0.3, 0.05, 0.1
# Of AdamW: so large that gradients of nothing but rounding (those of the keys' biases) move nothing, in float32 either.
EPSILON = 1e-3


class NarrowResNet(models.ResNet):
    """torchvision's ResNet, every stage a sixteenth as wide."""

    def _make_layer(self, block, planes, *others, **named):
        return super()._make_layer(block, planes // 16, *others, **named)


def resnet():
    network = NarrowResNet(Bottleneck, [1, 2, 1, 1])
    network.fc = nn.Linear(128, OUTPUTS)
    return network


def lite():
    _, parameters = efficientnet_lite(1, 1, 32, num_classes=OUTPUTS)
    blocks = ["r1_k3_s11_e1_i32_o16", "r2_k5_s22_e3_i16_o24", "r1_k3_s22_e2_i24_o32"]
    network = EfficientNet(BlockDecoder.decode(blocks), parameters._replace(fix_head_stem=False))
    head = network._conv_head
    network._conv_head = type(head)(32, 48, kernel_size=1, image_size=4, bias=False)
    network._bn1, network._fc = nn.BatchNorm2d(48), nn.Linear(48, OUTPUTS)
    return network


def mobilenet_v2():
    network = models.MobileNetV2(
        num_classes=OUTPUTS, width_mult=0.25, inverted_residual_setting=[[1, 32, 1, 1], [3, 48, 2, 2], [3, 64, 2, 2]]
    )
    network.features[-1][0] = nn.Conv2d(16, 40, 1, bias=False)
    network.features[-1][1], network.classifier[1] = nn.BatchNorm2d(40), nn.Linear(40, OUTPUTS)
    return network


def mobilenet_v3():
    rows = [
        InvertedResidualConfig(8, 3, 8, 8, True, "RE", 2, 1, 1),
        InvertedResidualConfig(8, 3, 24, 16, False, "HS", 2, 1, 1),
        InvertedResidualConfig(16, 5, 48, 16, True, "HS", 1, 1, 1),
    ]
    return models.MobileNetV3(rows, last_channel=32, num_classes=OUTPUTS)


def convnext():
    return models.ConvNeXt(
        [CNBlockConfig(8, 16, 1), CNBlockConfig(16, 24, 2), CNBlockConfig(24, None, 1)], num_classes=OUTPUTS
    )


def vit():
    return models.VisionTransformer(
        image_size=32, patch_size=8, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=32, num_classes=OUTPUTS
    )


class Kin(nn.Module):
    """Operators of the families' near kin: other activations, group and instance normalisation, interpolation, largest numbers."""

    def __init__(self):
        super().__init__()
        self.stem, self.narrow = nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(8, 8, 1)
        self.prelu, self.group = nn.PReLU(8), nn.GroupNorm(4, 8)
        self.down, self.instance = nn.Conv2d(8, 6, 3, 2, 1), nn.InstanceNorm2d(6, affine=True)
        self.wide, self.drop, self.fc = nn.Conv2d(6, 12, 1), nn.Dropout(0.2), nn.Linear(36, OUTPUTS)

    def forward(self, x):
        x = self.group(self.prelu(self.narrow(functional.leaky_relu(self.stem(x), 0.1))))
        low = functional.elu(self.instance(self.down(x)))
        up = functional.interpolate(low, scale_factor=2, mode="nearest")
        y = functional.interpolate(up, size=(5, 6), mode="bilinear", align_corners=False)
        z = functional.interpolate(low, size=(5, 6), mode="bilinear", align_corners=True)
        w = functional.interpolate(y, size=(7, 7), mode="bicubic", align_corners=False)
        w = torch.maximum(w, functional.interpolate(torch.minimum(y, z), size=(7, 7), mode="nearest"))
        w = functional.mish(self.wide(w))
        w = torch.where(w > 0.1, w, functional.softplus(w).abs())
        v = torch.cat([functional.adaptive_max_pool2d(w, 1).flatten(1), w.mean((2, 3)), w.amax((2, 3))], 1)
        return self.fc(self.drop(functional.normalize(v, dim=1)))


def timm_vit(name, side, patch, classes=OUTPUTS, **more):
    sizes = {"embed_dim": 16, "depth": 2, "num_heads": 2}
    return timm.create_model(name, img_size=side, patch_size=patch, num_classes=classes, **sizes, **more)


# Name: how to make it, the side of its photos, the layer that takes its features (None: it ends with them)
FAMILIES = {
    "efficientnet-lite": (lite, 32, "_fc"),
    "resnet": (resnet, 32, "fc"),
    "mobilenet-v2": (mobilenet_v2, 32, "classifier.1"),
    "mobilenet-v3": (mobilenet_v3, 32, "classifier.0"),
    "convnext": (convnext, 32, "classifier.2"),
    "vit": (vit, 32, "heads.head"),
    "vit-timm": (lambda: timm_vit("vit_tiny_patch16_224", 32, 8), 32, "head"),
    # As it is published: no classifier, its output is the class token.
    "dinov2": (lambda: timm_vit("vit_small_patch14_dinov2", 28, 7, 0), 28, None),
    "dinov2-registers": (lambda: timm_vit("vit_small_patch14_reg4_dinov2", 28, 7), 28, "head"),
    "kin": (Kin, 16, "fc"),
}


def randomise(network):
    """Numbers as a trained network has them: no zeros, no ones, no two tensors alike."""
    for module in network.modules():
        own = dict(module.named_parameters(recurse=False))
        for name, tensor in own.items():
            if tensor.ndim < 2 or tensor.numel() == max(tensor.shape):
                scale = name in ("weight", "gamma", "layer_scale")
                nn.init.uniform_(tensor, *((0.5, 1.5) if scale else (-0.3, 0.3)))
            else:
                nn.init.normal_(tensor, 0, (1.5 / tensor[0].numel()) ** 0.5 if tensor.ndim in (2, 4) else 0.5)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)


def export(network, x, path, newer):
    kind = (
        {"dynamo": True, "dynamic_shapes": ({0: torch.export.Dim.DYNAMIC},), "external_data": False, "opset_version": 18}
        if newer
        else {"dynamo": False, "dynamic_axes": {"input": {0: "n"}}, "opset_version": 17}
    )
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(network, (x,), path, input_names=["input"], output_names=["output"], **kind)
    model = onnx.load(path)
    model.ClearField("functions")
    del model.metadata_props[:], model.graph.value_info[:], model.graph.metadata_props[:]
    for part in [*model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output]:
        part.ClearField("doc_string")
        del part.metadata_props[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)
    constants = [(t.name, numpy_helper.to_array(t)) for t in model.graph.initializer]
    for node in model.graph.node:
        if node.op_type == "Constant":
            constants.append((node.output[0], numpy_helper.to_array(node.attribute[0].t)))
    return constants


def fold(network, x):
    """Batch normalisation folded into the convolution that it follows."""
    made, pairs, hooks = {}, [], []
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d):
            hooks.append(module.register_forward_hook(lambda m, _, y: made.__setitem__(id(y), (m, y))))
        if isinstance(module, nn.BatchNorm2d):
            hooks.append(module.register_forward_pre_hook(lambda _, i, n=name: pairs.append((made[id(i[0])][0], n))))
    network(x)
    for hook in hooks:
        hook.remove()
    for convolution, name in pairs:
        fused = nn.utils.fuse_conv_bn_eval(convolution, network.get_submodule(name))
        convolution.weight = nn.Parameter(fused.weight.detach())
        convolution.bias = nn.Parameter(fused.bias.detach())
        network.set_submodule(name, nn.Identity())


def tensor_of(parameter, constants, taken):
    """The file's tensor that holds a parameter, and whether it lies transposed there."""
    for name, array in constants:
        if array.size != parameter.size or name in taken:
            continue
        if np.allclose(array.ravel(), parameter.ravel(), rtol=1e-3, atol=1e-5):
            return name, False
        if parameter.ndim == 2 and np.allclose(array.ravel(), parameter.T.ravel(), rtol=1e-3, atol=1e-5):
            return name, True
    return None


def features_of(network, dense, x):
    if dense is None:
        return network(x)
    caught = []
    hook = network.get_submodule(dense).register_forward_pre_hook(lambda _, inputs: caught.append(inputs[0]))
    network(x)
    hook.remove()
    return caught[0]


def trained(network, dense, x, files):
    # What makes the features comes first.
    before = lambda named: dense is None or not named[0].startswith(f"{dense}.")
    parameters = dict(itertools.takewhile(before, network.named_parameters()))
    features = features_of(network, dense, x).shape[1]
    names = {exporter: {} for exporter in files}
    for name, parameter in parameters.items():
        for exporter, constants in files.items():
            found = tensor_of(parameter.detach().numpy(), constants, {n for n, _ in names[exporter].values()})
            assert found is not None, f"{exporter}: no tensor that holds {name} {tuple(parameter.shape)}"
            names[exporter][name] = found
    head = nn.Linear(features, CLASSES).double()
    initial = {"head.weight": head.weight.detach().T.clone(), "head.bias": head.bias.detach().clone()}
    decays = lambda tensor: tensor.ndim in (2, 4)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p], "lr": RATE * rate, "weight_decay": DECAY if decays(p) else 0}
            for group, rate in ((parameters.values(), BLOCK_RATE), (head.parameters(), 1))
            for p in group
        ],
        eps=EPSILON,
    )
    steps = []
    for _ in range(STEPS):
        labels = torch.randint(0, CLASSES, (BATCH,))
        loss = functional.cross_entropy(head(features_of(network, dense, x)), labels, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps.append({"labels": labels.tolist(), "loss": loss.item()})
    final = {}
    for exporter, called in names.items():
        arrays = {t: (parameters[n].T if turned else parameters[n]) for n, (t, turned) in called.items()}
        arrays |= {"head.weight": head.weight.T, "head.bias": head.bias}
        final[exporter] = {name: sampled(array) for name, array in arrays.items()}
    return {
        **{"features": features, "classes": CLASSES, "steps": steps, "final": final},
        **{"learningRate": RATE, "blockRate": BLOCK_RATE, "decay": DECAY, "epsilon": EPSILON},
        **{"labelSmoothing": SMOOTHING, "head": {name: value.flatten().tolist() for name, value in initial.items()}},
    }


def sampled(tensor):
    numbers = tensor.detach().contiguous().flatten().numpy()
    every = -(-len(numbers) // SAMPLES)
    return {"every": every, "values": [float(f"{number:.10g}") for number in numbers[::every]]}


def main():
    logging.disable(logging.WARNING)
    folder, asked = Path(sys.argv[1]), sys.argv[2:]
    for seed, (name, (make, side, dense)) in enumerate(FAMILIES.items()):
        if asked and name not in asked:
            continue
        torch.manual_seed(seed)
        network = make().eval()
        randomise(network)
        pixels = torch.randint(0, 256, (BATCH, 3, side, side), dtype=torch.uint8)
        x = (pixels.float() - 128) / 64
        files = {
            exporter: export(network, x, folder / f"{name}.{exporter}.onnx", exporter == "newer")
            for exporter in ("older", "newer")
        }
        network, x = network.double(), x.double()
        output = network(x).detach().numpy()
        fold(network, x)
        golden = {
            "torch": torch.__version__,
            "dims": [BATCH, 3, side, side],
            # (byte - 128) / 64 goes in.
            "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
            "output": output.flatten().tolist(),
            **trained(network, dense, x, files),
        }
        (folder / f"{name}.json").write_text(json.dumps(golden) + "\n")
        sizes = [path.stat().st_size // 1024 for path in sorted(folder.glob(f"{name}.[ojn]*"))]
        print(name, sizes, "kB", [round(step["loss"], 4) for step in golden["steps"]], np.abs(output).max())


if __name__ == "__main__":
    main()

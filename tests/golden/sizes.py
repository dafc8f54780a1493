"""Writes `sizes/<network>.json`: networks of sizes that no table lists, as torchvision builds them.

    python tests/golden/sizes.py [NETWORK ...]

Each file has the names and shapes of all tensors, the logits of the network with hashed weights for a hashed picture,
and the network's name for `Weights::recognise`. Of those that timm publishes, timm's network has to come to the same
logits. Needs torch, torchvision and timm.
"""

import json
import math
import sys
from functools import partial
from pathlib import Path

import timm
import torch
from torch import nn
from torchvision import models
from torchvision.models.densenet import DenseNet
from torchvision.models.mobilenetv2 import MobileNetV2, _make_divisible
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from torchvision.models.shufflenetv2 import ShuffleNetV2
from torchvision.models.squeezenet import Fire, SqueezeNet
from torchvision.models.vgg import VGG, make_layers

import hashed

FOLDER = Path(__file__).parent / "sizes"
CLASSES = 10
SIDE = 96
TOLERANCE = 1e-4  # of the largest logit


def mobilenet(depth, width):
    """timm's deeper ones: stem and head as they are, and between the first and the last stage more blocks."""
    rows = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    setting = [(t, _make_divisible(c * width, 8), n if i in (0, 6) else math.ceil(n * depth), s) for i, (t, c, n, s) in enumerate(rows)]
    return partial(MobileNetV2, inverted_residual_setting=setting)


def squeezenet(num_classes):
    network = SqueezeNet("1_1", num_classes)
    fires = [Fire(24, 8, 16, 16), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(32, 8, 24, 24), Fire(48, 12, 40, 40)]
    stem = [nn.Conv2d(3, 24, kernel_size=3, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    network.features = nn.Sequential(*stem, *fires)
    network.classifier[1] = nn.Conv2d(80, num_classes, kernel_size=1)
    return network


def vgg(batch_norm, num_classes):
    features = make_layers([16, "M", 24, 24, "M", 40, 40, 40, "M", 48, "M"], batch_norm=batch_norm)
    network = VGG(features, num_classes=num_classes, init_weights=False)
    network.avgpool = nn.AdaptiveAvgPool2d(5)
    widths = [(48 * 25, 64), (64, 64), (64, num_classes)]
    for place, (inputs, outputs) in zip((0, 3, 6), widths, strict=True):
        network.classifier[place] = nn.Linear(inputs, outputs)
    return network


# The network for `recognise`, how it is built, and timm's name for it.
NETWORKS = {
    "resnet14": ("resnet_other", partial(ResNet, BasicBlock, [2, 1, 1, 2]), None),
    "resnet26": ("resnet_other", partial(ResNet, Bottleneck, [2, 2, 2, 2]), "resnet26"),
    "resnext50_32x4d": ("resnet_other", models.resnext50_32x4d, "resnext50_32x4d"),
    "wide_resnet14_2": ("resnet_other", partial(ResNet, Bottleneck, [1, 1, 1, 1], width_per_group=128), None),
    "densenet_k12": ("densenet_other", partial(DenseNet, 12, (3, 5, 4), 20), None),
    "mobilenet_v2_x0_35": ("mobilenet_v2_other", partial(models.mobilenet_v2, width_mult=0.35), "mobilenetv2_035"),
    "mobilenet_v2_110d": ("mobilenet_v2_other", mobilenet(1.2, 1.1), "mobilenetv2_110d"),
    "mobilenet_v2_120d": ("mobilenet_v2_other", mobilenet(1.4, 1.2), "mobilenetv2_120d"),
    "vgg9": ("vgg_other", partial(vgg, False), None),
    "vgg9_bn": ("vgg_other", partial(vgg, True), None),
    "shufflenet_v2": ("shufflenet_v2_other", partial(ShuffleNetV2, [2, 5, 3], [24, 40, 72, 136, 200]), None),
    "squeezenet": ("squeezenet_other", squeezenet, None),
    "regnet_x_400mf": ("regnet_other", models.regnet_x_400mf, None),
}


@torch.no_grad()
def compare(network, timms, picture, logits):
    """timm registers the same tensors in the same order, under names of its own where it has MobileNetV2."""
    theirs = timm.create_model(timms, num_classes=CLASSES)
    values = list(network.state_dict().values())
    names = list(theirs.state_dict())
    assert len(names) == len(values), timms
    theirs.load_state_dict(dict(zip(names, values, strict=True)))
    off = ((theirs.eval()(picture) - logits).abs().max() / logits.abs().max()).item()
    assert off < TOLERANCE, f"{timms}: {off}"
    return off


@torch.no_grad()
def main():
    FOLDER.mkdir(exist_ok=True)
    picture = torch.from_numpy(hashed.signed("picture", (1, 3, SIDE, SIDE)))
    for name in sys.argv[1:] or NETWORKS:
        like, construct, timms = NETWORKS[name]
        network = hashed.load(construct(num_classes=CLASSES)).eval()
        logits = network(picture)
        assert logits.isfinite().all() and logits.std() > 0, name
        off = f"timm within {compare(network, timms, picture, logits):.1e}" if timms else "torchvision alone"
        print(f"{name}: {off}; {logits[0].tolist()}", flush=True)
        state = network.state_dict()
        shapes = {key: list(value.shape) for key, value in state.items() if not key.endswith("num_batches_tracked")}
        lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(shape)}" for key, shape in shapes.items())
        head = f'  "network": {json.dumps(like)},\n  "logits": {json.dumps(logits[0].tolist())}'
        (FOLDER / f"{name}.json").write_text(f'{{\n{head},\n  "tensors": {{\n{lines}\n  }}\n}}\n')


if __name__ == "__main__":
    main()

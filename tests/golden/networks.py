"""The networks under test: how torchvision builds them, which layers are tapped, what is explained. And the tap."""

import functools
from typing import Callable, NamedTuple

from torchvision import models

import hashed

COUNTERFACTUAL = "counterfactual"


class Entry(NamedTuple):
    """How a network is built and what is stored of it."""

    construct: Callable
    layers: tuple  # the default layer first
    head: str | None = None  # weight of the linear layer, where global average pooling alone precedes it
    classes: tuple = (2, 7)  # or two of which every layer says something
    rival: int = 5  # the class that the others are contrasted with


def squeezenet(construct, *layers):
    """SqueezeNet's last ReLU leaves most scores at zero: these three live."""
    return Entry(construct, layers, classes=(1, 7), rival=6)


def vgg(construct, default, inner):
    """The last rectified convolution, and the first of the fourth stage: below it float32 flips too many ReLUs."""
    construct = functools.partial(construct, init_weights=False)
    return Entry(construct, (f"features.{default}", f"features.{inner}"), classes=(1, 5), rival=8)


def resnet(construct, inner="layer3.2.conv2"):
    return Entry(construct, ("layer4", "layer1", inner), "fc.weight")


def mobilenet(width):
    construct = functools.partial(models.mobilenet_v2, width_mult=width)
    return Entry(construct, ("features.18", "features.2", "features.14.conv.1.0"), "classifier.1.weight")


def densenet(construct, *classes):
    """Its head rectifies `features` before it pools, so CAM is not defined there."""
    return Entry(construct, ("features", "features.denseblock3.denselayer5.conv1"), None, classes)


def shufflenet(construct, *classes):
    return Entry(construct, ("conv5", "stage3.2.branch2.3"), "fc.weight", classes)


INCEPTION = functools.partial(models.inception_v3, transform_input=True, init_weights=False)

NETWORKS = {
    "vgg11": vgg(models.vgg11, 19, 12),
    "vgg13": vgg(models.vgg13, 23, 16),
    "vgg16": vgg(models.vgg16, 29, 18),
    "vgg19": vgg(models.vgg19, 35, 20),
    "vgg11_bn": vgg(models.vgg11_bn, 27, 17),
    "vgg13_bn": vgg(models.vgg13_bn, 33, 23),
    "vgg16_bn": vgg(models.vgg16_bn, 42, 26),
    "vgg19_bn": vgg(models.vgg19_bn, 51, 29),
    "resnet18": resnet(models.resnet18, "layer3.1.conv2"),
    "resnet34": resnet(models.resnet34),
    "resnet50": resnet(models.resnet50),
    "resnet101": resnet(models.resnet101),
    "resnet152": resnet(models.resnet152),
    "densenet121": densenet(models.densenet121, 4, 9),
    "densenet169": densenet(models.densenet169, 4, 8),
    "densenet201": densenet(models.densenet201, 3, 9),
    "inception_v3": Entry(INCEPTION, ("Mixed_7c", "Mixed_6c.branch7x7_2.conv"), "fc.weight", (6, 9), 8),
    "mobilenet_v2": mobilenet(1.0),
    "mobilenet_v2_x0_5": mobilenet(0.5),
    "mobilenet_v2_x0_25": mobilenet(0.25),
    "shufflenet_v2_x0_5": shufflenet(models.shufflenet_v2_x0_5, 1, 7),
    "shufflenet_v2_x1_0": shufflenet(models.shufflenet_v2_x1_0, 2, 3),
    "shufflenet_v2_x1_5": shufflenet(models.shufflenet_v2_x1_5, 4, 9),
    "shufflenet_v2_x2_0": shufflenet(models.shufflenet_v2_x2_0, 4, 8),
    "squeezenet1_0": squeezenet(models.squeezenet1_0, "features.12", "features.9.expand3x3"),
    "squeezenet1_1": squeezenet(models.squeezenet1_1, "features.12", "features.3", "features.9.expand3x3"),
}


def logit(logits, index):
    """The score y [n] of the logits [n, classes] where no other target is named."""
    return logits[:, index]


def targets(rival):
    """The other scores, by name."""
    return {
        "probability": lambda logits, index: logits.softmax(dim=1)[:, index],
        f"contrast:{rival}": lambda logits, index: logits[:, index] - logits[:, rival],
        COUNTERFACTUAL: lambda logits, index: -logits[:, index],
    }


def build(name):
    """The float32 network with hashed weights, in eval mode, with no in-place ReLU to overwrite a tapped activation."""
    network = hashed.load(NETWORKS[name].construct(weights=None, num_classes=10)).eval().requires_grad_(False)
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return network


def forward(network, layers, pictures):
    """The logits [n, 10] and the activation of each layer in the order of `layers`, still joined by the graph."""
    activations = dict.fromkeys(layers)

    def tap(layer):
        def hook(_module, _inputs, output):
            activations[layer] = output
            return output.clone()  # a later in-place operation then changes the clone, not the activation

        return hook

    handles = [network.get_submodule(layer).register_forward_hook(tap(layer)) for layer in layers]
    logits = network(pictures.detach().requires_grad_())
    for handle in handles:
        handle.remove()
    return logits, activations

"""Writes `<network>/expected.safetensors`: logits and raw maps from torch, with the formulas written out.

    python tests/golden/generate.py [NETWORK ...]

A = activation of the tapped layer [n, k, h, w]; g = dy/dA with y the target's score; < > = mean over h, w.
Every map is computed in float32 and again in float64, which must agree; the formulas are cross-checked against
pytorch-grad-cam and captum. See README.md for the format.
"""

import json
import sys
from pathlib import Path

import torch
import torchvision
from captum.attr import LayerGradCam
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors.torch import save_file
from torchvision import models

import hashed

HERE = Path(__file__).parent
CLASSES, RIVAL = [2, 7], 5
LIVING_CLASSES, LIVING_RIVAL = [1, 7], 6  # of SqueezeNet, whose last ReLU leaves other scores at zero
ROUND_OFF = 1e-3  # float32 against float64, of each map's maximum
CROSS_CHECK = 1e-4  # against the libraries, of each map's maximum

# network: (constructor, default layer, early layer, inner layer, weight of the linear head where GAP precedes it)
MOBILENET = ("features.18", "features.2", "features.14.conv.1.0", "classifier.1.weight")
RESNET = ("layer4", "layer1", "layer3.2.conv2", "fc.weight")
NETWORKS = {
    "squeezenet1_1": (models.squeezenet1_1, "features.12", "features.3", "features.9.expand3x3", None),
    "mobilenet_v2": (models.mobilenet_v2, *MOBILENET),
    "mobilenet_v2_x0_5": (lambda **options: models.mobilenet_v2(width_mult=0.5, **options), *MOBILENET),
    "mobilenet_v2_x0_25": (lambda **options: models.mobilenet_v2(width_mult=0.25, **options), *MOBILENET),
    "resnet18": (models.resnet18, "layer4", "layer1", "layer3.1.conv2", "fc.weight"),
    "resnet34": (models.resnet34, *RESNET),
    "resnet50": (models.resnet50, *RESNET),
    "resnet101": (models.resnet101, *RESNET),
    "resnet152": (models.resnet152, *RESNET),
}


def grad_cam(activation, gradient):
    """ReLU(sum_k <g_k> A_k). Selvaraju et al. 2017."""
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    return (weights * activation).sum(dim=1).relu()


def grad_cam_plus_plus(activation, gradient, epsilon=0.0):
    """ReLU(sum_k w_k A_k), w_k = sum_ij alpha ReLU(g), alpha = g^2 / (2 g^2 + sum_ab A_k g^3 + epsilon).

    alpha = 0 where g = 0 or where the denominator is 0. Chattopadhay et al. 2018; pytorch-grad-cam has epsilon = 1e-6.
    """
    total = activation.sum(dim=(2, 3), keepdim=True)
    denominator = 2 * gradient**2 + total * gradient**3 + epsilon
    defined = (gradient != 0) & (denominator != 0)
    alpha = torch.where(defined, gradient**2 / denominator.where(defined, torch.ones_like(denominator)), 0)
    weights = (alpha * gradient.relu()).sum(dim=(2, 3), keepdim=True)
    return (weights * activation).sum(dim=1).relu()


def cam(activation, head, index):
    """ReLU(sum_k W[c, k] A_k) with W the linear head. Zhou et al. 2016."""
    return (head[index][None, :, None, None] * activation).sum(dim=1).relu()


METHODS = {
    "grad-cam": grad_cam,
    "grad-cam++": grad_cam_plus_plus,
    "grad-cam++:pytorch-grad-cam": lambda activation, gradient: grad_cam_plus_plus(activation, gradient, 1e-6),
}

# Scores y [n] of the logits [n, classes], besides the logit itself: at the default layer, the last one at every layer.
COUNTERFACTUAL = "counterfactual"
def targets(rival):
    return {
        "probability": lambda logits, index: logits.softmax(dim=1)[:, index],
        f"contrast:{rival}": lambda logits, index: logits[:, index] - logits[:, rival],
        COUNTERFACTUAL: lambda logits, index: -logits[:, index],
    }


def classes(name):
    """The classes that are explained, and the one that they are contrasted with."""
    return (LIVING_CLASSES, LIVING_RIVAL) if name.startswith("squeezenet") else (CLASSES, RIVAL)



def build(name, dtype):
    """The network with hashed weights, in eval mode, with no in-place ReLU to overwrite a tapped activation."""
    network = hashed.load(NETWORKS[name][0](weights=None, num_classes=10)).eval().to(dtype)
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return network


def forward(network, layers, pictures):
    """The logits [n, 10] and the activation of each layer, still joined by the graph."""
    activations = {}

    def tap(layer):
        def hook(_module, _inputs, output):
            activations[layer] = output
            return output.clone()  # a later in-place addition then changes the clone, not the activation

        return hook

    handles = [network.get_submodule(layer).register_forward_hook(tap(layer)) for layer in layers]
    logits = network(pictures)
    for handle in handles:
        handle.remove()
    return logits, activations


def maps_of(name, network, pictures):
    """The logits and every raw map of a network, by key."""
    _, *layers, head = NETWORKS[name]
    default = layers[0]
    logits, activations = forward(network, layers, pictures)

    def gradients(score):
        return dict(zip(layers, torch.autograd.grad(score.sum(), list(activations.values()), retain_graph=True)))

    # autograd.grad answers in the order of the forward pass, which is not the table's.
    layers = list(activations)
    maps = {}
    indices, rival = classes(name)
    for index in indices:
        for layer, gradient in gradients(logits[:, index]).items():
            for method, formula in METHODS.items():
                maps[f"{layer}|{method}|{index}"] = formula(activations[layer], gradient)
        for target, score in targets(rival).items():
            for layer, gradient in gradients(score(logits, index)).items():
                if layer == default or target == COUNTERFACTUAL:
                    maps[f"{layer}|grad-cam@{target}|{index}"] = grad_cam(activations[layer], gradient)
        if head is not None:
            maps[f"{default}|cam|{index}"] = cam(activations[default], network.state_dict()[head], index)
    return logits.detach(), {key: value.detach() for key, value in maps.items()}


def difference(ours, theirs):
    """max |ours - theirs| over max |theirs|, the worst of the samples [n, h, w]; 0 where both are all zero."""
    gap = (ours.double() - theirs.double()).abs().amax(dim=(1, 2))
    peak = theirs.double().abs().amax(dim=(1, 2))
    return torch.where(gap == 0, 0, gap / peak).max().item()


def round_off(name, pictures, precise):
    """How far float32 is from float64, by key: the worst of three kernels that sum in different orders.

    One order alone would miss most of the ReLUs that another float32 engine flips at their kink. Capped at 1.
    """
    orders = []
    for memory_format, onednn in [
        (torch.contiguous_format, True),
        (torch.channels_last, True),
        (torch.contiguous_format, False),
    ]:
        with torch.backends.mkldnn.flags(enabled=onednn):
            network = build(name, torch.float32).to(memory_format=memory_format)
            orders.append(maps_of(name, network, pictures)[1])
    return {key: min(1.0, max(difference(maps[key], precise[key]) for maps in orders)) for key in precise}


def library_maps(network, layer, index, pictures):
    """(method, library, raw map) of the libraries that compute the same."""
    module = network.get_submodule(layer)
    for method, kind in [("grad-cam", GradCAM), ("grad-cam++:pytorch-grad-cam", GradCAMPlusPlus)]:
        targets = [ClassifierOutputTarget(index)] * len(pictures)
        with kind(model=network, target_layers=[module]) as explainer:
            outputs = explainer.activations_and_grads(pictures)
            network.zero_grad()
            sum(target(output) for target, output in zip(targets, outputs)).backward()
            [activation] = explainer.activations_and_grads.activations
            [gradient] = explainer.activations_and_grads.gradients
            raw = explainer.get_cam_image(pictures, module, targets, activation.numpy(), gradient.numpy(), False)
        yield method, "pytorch-grad-cam", torch.from_numpy(raw).relu()
    raw = LayerGradCam(network, module).attribute(pictures, target=index, relu_attributions=True)
    yield "grad-cam", "captum", raw.detach()[:, 0]


def generate(name, pictures):
    """Computes, checks and writes one network's file."""
    logits, maps = maps_of(name, build(name, torch.float32), pictures)
    precise_network = build(name, torch.float64)
    precise_logits, precise = maps_of(name, precise_network, pictures.double())

    assert all(value.isfinite().all() for value in [logits, *maps.values(), *precise.values()])
    drift = ((logits - precise_logits).abs().max() / precise_logits.abs().max()).item()
    assert drift < 1e-5, f"logits: float32 is {drift:.1e} off float64"

    off_by = round_off(name, pictures, precise)
    fragile = {key: off for key, off in off_by.items() if off > ROUND_OFF / 10}
    for key, off in fragile.items():
        stored = "float32" if off <= ROUND_OFF else "float64"
        maps[key] = maps[key] if stored == "float32" else precise[key].float()
        print(f"  {key}: float32 is {off:.1e} off float64; the {stored} map is stored")

    cross_check = 0.0
    for layer in NETWORKS[name][1:4]:
        for index in classes(name)[0]:
            for method, library, raw in library_maps(precise_network, layer, index, pictures.double()):
                key = f"{layer}|{method}|{index}"
                off = difference(precise[key], raw)
                cross_check = max(cross_check, off)
                assert off <= CROSS_CHECK, f"{key}: {off:.1e} off {library}"

    empty = [key for key, value in maps.items() if not value.any()]
    partly = [
        f"{key}[{sample}]"
        for key, value in maps.items()
        for sample in range(len(value))
        if value.any() and not value[sample].any()
    ]
    for what, keys in [("all zero", empty), ("zero for one picture", partly)]:
        if keys:
            print(f"  {what}: {', '.join(keys)}")
    for layer in NETWORKS[name][1:4]:
        for method in METHODS:
            kin = (f"{layer}|{method}|", f"{layer}|{method}@{COUNTERFACTUAL}|")
            shown = any(value.any() for key, value in maps.items() if key.startswith(kin))
            assert shown, f"{layer}|{method}: nothing to see for any class, nor against it"

    path = HERE / name / "expected.safetensors"
    path.parent.mkdir(exist_ok=True)
    metadata = {
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "classes": ",".join(map(str, classes(name)[0])),
        "round_off": json.dumps({key: float(f"{off:.2g}") for key, off in fragile.items()}),
    }
    save_file({"logits": logits, **{key: value.contiguous() for key, value in maps.items()}}, path, metadata)
    print(
        f"{name}: {len(maps)} maps, {path.stat().st_size // 1024} KiB, max |logit| {logits.abs().max():.3g}, "
        f"float32 within {max(off_by.values()):.1e} of float64, libraries within {cross_check:.1e}",
        flush=True,
    )


def main():
    pictures = 2 * torch.from_numpy(hashed.signed("input", (3, 3, 96, 128)))
    save_file({"input": pictures}, HERE / "input.safetensors")
    for name in sys.argv[1:] or NETWORKS:
        generate(name, pictures)


if __name__ == "__main__":
    main()

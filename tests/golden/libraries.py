"""What pytorch-grad-cam and captum compute, where they compute the same. Held against our formulas in float64."""

from unittest.mock import patch

import torch
from captum import attr as captum
from pytorch_grad_cam import GradCAM, GradCAMElementWise, GradCAMPlusPlus, HiResCAM, LayerCAM, ScoreCAM, XGradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import fx, nn
from torch.nn import functional as F

from formulas import minmax
from store import difference

CROSS_CHECK = 1e-4  # of each map's maximum
GRAD_CAM, CAPTUM = "pytorch-grad-cam", "captum"
CAMS = {
    "grad-cam": GradCAM,
    "grad-cam++:pytorch-grad-cam": GradCAMPlusPlus,
    "xgrad-cam": XGradCAM,
    "hires-cam": HiResCAM,
    "layer-cam": LayerCAM,
    "element-wise": GradCAMElementWise,
}


class References:
    """Which library agrees with which method, and how closely."""

    def __init__(self, precise):
        self.precise = precise
        self.agreeing = {method_of(key): [] for key in precise}
        self.worst = 0.0

    def check(self, key, library, theirs, ours=None):
        """Holds a library's map against ours, or against that of `ours` which is comparable."""
        off = difference(self.precise[key] if ours is None else ours, theirs.detach())
        assert off <= CROSS_CHECK, f"{key}: {off:.1e} off {library}"
        self.worst = max(self.worst, off)
        libraries = self.agreeing[method_of(key)]
        if library not in libraries:
            libraries.append(library)

    def names(self):
        """{method: the libraries that agree with it, or "formula"}."""
        return {method: ", ".join(libraries) or "formula" for method, libraries in self.agreeing.items()}


def method_of(key):
    """The method of a key, with its preset and wrapper, without layer, target and class."""
    method, _, rest = key.split("|")[1].partition("@")
    return method + "".join(rest.partition("#")[1:])


def raw_cam(kind, network, layer, index, pictures):
    """The map of pytorch-grad-cam before it normalises and scales."""
    module, targets = network.get_submodule(layer), [ClassifierOutputTarget(index)] * len(pictures)
    # DenseNet's functional ReLU would overwrite the activation that it follows.
    out_of_place = patch.object(F, "relu", lambda x, inplace=False: x.relu())
    with kind(model=network, target_layers=[module]) as explainer, out_of_place:
        outputs = explainer.activations_and_grads(pictures.clone().requires_grad_())
        sum(target(output) for target, output in zip(targets, outputs)).backward()
        [activation] = explainer.activations_and_grads.activations
        [gradient] = explainer.activations_and_grads.gradients
        raw = explainer.get_cam_image(pictures, module, targets, activation.numpy(), gradient.numpy(), False)
    return torch.from_numpy(raw).relu()


def check_cams(references, network, layer, index, pictures):
    """The methods of one layer's A and g, as far as the golden has them."""
    for method, kind in CAMS.items():
        key = f"{layer}|{method}|{index}"
        if key in references.precise:
            references.check(key, GRAD_CAM, raw_cam(kind, network, layer, index, pictures))
    key = f"{layer}|grad-cam|{index}"
    if key in references.precise:
        explainer = captum.LayerGradCam(network, network.get_submodule(layer))
        references.check(key, CAPTUM, explainer.attribute(pictures, target=index, relu_attributions=True)[:, 0])


def check_score_cam(references, network, layer, index, pictures):
    """pytorch-grad-cam with our upsampling. It counts flat channels too, which changes the map by a factor only."""
    half_pixel = patch.object(nn, "UpsamplingBilinear2d", lambda size: nn.Upsample(size, mode="bilinear"))
    with half_pixel, patch("tqdm.tqdm", lambda steps: steps):
        theirs = raw_cam(ScoreCAM, network, layer, index, pictures)
    key, library = f"{layer}|score-cam|{index}", f"{GRAD_CAM} (half-pixel upsampling, to a factor)"
    references.check(key, library, minmax(theirs), minmax(references.precise[key]))


def check_merged(references, network, layers, index, pictures):
    """pytorch-grad-cam's mean over layers, which is min-max normalised once more."""
    modules = [network.get_submodule(layer) for layer in layers]
    with GradCAM(model=network, target_layers=modules) as explainer:
        theirs = explainer(pictures.clone().requires_grad_(), [ClassifierOutputTarget(index)])
    key = f"{'+'.join(layers)}|grad-cam#mean|{index}"
    references.check(key, f"{GRAD_CAM} (after min-max)", torch.from_numpy(theirs), minmax(references.precise[key]))


def separate(network):
    """The network with a module of its own for each call of a ReLU, functional or not: captum refuses reused ones."""
    traced = fx.symbolic_trace(network)
    modules = dict(traced.named_modules())
    for node in traced.graph.nodes:
        called = modules.get(node.target) if node.op == "call_module" else node.target
        if called is F.relu or isinstance(called, (nn.ReLU, nn.ReLU6)):
            name = f"rectifier_of_{node.name}"
            traced.add_submodule(name, nn.ReLU6() if isinstance(called, nn.ReLU6) else nn.ReLU())
            node.op, node.target, node.args, node.kwargs = "call_module", name, node.args[:1], {}
    traced.recompile()
    return traced


def with_relu6(kind):
    """captum's GuidedBackprop or Deconvolution whose hooks are put on ReLU6 too."""

    class WithReLU6(kind):
        def _register_hooks(self, module):
            with patch.object(nn, "ReLU", (nn.ReLU, nn.ReLU6)):
                super()._register_hooks(module)

    return WithReLU6


def check_guided(references, network, layer, index, pictures):
    """Guided backpropagation and the deconvnet with every ReLU a module, and as captum sees torchvision's own."""
    for method, kind, model in [
        ("guided-backprop", captum.GuidedBackprop, separate),
        ("deconvnet", captum.Deconvolution, separate),
        ("guided-backprop:pytorch", captum.GuidedBackprop, lambda network: network),
    ]:
        key = f"{layer}|{method}|{index}"
        if key in references.precise:
            theirs = with_relu6(kind)(model(network)).attribute(pictures.clone(), target=index)
            references.check(key, CAPTUM, theirs)


def check_pictures(references, network, layer, index, picture, methods):
    """captum's gradients, Guided Grad-CAM and occlusion."""

    def check(method, theirs, ours=None):
        references.check(f"{layer}|{method}|{index}", CAPTUM, theirs, ours)

    def fresh():
        return picture.clone().requires_grad_()

    check("gradient", captum.Saliency(network).attribute(fresh(), target=index, abs=False))
    check("gradient-x-input", captum.InputXGradient(network).attribute(fresh(), target=index))
    path = {"n_steps": methods["integrated-gradients"][1]["samples"], "method": "riemann_middle"}
    check("integrated-gradients", captum.IntegratedGradients(network).attribute(fresh(), target=index, **path))

    patch_side, stride = methods["occlusion"][1].values()
    windows = {"sliding_window_shapes": (3, patch_side, patch_side), "strides": (3, stride, stride)}
    check("occlusion", captum.Occlusion(network).attribute(picture, target=index, **windows)[:, 0])

    # captum leaves the map as it is: ours is put back to its range. Both networks' layers end in a rectifier.
    model = separate(network)
    last = [module for name, module in model.named_modules() if name.startswith("rectifier_of_")][-1]
    explainer = captum.GuidedGradCam(model, last)
    explainer.guided_backprop = with_relu6(captum.GuidedBackprop)(model)
    raw = raw_cam(GradCAM, network, layer, index, picture)
    ours = references.precise[f"{layer}|guided-grad-cam|{index}"]
    guided = references.precise[f"{layer}|guided-backprop|{index}"]
    theirs = explainer.attribute(picture.clone(), target=index, interpolate_mode="bilinear")
    check("guided-grad-cam", theirs, ours * (raw.max() - raw.min()) + guided * raw.min())

"""Every method on one picture, for `<network>/methods.safetensors`. Written by generate.py.

x = picture [1, 3, H, W]; y = the target's score; A = activation of the tapped layer [1, k, h, w]; g = dy/dA. What is
random is hashed: draw i is v or u of hashed.py by the name "noise i", counted anew for each method and class.
"""

import itertools
import json
import math

import numpy as np
import torch
from torch.nn import functional as F

import hashed
from formulas import (
    eigen_cam,
    element_wise,
    grad_cam,
    grad_cam_plus_plus,
    hires_cam,
    layer_cam,
    minmax,
    pooled,
    ratio,
    upsample,
    xgrad_cam,
)
from guided import deconvnet, gradient, guided_backprop
from libraries import References, check_cams, check_guided, check_merged, check_pictures, check_score_cam
from networks import NETWORKS, build, forward, logit, targets
from store import HERE, compute, save

# network: (target layer, an earlier layer to merge it with)
LAYERS = {"resnet18": ("layer4", "layer3"), "mobilenet_v2_x0_25": ("features.18", "features.14")}
BATCH = 64


class Subject:
    """A network, its target layer, and the score and the picture that are explained."""

    def __init__(self, network, layers, picture, score, known):
        self.network, self.layers, self.picture, self.score = network, layers, picture, score
        self.size = picture.shape[-2:]
        self.known = known  # logits by picture: the same masks serve every class and target

    def tapped(self, picture=None, layer=0):
        """A and g, of the picture unless another one is given."""
        layer = self.layers[layer]
        logits, activations = forward(self.network, [layer], self.picture if picture is None else picture)
        [found] = torch.autograd.grad(self.score(logits).sum(), activations[layer])
        return activations[layer].detach(), found

    def grad_cam(self, picture=None, layer=0):
        return grad_cam(*self.tapped(picture, layer))

    def gradient(self, picture):
        return gradient(self.network, picture, self.score)

    @torch.no_grad()
    def scores(self, pictures):
        """y [n] of each picture."""
        key = hash(pictures.numpy().tobytes())
        if key not in self.known:
            self.known[key] = torch.cat([self.network(some) for some in pictures.split(BATCH)])
        return self.score(self.known[key])

    @torch.no_grad()
    def resumed(self, activations):
        """y [n] of the network that goes on from each activation."""
        scores = []
        for some in activations.split(BATCH):
            module = self.network.get_submodule(self.layers[0])
            handle = module.register_forward_hook(lambda _module, _inputs, _output: some)
            scores.append(self.score(self.network(self.picture)))
            handle.remove()
        return torch.cat(scores)

    def normal(self, draw, shape):
        """Noise of variance 1: sqrt(3) v, in float32."""
        noise = np.float32(math.sqrt(3)) * hashed.signed(f"noise {draw}", shape)
        return torch.from_numpy(noise).to(self.picture)

    def noisy(self, samples, spread):
        """x + sigma noise_i, sigma = spread (max x - min x)."""
        sigma = spread * (self.picture.max() - self.picture.min())
        return [self.picture + sigma * self.normal(i, self.picture.shape[1:]) for i in range(samples)]

    def path(self, samples):
        """The middles of equal steps from the zero picture to x."""
        return [self.picture * ((i + 0.5) / samples) for i in range(samples)]


def mean(maps):
    return torch.stack(list(maps)).mean(dim=0)


def smooth_grad(subject, samples, spread):
    """The mean of dy/dx over noisy pictures. Smilkov et al. 2017."""
    return mean(map(subject.gradient, subject.noisy(samples, spread)))


def integrated_gradients(subject, samples):
    """x times the mean of dy/dx along the path from zero. Sundararajan et al. 2017."""
    return subject.picture * mean(map(subject.gradient, subject.path(samples)))


def integrated_grad_cam(subject, samples):
    """The mean of Grad-CAM along the path from zero. Sattarzadeh et al. 2021."""
    return mean(map(subject.grad_cam, subject.path(samples)))


def smooth_grad_cam_plus_plus(subject, samples, spread):
    """The mean of minmax(ReLU(sum_k w_k A_k)) over noisy pictures, w_k = sum_ij alpha ReLU(g),
    alpha = g^2 / (D + 1e-7), D = 2 g^2 + sum_ab A_k g^3 but 1 where that is 0. Omeiza et al. 2019."""

    def one(picture):
        activation, gradient = subject.tapped(picture)
        denominator = 2 * gradient**2 + activation.sum(dim=(2, 3), keepdim=True) * gradient**3
        alpha = gradient**2 / (denominator.where(denominator != 0, 1) + 1e-7)
        return minmax(pooled((alpha * gradient.relu()).sum(dim=(2, 3), keepdim=True), activation))

    return mean(map(one, subject.noisy(samples, spread)))


def averaged_gradients(subject, samples, spread):
    """ReLU(sum_k w_k A_k) with A of x, D1, D2, D3 = the means of g, g^2, g^3 over noisy pictures,
    alpha = D1 / (2 D2 + sum_ab A_k D3), 0 where that is 0/0, w_k = sum_ij alpha ReLU(D1)."""
    gradients = [subject.tapped(picture)[1] for picture in subject.noisy(samples, spread)]
    first, second, third = (mean(gradient**power for gradient in gradients) for power in (1, 2, 3))
    activation, _ = subject.tapped()
    alpha = ratio(first, 2 * second + activation.sum(dim=(2, 3), keepdim=True) * third)
    return pooled((alpha * first.relu()).sum(dim=(2, 3), keepdim=True), activation)


def guided_cam(formula):
    """upsample(minmax(map)) times guided backpropagation, per channel. Selvaraju et al. 2017."""

    def method(subject):
        weight = upsample(minmax(formula(*subject.tapped())), subject.size)
        return weight[:, None] * guided_backprop(subject.network, subject.picture, subject.score)

    return method


def strongest(activation, count):
    """The `count` channels of the highest mean activation [k, h, w], in their order."""
    order = activation.mean(dim=(1, 2)).argsort(descending=True, stable=True)
    return order[:count].sort().values


def masked(subject, max_channels, variants):
    """ReLU(sum_k w_k A_k), w = softmax over channels of the mean score under the `variants` of the channel's mask
    M_k = minmax(upsample(A_k)). Flat channels, and all but the `max_channels` strongest, are left out."""
    [activation] = subject.tapped()[0]
    activation = activation[activation.amax(dim=(1, 2)) > activation.amin(dim=(1, 2))]
    activation = activation[strongest(activation, max_channels)]
    masks = minmax(upsample(activation, subject.size))
    scores = mean(subject.scores(subject.picture * variant[:, None]) for variant in variants(masks))
    return pooled(scores.softmax(dim=0)[None, :, None, None], activation[None])


def score_cam(subject, max_channels=None):
    """y(x M_k). Wang et al. 2020."""
    return masked(subject, max_channels, lambda masks: [masks])


def ss_cam(subject, samples, spread, max_channels):
    """mean_i y(x (M_k + spread noise_i)), the same noise for every channel. Naidu et al. 2020 (SS-CAM)."""
    noise = [spread * subject.normal(i, subject.size) for i in range(samples)]
    return masked(subject, max_channels, lambda masks: (masks + one for one in noise))


def is_cam(subject, samples, max_channels):
    """mean_i y(x M_k i / N), i = 1..N. Naidu et al. 2020 (IS-CAM)."""
    return masked(subject, max_channels, lambda masks: (masks * (i / samples) for i in range(1, samples + 1)))


def ablation_cam(subject, max_channels=None):
    """ReLU(sum_k w_k A_k), w_k = (y - y with channel k of A zeroed) / y. Desai and Ramaswamy 2020."""
    activation, _ = subject.tapped()
    chosen = strongest(activation[0], max_channels)
    kept = 1 - F.one_hot(chosen, activation.shape[1]).to(activation)
    y = subject.scores(subject.picture)
    weights = (y - subject.resumed(activation * kept[:, :, None, None])) / y
    return pooled(weights[None, :, None, None], activation[:, chosen])


def occlusion(subject, patch, stride):
    """Each pixel's mean of y(x) - y(x with a window zeroed) over the windows that cover it. Zeiler, Fergus 2014."""
    starts = ([stride * i for i in range(math.ceil((side - patch) / stride) + 1)] for side in subject.size)
    kept = []
    for top, left in itertools.product(*starts):
        window = torch.ones(subject.size).to(subject.picture)
        window[top : top + patch, left : left + patch] = 0
        kept.append(window)
    kept = torch.stack(kept)
    drops = subject.scores(subject.picture) - subject.scores(subject.picture * kept[:, None])
    return (drops[:, None, None] * (1 - kept)).sum(dim=0, keepdim=True) / (1 - kept).sum(dim=0)


def rise(subject, samples, cells, probability):
    """sum_i y(x mask_i) mask_i / (samples probability), mask_i = a coarse random grid, upsampled and shifted by less
    than a cell. Petsiuk et al. 2018. Draw i holds the (cells + 1)^2 cells, then the shift down and right."""
    height, width = subject.size
    cell_height, cell_width = math.ceil(height / cells), math.ceil(width / cells)
    masks = []
    for i in range(samples):
        *grid, down, right = hashed.uniform(f"noise {i}", ((cells + 1) ** 2 + 2,)).tolist()
        grid = (torch.tensor(grid) < probability).to(subject.picture).reshape(1, cells + 1, cells + 1)
        top, left = math.floor(down * cell_height), math.floor(right * cell_width)
        large = upsample(grid, ((cells + 1) * cell_height, (cells + 1) * cell_width))
        masks.append(large[0, top : top + height, left : left + width])
    masks = torch.stack(masks)
    scores = subject.scores(subject.picture * masks[:, None])
    return (scores[:, None, None] * masks).sum(dim=0, keepdim=True) / (samples * probability)


SHIFTS = [(0, 0, 0), (15, 0, 0), (-15, 0, 0), (0, 1 / 8, 0), (0, -1 / 8, 0), (0, 0, 1 / 8), (0, 0, -1 / 8)]


def augmented_grad_cam(subject):
    """Grad-CAM of the picture flipped, turned and shifted, each mapped back: their sum over that of their coverage.
    Morbidelli et al. 2020, without its super-resolution. In pixels from the centre the picture T(x) shows at p what x
    has at F R(angle) p + (dx W/2, dy H/2), F = diag(flip, 1)."""
    height, width = subject.size

    def warp(pictures, theta):
        grid = F.affine_grid(theta[None, :2], (1, 1, height, width), align_corners=False)
        return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    backs, covers = [], []
    for flip, (degrees, dx, dy) in itertools.product((1, -1), SHIFTS):
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        rows = [flip * cos, -flip * sin * height / width, dx], [sin * width / height, cos, dy], [0, 0, 1]
        theta = torch.tensor(rows, dtype=torch.float64)
        back = theta.inverse().to(subject.picture)
        found = subject.grad_cam(warp(subject.picture, theta.to(subject.picture)))
        backs.append(warp(upsample(found, subject.size)[:, None], back)[:, 0])
        covers.append(warp(torch.ones(1, 1, height, width).to(back), back)[:, 0])
    return ratio(mean(backs), mean(covers))


def smooth(subject):
    """The mean of minmax(Grad-CAM) over the picture and its mirror image, each times 0.9, 1 and 1.1; mapped back."""

    def one(mirrored, factor):
        picture = subject.picture * factor
        return minmax(subject.grad_cam(picture.flip(3)).flip(2) if mirrored else subject.grad_cam(picture))

    return mean(one(*variant) for variant in itertools.product((False, True), (0.9, 1.0, 1.1)))


def merged(subject, reduce):
    """The mean or maximum over layers of upsample(minmax(Grad-CAM))."""
    maps = [upsample(minmax(subject.grad_cam(layer=layer)), subject.size) for layer in (0, 1)]
    return reduce(torch.stack(maps))


def of_layer(formula):
    return lambda subject: formula(*subject.tapped())


def of_picture(formula):
    return lambda subject: formula(subject.network, subject.picture, subject.score)


NOISE = {"samples": 4, "spread": 0.15}
FEW = {"max_channels": 32}

# method: (how, options)
METHODS = {
    "xgrad-cam": (of_layer(xgrad_cam), {}),
    "hires-cam": (of_layer(hires_cam), {}),
    "layer-cam": (of_layer(layer_cam), {}),
    "element-wise": (of_layer(element_wise), {}),
    "eigen-cam": (of_layer(eigen_cam), {}),
    "gradient": (of_picture(gradient), {}),
    "gradient-x-input": (lambda subject: subject.picture * subject.gradient(subject.picture), {}),
    "guided-backprop": (of_picture(guided_backprop), {}),
    "deconvnet": (of_picture(deconvnet), {}),
    "smooth-grad": (smooth_grad, NOISE),
    "integrated-gradients": (integrated_gradients, {"samples": 8}),
    "smooth-grad-cam++": (smooth_grad_cam_plus_plus, NOISE),
    "smooth-grad-cam++:averaged-gradients": (averaged_gradients, NOISE),
    "guided-grad-cam": (guided_cam(grad_cam), {}),
    "guided-grad-cam++": (guided_cam(grad_cam_plus_plus), {}),
    "integrated-grad-cam": (integrated_grad_cam, {"samples": 4}),
    "score-cam": (score_cam, {}),
    "score-cam#max_channels": (score_cam, FEW),
    "ss-cam": (ss_cam, {"samples": 3, "spread": 0.15, **FEW}),
    "is-cam": (is_cam, {"samples": 3, **FEW}),
    "ablation-cam": (ablation_cam, {}),
    "ablation-cam#max_channels": (ablation_cam, FEW),
    "occlusion": (occlusion, {"patch": 32, "stride": 16}),
    "rise": (rise, {"samples": 20, "cells": 8, "probability": 0.5}),
    "augmented-grad-cam": (augmented_grad_cam, {}),
    "grad-cam#smooth": (smooth, {}),
}
MERGED = {
    "grad-cam#mean": lambda subject: merged(subject, lambda maps: maps.mean(dim=0)),
    "grad-cam#max": lambda subject: merged(subject, lambda maps: maps.amax(dim=0)),
}
# Also at the earlier layer: where a linear head follows, g is the same at every position and some methods agree.
EARLIER = [
    "xgrad-cam",
    "hires-cam",
    "layer-cam",
    "element-wise",
    "eigen-cam",
    "smooth-grad-cam++",
    "smooth-grad-cam++:averaged-gradients",
    "ablation-cam",
]
TARGETS = [("score-cam", "probability"), ("ablation-cam", "contrast:5"), ("guided-backprop", "counterfactual")]


def maps_of(name, network, picture):
    """Every map of a network, by key."""
    entry, layers = NETWORKS[name], LAYERS[name]
    both = "+".join(reversed(layers))
    scores = {"logit": logit, **targets(entry.rival)}
    maps, known = {}, {}
    for index in entry.classes:

        def explain(method, options={}, target="logit", layers=layers):
            score = lambda logits: scores[target](logits, index)
            return method(Subject(network, layers, picture, score, known), **options)

        for method, (how, options) in METHODS.items():
            maps[f"{layers[0]}|{method}|{index}"] = explain(how, options)
        for method in EARLIER:
            maps[f"{layers[1]}|{method}|{index}"] = explain(*METHODS[method], layers=layers[::-1])
        for method, target in TARGETS:
            maps[f"{layers[0]}|{method}@{target}|{index}"] = explain(*METHODS[method], target)
        for method, how in MERGED.items():
            maps[f"{both}|{method}|{index}"] = explain(how)
    return maps


def generate(name, picture):
    """Computes, checks and writes one network's file."""
    entry, (layer, earlier), network = NETWORKS[name], LAYERS[name], build(name)
    computed = compute(network, picture, lambda network, picture: maps_of(name, network, picture))
    references = References(computed[1])
    picture = picture.double()
    for index in entry.classes:
        check_cams(references, network, layer, index, picture)
        check_cams(references, network, earlier, index, picture)
        check_score_cam(references, network, layer, index, picture)
        check_merged(references, network, [earlier, layer], index, picture)
        check_guided(references, network, layer, index, picture)
        check_pictures(references, network, layer, index, picture, METHODS)
    save(
        HERE / name / "methods.safetensors",
        picture,
        computed,
        classes=",".join(map(str, entry.classes)),
        options=json.dumps({method: options for method, (_, options) in METHODS.items() if options}),
        references=json.dumps(references.names()),
    )
    for method, libraries in references.names().items():
        print(f"  {method}: {libraries}")
    print(f"  libraries within {references.worst:.1e}", flush=True)

"""Guided backpropagation and the deconvnet: other backward rules for ReLU and ReLU6, functional ones included."""

import math
from contextlib import contextmanager
from unittest.mock import patch

import torch
from torch import nn
from torch.nn import functional as F


class Rectify(torch.autograd.Function):
    """clamp(x, 0, ceiling) that passes g 1[g > 0], and where `gated` only if 0 < x < ceiling."""

    @staticmethod
    def forward(ctx, x, ceiling, gated):
        ctx.save_for_backward((x > 0) & (x < ceiling) if gated else torch.ones_like(x, dtype=torch.bool))
        return x.clamp(0, ceiling)

    @staticmethod
    def backward(ctx, gradient):
        [gate] = ctx.saved_tensors
        return gradient.relu() * gate, None, None


@contextmanager
def rectifiers(gated, modules_only=False):
    """Swaps torch's rectifiers for Rectify; with `modules_only` just nn.ReLU and nn.ReLU6, as PyTorch's hooks see."""

    def relu(x, inplace=False):
        return Rectify.apply(x, math.inf, gated)

    def relu6(x, inplace=False):
        return Rectify.apply(x, 6, gated)

    def hardtanh(x, low, high, inplace=False):
        assert (low, high) == (0, 6), "only ReLU6 has a guided rule"
        return relu6(x)

    if modules_only:
        with (
            patch.object(nn.ReLU, "forward", lambda _, x: relu(x)),
            patch.object(nn.ReLU6, "forward", lambda _, x: relu6(x)),
        ):
            yield
    else:
        with patch.object(torch, "relu", relu), patch.multiple(F, relu=relu, relu6=relu6, hardtanh=hardtanh):
            yield


def gradient(network, pictures, score):
    """dy/dx [n, 3, h, w] of the score of the logits. Simonyan et al. 2014."""
    pictures = pictures.detach().requires_grad_()
    return torch.autograd.grad(score(network(pictures)).sum(), pictures)[0]


def guided_backprop(network, pictures, score):
    """dy/dx with g 1[x > 0] 1[g > 0] at every ReLU. Springenberg et al. 2015."""
    with rectifiers(gated=True):
        return gradient(network, pictures, score)


def guided_backprop_of_modules(network, pictures, score):
    """The same where only ReLU modules are guided: functional ones stay plain."""
    with rectifiers(gated=True, modules_only=True):
        return gradient(network, pictures, score)


def deconvnet(network, pictures, score):
    """dy/dx with g 1[g > 0] at every ReLU. Zeiler and Fergus 2014."""
    with rectifiers(gated=False):
        return gradient(network, pictures, score)

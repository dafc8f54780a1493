"""Raw maps [n, h, w] from A = activation of a layer [n, k, h, w] and g = dy/dA; < > = mean over h, w."""

import torch
from torch.nn import functional as F


def pooled(weights, activation):
    """ReLU(sum_k w_k A_k) for weights [n, k, 1, 1] or, position by position, [n, k, h, w]."""
    return (weights * activation).sum(dim=1).relu()


def grad_cam(activation, gradient):
    """ReLU(sum_k <g_k> A_k). Selvaraju et al. 2017."""
    return pooled(gradient.mean(dim=(2, 3), keepdim=True), activation)


def grad_cam_plus_plus(activation, gradient, epsilon=0.0):
    """ReLU(sum_k w_k A_k), w_k = sum_ij alpha ReLU(g), alpha = g^2 / (2 g^2 + sum_ab A_k g^3 + epsilon).

    alpha = 0 where g = 0 or where the denominator is 0. Chattopadhay et al. 2018; pytorch-grad-cam has epsilon = 1e-6.
    """
    total = activation.sum(dim=(2, 3), keepdim=True)
    denominator = 2 * gradient**2 + total * gradient**3 + epsilon
    alpha = ratio(gradient**2, denominator.where(gradient != 0, 0))
    return pooled((alpha * gradient.relu()).sum(dim=(2, 3), keepdim=True), activation)


def ratio(numerator, denominator):
    """numerator / denominator, 0 where the denominator is 0."""
    defined = denominator != 0
    return torch.where(defined, numerator / denominator.where(defined, 1), 0)


def cam(activation, head, index):
    """ReLU(sum_k W[c, k] A_k) with W the linear head. Zhou et al. 2016."""
    return pooled(head[index][None, :, None, None], activation)


def xgrad_cam(activation, gradient):
    """ReLU(sum_k w_k A_k), w_k = sum_ij g A_k / (sum_ij A_k + 1e-7). Fu et al. 2020."""
    total = activation.sum(dim=(2, 3), keepdim=True)
    return pooled((gradient * activation).sum(dim=(2, 3), keepdim=True) / (total + 1e-7), activation)


def hires_cam(activation, gradient):
    """ReLU(sum_k g A). Draelos and Carin 2020."""
    return pooled(gradient, activation)


def layer_cam(activation, gradient):
    """ReLU(sum_k ReLU(g) A). Jiang et al. 2021."""
    return pooled(gradient.relu(), activation)


def element_wise(activation, gradient):
    """sum_k ReLU(g A). pytorch-grad-cam's GradCAMElementWise."""
    return (gradient * activation).relu().sum(dim=1)


def eigen_cam(activation, _gradient):
    """sigma_1 u_1 of A as [k, h w], not centred, its mean made positive. Muhammad and Yeasin 2020."""
    _, values, rows = torch.linalg.svd(activation.flatten(2), full_matrices=False)
    component = (values[:, :1] * rows[:, 0]).reshape(len(activation), *activation.shape[2:])
    return component * component.mean(dim=(1, 2), keepdim=True).sign()


def minmax(maps):
    """(m - min) / (max - min) over the last two axes, zero where m is flat."""
    low, high = maps.amin(dim=(-2, -1), keepdim=True), maps.amax(dim=(-2, -1), keepdim=True)
    return ratio(maps - low, (high - low).expand_as(maps))


def upsample(maps, size):
    """Maps [n, h, w] at the given size: bilinear with half-pixel centres."""
    return F.interpolate(maps[:, None], size=tuple(size), mode="bilinear", align_corners=False)[:, 0]

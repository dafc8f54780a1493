"""Weights that need no file: every value follows from its tensor's name and its flat index.

The Rust tests derive the same numbers bit for bit, so no weights are committed. With all arithmetic on u32 wrapping,

    seed   = fnv1a32(name)
    u(i)   = (mix(seed + i * 0x9E3779B9) >> 8) / 2^24      in [0, 1), exact in float32
    v(i)   = 2 u(i) - 1                                    in [-1, 1), exact in float32

where i counts row-major in torch's layout and mix is lowbias32 (Wellons, "Prospecting for hash functions", 2018).
"""

import math

import numpy as np
import torch


def fnv1a32(name):
    """The 32-bit FNV-1a hash of a name's UTF-8 bytes."""
    digest = 2166136261
    for byte in name.encode():
        digest = ((digest ^ byte) * 16777619) & 0xFFFFFFFF
    return digest


def mix(x):
    """lowbias32 on an array of u32."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(name, shape):
    """u of the module's docstring: float32 in [0, 1) of the given shape."""
    index = np.arange(math.prod(shape), dtype=np.uint32)
    bits = mix(np.uint32(fnv1a32(name)) + index * np.uint32(0x9E3779B9)) >> np.uint32(8)
    return (bits.astype(np.float32) / np.float32(2**24)).reshape(shape)


def signed(name, shape):
    """v of the module's docstring: float32 in [-1, 1) of the given shape."""
    return np.float32(2) * uniform(name, shape) - np.float32(1)


def tensor(name, shape):
    """The float32 value of a parameter or buffer, by its torchvision name and shape.

    rank >= 2           v * sqrt(6 / fan_in), fan_in = product of shape[1:] (He et al. 2015, uniform)
    *.running_var       0.5 + u
    *.weight, rank 1    0.5 + 0.5 u          (the gamma of a batch normalisation)
    *.bn3.weight        a quarter of that    (it ends a residual branch: Goyal et al. 2017 set it to zero)
    *.bn.weight         1.25 times that      (Inception's: its deep stack of ReLUs would else lose the picture)
    *.running_mean      0.1 v
    *.bias              0.1 v                (and an LSTM's *.bias_ih_l0 and *.bias_hh_l0)
    """
    shape = tuple(shape)
    if len(shape) >= 2:
        value = signed(name, shape) * np.float32(math.sqrt(6 / math.prod(shape[1:])))
    elif name.endswith(".running_var"):
        value = np.float32(0.5) + uniform(name, shape)
    elif name.endswith(".weight"):
        value = np.float32(0.5) + np.float32(0.5) * uniform(name, shape)
        if name.endswith(".bn3.weight"):
            value = np.float32(0.25) * value
        elif name.endswith(".bn.weight"):
            value = np.float32(1.25) * value
    elif name.endswith((".running_mean", ".bias", ".bias_ih_l0", ".bias_hh_l0")):
        value = np.float32(0.1) * signed(name, shape)
    else:
        raise ValueError(f"no rule for the tensor {name} of shape {shape}")
    assert value.dtype == np.float32
    return torch.from_numpy(value)


def load(module):
    """Fills a module's parameters and buffers from their names; returns the module."""
    state = module.state_dict()
    for name, value in state.items():
        if not name.endswith(".num_batches_tracked"):
            value.copy_(tensor(name, value.shape))
    return module

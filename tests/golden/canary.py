"""Prints what the start-up check of src/device/canary.rs must find: two class scores, and some of the gradient of
the first to the pooled stem. Needs torch."""

import torch
from torch.nn import functional as F

import hashed


def weight(name, *shape):
    return hashed.tensor(f"{name}.weight", shape), hashed.tensor(f"{name}.bias", shape[:1])


def main():
    picture = torch.from_numpy(2 * hashed.signed("picture", (1, 3, 40, 32)))
    stem, _ = weight("stem", 8, 3, 7, 7)
    statistics = [hashed.tensor(f"bn.{part}", (8,)) for part in ("running_mean", "running_var", "weight", "bias")]
    x = F.relu(F.batch_norm(F.conv2d(picture, stem, stride=2, padding=3), *statistics))
    leaf = F.max_pool2d(x, 3, 2, 1).detach().requires_grad_()
    wide = F.conv2d(leaf, *weight("expand", 16, 8, 1, 1))
    depthwise, _ = weight("depthwise", 16, 1, 3, 3)
    x = wide + F.relu6(F.conv2d(wide, depthwise, padding=1, groups=16))
    mix, _ = weight("mix", 16, 16, 3, 3)
    x = F.relu(F.conv2d(F.max_pool2d(x, 3, 2, 0, ceil_mode=True), mix, stride=2, padding=1))
    logits = F.linear(torch.cat([x, x.square()], 1).mean((2, 3)), *weight("head", 2, 32))
    logits[0, 0].backward()
    for values in (logits[0], leaf.grad[0, :, 3, 2]):
        print([round(value, 6) for value in values.tolist()])


main()

"""Float32 against float64, and the files: what is stored of a set of maps and how far it can be trusted."""

import json
from pathlib import Path

import torch
import torchvision
from safetensors.torch import save_file

HERE = Path(__file__).parent
ROUND_OFF = 1e-3  # float32 against float64, of each map's maximum
SHAKE, COPIES = 3e-6, 4
STRIDE = 5  # of what has the picture's resolution, both ways


def difference(ours, theirs):
    """max |ours - theirs| over max |theirs|, the worst of the samples [n, ...]; 0 where both are all zero."""
    gap = (ours.double() - theirs.double()).abs().flatten(1).amax(dim=1)
    peak = theirs.double().abs().flatten(1).amax(dim=1)
    return torch.where(gap == 0, 0, gap / peak).max().item()


def compute(network, pictures, maps_of):
    """What `maps_of(network, pictures)` answers in float32 and in float64, and how far float32 is off, by key.

    Besides the picture itself float32 is given four copies of it, each value shaken by about 3e-6 of itself: as far as
    sums of another order are off after some layers. So it flips the ReLUs at their kink that another engine would, and
    what these change shows. Capped at 1.
    """
    runs = [maps_of(network, pictures)]
    for seed in range(COPIES):
        noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(seed))
        runs.append(maps_of(network, pictures * (1 + SHAKE * noise)))
    precise = maps_of(network.double(), pictures.double())
    assert all(value.isfinite().all() for maps in [*runs, precise] for value in maps.values())
    off_by = {key: min(1.0, max(difference(maps[key], precise[key]) for maps in runs)) for key in precise}
    return runs[0], precise, off_by


def report(maps):
    """Prints which maps have nothing to see."""
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


def save(path, pictures, computed, **metadata):
    """Writes the float32 values, but float64's where float32 cannot be trusted, and says so in `round_off`."""
    maps, precise, off_by = computed
    fragile = {key: off for key, off in off_by.items() if off > ROUND_OFF / 10}
    for key, off in fragile.items():
        stored = "float32" if off <= ROUND_OFF else "float64"
        maps[key] = maps[key] if stored == "float32" else precise[key].float()
        print(f"  {key}: float32 is {off:.1e} off float64; the {stored} map is stored")
    report(maps)
    thin = lambda value: value[..., ::STRIDE, ::STRIDE] if value.shape[-2:] == pictures.shape[-2:] else value
    path.parent.mkdir(exist_ok=True)
    save_file(
        {key: thin(value).contiguous() for key, value in maps.items()},
        path,
        {
            "torch": torch.__version__,
            "torchvision": torchvision.__version__,
            "round_off": json.dumps({key: float(f"{off:.2g}") for key, off in fragile.items()}),
            **metadata,
        },
    )
    print(
        f"{path.relative_to(HERE)}: {len(maps)} values, {path.stat().st_size // 1024} KiB, "
        f"float32 within {max(off_by.values()):.1e} of float64",
        flush=True,
    )

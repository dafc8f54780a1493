"""Seconds of each method on ResNet-50 at 224 x 224, ours and pytorch-grad-cam's, one after the other in one run.

    python benches/peers.py OURS [SETTING=VALUE ...]
    python benches/peers.py OURS networks [RUNS]

With `networks`: of several networks, Grad-CAM beside PyTorch's forward pass, and guided backpropagation beside
pytorch-grad-cam's, one run of each in turn; medians of RUNS (10). Prints what docs/TIMINGS.md has.

OURS is the benchmark `methods`, built by `cargo bench --bench methods --no-run` (which tells where it lies). Needs
torch, torchvision and grad-cam. Both sides use all cores (unless RAYON_NUM_THREADS and OMP_NUM_THREADS say fewer), one
picture, layer4, and weights that were never trained."""

import statistics
import subprocess
import sys
import time

import pytorch_grad_cam as peer
import torch
from pytorch_grad_cam.guided_backprop import GuidedBackpropReLUModel
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torchvision import models

CLASS = 243
LONG = 10.0  # seconds from which once is enough
METHODS = {
    "grad-cam": peer.GradCAM,
    "grad-cam++": peer.GradCAMPlusPlus,
    "hires-cam": peer.HiResCAM,
    "xgrad-cam": peer.XGradCAM,
    "layer-cam": peer.LayerCAM,
    "element-wise": peer.GradCAMElementWise,
    "eigen-cam": peer.EigenCAM,
    "score-cam": peer.ScoreCAM,
    "ablation-cam": peer.AblationCAM,
}


def median(work):
    seconds = []
    while len(seconds) < 3 and (not seconds or seconds[0] < LONG):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def theirs(name, network, picture):
    if name == "forward":
        with torch.no_grad():
            return median(lambda: network(picture))
    if name == "guided-backprop":
        guided = GuidedBackpropReLUModel(model=network, device="cpu")
        return median(lambda: guided(picture, target_category=CLASS))
    if name == "gradient":
        return median(lambda: network(picture.clone().requires_grad_())[0, CLASS].backward())
    method = METHODS[name](model=network, target_layers=[network.layer4])
    return median(lambda: method(input_tensor=picture, targets=[ClassifierOutputTarget(CLASS)]))


def ours(name, binary, settings):
    output = subprocess.run([binary, "--bench", name, *settings], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in output.splitlines()[1:]]  # the first one names the device
    return {row[0]: float(row[1]) for row in rows}


NETWORKS = ["resnet50", "vgg16", "mobilenet_v2"]


def in_turn(binary, runs):
    print("| network | Grad-CAM, ours | forward, PyTorch | ratio | guided backpropagation, ours | pytorch-grad-cam's | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    picture = torch.randn(1, 3, 224, 224)
    for name in NETWORKS:
        network = getattr(models, name)(weights=None).eval()
        process = subprocess.Popen([binary, "--bench", "in-turn", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def run(method):
            print(method, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        def forward():
            with torch.no_grad():
                network(picture)

        def timed(work):
            start = time.perf_counter()
            work()
            return time.perf_counter() - start

        def medians(method, work):
            pairs = [(run(method), timed(work)) for _ in range(runs + 2)][2:]  # the first ones allocate
            return [1000 * statistics.median(side) for side in zip(*pairs)]

        first, second = medians("grad-cam", forward)
        # It replaces ReLUs for good; those of MobileNetV2, which end at 6, it leaves as they are.
        guided = GuidedBackpropReLUModel(model=network, device="cpu")
        third, fourth = medians("guided-backprop", lambda: guided(picture, target_category=CLASS))
        cells = f"{first:.0f} ms | {second:.0f} ms | {first / second:.2f} | {third:.0f} ms | {fourth:.0f} ms | {third / fourth:.2f}"
        print(f"| `{name}` | {cells} |", flush=True)
        process.stdin.close()
        process.wait()


def main(binary, *settings):
    if settings[:1] == ("networks",):
        return in_turn(binary, int(settings[1]) if settings[1:] else 10)
    network = models.resnet50(weights=None).eval()
    picture = torch.randn(1, 3, 224, 224)
    theirs("forward", network, picture)  # the first call allocates
    print(f"{'method':18} {'ours':>9} {'theirs':>9} {'ratio':>6}   (seconds; forward passes around each: ours, theirs)")
    for name in [*METHODS, "guided-backprop", "gradient"]:
        found = ours(name, binary, settings)
        forward, other = theirs("forward", network, picture), theirs(name, network, picture)
        print(f"{name:18} {found[name]:9.3f} {other:9.3f} {found[name] / other:6.2f}   {found['forward']:.3f} {forward:.3f}", flush=True)


main(*sys.argv[1:])

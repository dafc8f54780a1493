"""Writes `language/*.safetensors`: an LSTM, and the networks that answer questions and write captions, in PyTorch.

    python tests/golden/language.py [NETWORK ...]

All weights are hashed (see hashed.py); every number is computed in float64, and float32 must agree. See README.md.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

import hashed

HERE = Path(__file__).parent
WORDS = ANSWERS = 32
PAD, START, END = 0, 2, 3
FLOAT32 = 2e-5  # float32 against float64, of the largest value
LEARNED = 2e-3  # the same of gradients in training mode, where some ReLUs are at their kink


class BasicBlock(nn.Module):
    """torchvision's."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        if stride != 1 or inputs != width:
            conv = nn.Conv2d(inputs, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(width))
        else:
            self.downsample = nn.Identity()

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + self.downsample(x)).relu()


def with_coordinates(x):
    """x [n, k, h, w] with two channels more: columns and rows from -1 to 1."""
    n, _, h, w = x.shape
    columns = torch.linspace(-1, 1, w, dtype=x.dtype).expand(n, 1, h, w)
    rows = torch.linspace(-1, 1, h, dtype=x.dtype)[:, None].expand(n, 1, h, w)
    return torch.cat([x, columns, rows], 1)


class Seeing(nn.Module):
    """The small ResNet to layer4, and the stem."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for i, (width, stride) in enumerate([(16, 2), (32, 2), (64, 1), (96, 1)]):
            setattr(self, f"layer{i + 1}", nn.Sequential(BasicBlock(inputs, width, stride)))
            inputs = width
        self.stem = nn.Conv2d(96 + 2, 64, 1)

    def see(self, x, known):
        x = self.bn1(self.conv1(x)).relu()
        for i in range(1, 5):
            x = known(f"layer{i}", getattr(self, f"layer{i}")(x))
        return known("stem", self.stem(with_coordinates(x)).relu())


class Block(nn.Module):
    def __init__(self, question=None):
        super().__init__()
        self.conv1 = nn.Conv2d(64 + 2, 64, 1)
        self.conv2 = nn.Conv2d(64, 64, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(64, affine=question is None)
        if question is not None:
            self.film = nn.Linear(question, 2 * 64)

    def forward(self, x, q=None):
        a = self.conv1(with_coordinates(x)).relu()
        y = self.bn(self.conv2(a))
        if q is not None:
            gamma, beta = self.film(q)[:, :, None, None].chunk(2, 1)
            y = (1 + gamma) * y + beta
        return a + y.relu()


class Film(Seeing):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 64)
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.blocks = nn.ModuleList(Block(128) for _ in range(3))
        self.glance = nn.Linear(128, 64, bias=False)
        self.region = nn.Linear(128, 5)
        self.value = nn.Conv2d(64 + 2, 128, 1)
        self.gate = nn.Linear(128, 64 + 1)
        self.classifier = nn.Linear(128, ANSWERS)
        self.prior = nn.Sequential(nn.Linear(128, 3, bias=False), nn.Linear(3, ANSWERS, bias=False))

    def forward(self, x, questions, known):
        """Logits of as many questions about each picture as there are; the questions without padding."""
        q = torch.cat([self.lstm(self.embedding(torch.tensor([words])))[1][0][0] for words in questions])
        x = self.see(x, known).repeat_interleave(len(questions) // len(x), 0)
        values = self.value(with_coordinates(x)).relu()
        for i, block in enumerate(self.blocks):
            x = known(f"blocks.{i}", block(x, q))
            if i == 0:
                energies = (x * self.glance(q)[:, :, None, None]).sum(1)
                glance = known("glance", energies.flatten(1).softmax(1).reshape(energies[:, None].shape))
                at = with_coordinates(x)[:, 64:]
                point = (at * glance).sum((2, 3))
                dx, dy = (at - point[:, :, None, None]).unbind(1)
                offsets = torch.stack([dx, dy, dx.abs(), dy.abs(), torch.ones_like(dx)], 1)
                x = x * (offsets * self.region(q)[:, :, None, None]).sum(1, keepdim=True).sigmoid()
        sought, bias = self.gate(q)[:, :, None, None].split([64, 1], 1)
        gate = known("gate", (x * sought).sum(1, keepdim=True) + bias)
        head = known("head", 24 * gate.sigmoid() * values)
        return self.classifier(head.mean((2, 3))) + self.prior(q)


class Captioner(Seeing):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(2))
        self.value = nn.Conv2d(64 + 2, 128, 1)
        self.key = nn.Conv2d(64, 64, 1)
        self.embedding = nn.Embedding(WORDS, 64)
        self.lstm = nn.LSTM(64 + 128 + 6, 192, batch_first=True)
        self.query = nn.Linear(192, 64, bias=False)
        self.refine = nn.Linear(128, 64, bias=False)
        self.score = nn.Linear(64, 1, bias=False)
        self.classifier = nn.Linear(128, WORDS)
        self.bounds = nn.Linear(6, WORDS, bias=False)
        self.prior = nn.Linear(192, WORDS, bias=False)

    def forward(self, x, captions, known):
        """Logits [n, places, words]: one place more than a caption has words; all captions of one length."""
        x = self.see(x, known)
        for i, block in enumerate(self.blocks):
            x = known(f"blocks.{i}", block(x))
        values = known("value", self.value(with_coordinates(x)).relu())
        keys = known("key", self.key(x))
        n = len(values)
        at = with_coordinates(values)[:1, 128:]

        def opening(query):
            energies = torch.tanh(keys.permute(0, 2, 3, 1) + query[:, None, None])
            return self.score(energies).permute(0, 3, 1, 2)

        def looks(hidden):
            """The logits of the gates: of the glance, and of what is read."""
            query = self.query(hidden)
            glance = opening(query)
            saw = (24 * glance.sigmoid() * values).mean((2, 3))
            return glance, opening(query + self.refine(saw))

        def bounds(a):
            mean = (a * at).sum((2, 3)) / (a.sum((2, 3)) + 1e-3)
            return torch.cat([mean, (a * (1 + at)).amax((2, 3)), (a * (1 - at)).amax((2, 3))], 1)

        a = looks(values.new_zeros(n, 192))[1].sigmoid()
        state, glimpse, bound, logits = None, (24 * a * values).mean((2, 3)), bounds(a), []
        for t in range(len(captions[0]) + 1):
            word = self.embedding(torch.tensor([([START] + words)[t] for words in captions]))
            _, state = self.lstm(torch.cat([word, glimpse, bound], 1)[:, None], state)
            hidden = state[0][0]
            glance, gate = looks(hidden)
            known(f"glance.{t}", glance)
            a = known(f"gate.{t}", gate).sigmoid()
            glimpse, bound = known(f"read.{t}", 24 * a * values).mean((2, 3)), bounds(a)
            logits.append(self.classifier(glimpse) + self.bounds(bound) + self.prior(hidden))
        return torch.stack(logits, 1)


def build(network, dtype):
    network.load_state_dict({k: v.double() for k, v in hashed.load(network).state_dict().items()})
    return network.to(dtype)


class Known(dict):
    """The layers' outputs, by name."""

    def __call__(self, name, value):
        self[name] = value
        return value


def grad_cam(known, layer, score):
    gradient = torch.autograd.grad(score.sum(), known[layer], retain_graph=True)[0]
    return (gradient.mean((2, 3), keepdim=True) * known[layer]).sum(1).relu()


def gradients(network, loss):
    """Three numbers of each tensor's gradient."""
    loss.backward()
    found = {"loss": loss.detach().reshape(1)}
    for name, tensor in network.named_parameters():
        probe = torch.from_numpy(hashed.signed(f"{name} probe", tuple(tensor.shape))).to(tensor)
        gradient = tensor.grad
        found[f"learned|{name}"] = torch.stack([gradient.sum(), gradient.abs().sum(), (gradient * probe).sum()])
    return found


QUESTIONS = [[5, 3, 9, 17], [4, 8, 8, 30, 11, 6], [7]]
CLASSES = [3, 21]


def film(dtype, pictures):
    network, found = build(Film().eval(), dtype), {}
    for i, question in enumerate(QUESTIONS):
        known = Known()
        logits = network(pictures, [question] * len(pictures), known)
        found[f"logits|{i}"] = logits
        found |= {f"{layer}|{i}": known[layer] for layer in ("glance", "gate")}
        for layer in ("head", "blocks.1", "layer4"):
            for index in CLASSES:
                found[f"{layer}|grad-cam|{i}|{index}"] = grad_cam(known, layer, logits[:, index])
    labels = torch.from_numpy(hashed.uniform("labels", (2 * len(QUESTIONS), ANSWERS))).to(dtype)
    labels = labels / labels.sum(1, keepdim=True)
    learning = build(Film().train(), dtype)
    logits = learning(pictures[:2], QUESTIONS * 2, Known())
    return found | gradients(learning, -(logits.log_softmax(1) * labels).sum(1).mean())


CAPTION = [12, 7, 4, 9]
CAPTIONS = [CAPTION, [8, 30, 30, 5]]
PLACES = [0, 2, 4]


def caption(dtype, pictures):
    network, found = build(Captioner().eval(), dtype), {}
    known = Known()
    logits = network(pictures, [CAPTION] * len(pictures), known)
    found["logits"] = logits
    for look in ("glance", "gate"):
        for place in range(len(CAPTION) + 1):
            found[f"{look}|{place}"] = known[f"{look}.{place}"]
    for place in PLACES:
        for layer in (f"read.{place}", "blocks.1", "layer4"):
            for index in CLASSES:
                found[f"{layer}|grad-cam|{place}|{index}"] = grad_cam(known, layer, logits[:, place, index])
    written = [[] for _ in pictures]
    for _ in range(6):
        scores = network(pictures, written, Known())[:, -1].detach().clone()
        scores[:, [PAD, 1, START]] = -torch.inf
        for words, best in zip(written, scores.argmax(1).tolist()):
            words.append(best)
    assert all(END not in words for words in written)
    found["greedy"] = torch.tensor(written).to(dtype)
    learning = build(Captioner().train(), dtype)
    logits = learning(pictures[:2], CAPTIONS, Known())
    targets = torch.tensor([words + [END] for words in CAPTIONS])
    return found | gradients(learning, F.cross_entropy(logits.flatten(0, 1), targets.flatten()))


def lstm(dtype, _):
    network = nn.ModuleDict({"lstm": nn.LSTM(3, 5, batch_first=True)})
    lstm = build(network, dtype)["lstm"]
    x = torch.from_numpy(hashed.signed("steps", (2, 4, 3))).to(dtype)
    outputs, (_, cell) = lstm(x)
    return {"outputs": outputs, "cell": cell[0]}


def main():
    pictures = load_file(HERE / "input.safetensors")["input"]
    goldens = {"lstm": lstm, "film_small": film, "caption_small": caption}
    for name in sys.argv[1:] or goldens:
        compute = goldens[name]
        single, double = (compute(dtype, pictures.to(dtype)) for dtype in (torch.float32, torch.float64))
        off = {}
        for key, value in double.items():
            off[key] = ((single[key] - value).abs().max() / value.abs().max().clamp(min=1e-30)).item()
            kin = [other for name, other in double.items() if name.rpartition("|")[0] == key.rpartition("|")[0]]
            shown = value.any() or ("grad-cam" in key and any(other.any() for other in kin))
            assert value.isfinite().all() and shown, f"{key}: nothing to see"
        for key, value in off.items():
            allowed = LEARNED if key.startswith("learned|") else FLOAT32
            assert value < allowed, f"{key}: float32 is {value:.1e} off float64"
        path = HERE / "language" / f"{name}.safetensors"
        path.parent.mkdir(exist_ok=True)
        save_file(
            {key: value.detach().float().contiguous() for key, value in double.items()},
            path,
            {"torch": torch.__version__},
        )
        print(f"{name}: {path.stat().st_size / 1024:.0f} KiB, float32 within {max(off.values()):.1e}")


if __name__ == "__main__":
    main()

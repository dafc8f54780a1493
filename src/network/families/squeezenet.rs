//! SqueezeNet: AlexNet-level accuracy with 50 times fewer parameters (Iandola 2016,
//! <https://arxiv.org/abs/1602.07360>).

use crate::Result;
use crate::network::description::Description;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

/// SqueezeNet 1.0.
pub const SQUEEZENET1_0: Architecture = architecture("squeezenet1_0", "SqueezeNet 1.0", |shapes| {
    let stem = Convolution::new(96, 7);
    describe(shapes, stem, &[A, A, B, POOL, B, C, C, D, POOL, D], true)
});
/// SqueezeNet 1.1: a smaller stem and earlier pools.
pub const SQUEEZENET1_1: Architecture = architecture("squeezenet1_1", "SqueezeNet 1.1", |shapes| {
    let stem = Convolution::new(64, 3);
    describe(shapes, stem, &[A, A, POOL, B, B, POOL, C, C, D, D], true)
});
/// A narrow one for pictures of 96 pixels, with a fine last layer. Its scores are not rectified, so that they can also speak against a class.
pub const SQUEEZENET_SMALL: Architecture = Architecture {
    size: 96,
    default_layer: "features.11",
    ..architecture("squeezenet_small", "SqueezeNet, small", |shapes| {
        let stem = Convolution::new(32, 3);
        let [a, b, c, d] = [(16, 32), (24, 64), (32, 96), (48, 128)].map(Some);
        describe(shapes, stem, &[a, a, POOL, b, b, c, c, d, d], false)
    })
};

/// Either with other widths and pools, told by a weight file's names and shapes.
pub const SQUEEZENET_OTHER: Architecture = Architecture {
    default_layer: "features",
    ..architecture("squeezenet_other", "SqueezeNet of another size", from_shapes)
};

const fn architecture(
    name: &'static str,
    title: &'static str,
    describe: fn(&Shapes) -> Result<Description>,
) -> Architecture {
    Architecture {
        name,
        title,
        paper: "Iandola 2016",
        default_layer: "features.12",
        size: 224,
        transform_input: false,
        variants: Variant::ONE,
        design: Design::Classifier(describe),
    }
}

/// A fire module's squeezed and expanded (each of two halves) channels, or a pool.
type Feature = Option<(usize, usize)>;

const A: Feature = Some((16, 64));
const B: Feature = Some((32, 128));
const C: Feature = Some((48, 192));
const D: Feature = Some((64, 256));
const POOL: Feature = None;

/// A pool whose last window may only partly fit.
const MAX_POOL: Module = Module::MaxPool3x3 { padding: 0, ceil: true };

/// The sizes that the tensors' shapes tell. Where a number among the fire modules is left out, there is a pool.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    /// Place of the first [`Feature`], behind the stem.
    const FIRST: usize = 3;
    let [width, _, kernel, _] = shapes.get("features.0.weight")?;
    let name = |place: usize, part: &str| format!("features.{place}.{part}.weight");
    let is_fire = |place: usize| shapes.has(&name(place, "squeeze"));
    let mut features = Vec::new();
    for place in (FIRST..).take_while(|&place| is_fire(place) || is_fire(place + 1)) {
        features.push(match is_fire(place) {
            false => POOL,
            true => {
                let [squeezed, ..] = shapes.get::<4>(&name(place, "squeeze"))?;
                let [expanded, ..] = shapes.get::<4>(&name(place, "expand1x1"))?;
                Some((squeezed, expanded))
            }
        });
    }
    describe(shapes, Convolution::new(width, kernel), &features, true)
}

/// The scores are `rectified`, as the paper's are, or not.
fn describe(
    shapes: &Shapes,
    stem: Convolution,
    features: &[Feature],
    rectified: bool,
) -> Result<Description> {
    let stem = [stem.stride(2).padding(0).bias().into(), Module::Relu, MAX_POOL];
    let features = features.iter().map(|feature| match *feature {
        POOL => MAX_POOL,
        Some((squeezed, expanded)) => fire(squeezed, expanded).into(),
    });
    let scores = Convolution::new(shapes.classes("classifier.1")?, 1).bias();
    let mut classifier = Sequence::new().then("0", Module::Identity).then("1", scores);
    if rectified {
        classifier = classifier.then("2", Module::Relu);
    }
    let classifier = classifier.then("3", Module::AdaptiveAveragePool { side: 1 });
    let features = Sequence::numbered(stem.into_iter().chain(features));
    Ok(Description::new(Sequence::new().then("features", features).then("classifier", classifier), None))
}

/// `[n, k, h, w]` to `[n, 2 · expanded, h, w]`.
fn fire(squeezed: usize, expanded: usize) -> Sequence {
    let rectified = |sequence: Sequence, name: &str, convolution: Convolution| {
        sequence.then(name, convolution.bias()).then(format!("{name}_activation"), Module::Relu)
    };
    let left = rectified(Sequence::new(), "expand1x1", Convolution::new(expanded, 1));
    let right = rectified(Sequence::new(), "expand3x3", Convolution::new(expanded, 3));
    rectified(Sequence::new(), "squeeze", Convolution::new(squeezed, 1))
        .unnamed(Module::Concatenate(vec![left, right]))
}

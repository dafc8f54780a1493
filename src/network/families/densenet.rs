//! DenseNet: every layer sees all layers before it (Huang 2016, <https://arxiv.org/abs/1608.06993>), with bottlenecks
//! and compression (DenseNet-BC).

use super::Stem;
use crate::Result;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

/// DenseNet-121.
pub const DENSENET121: Architecture = architecture("densenet121", "DenseNet-121", |shapes| {
    describe(shapes, 32, Stem::of(64, 7), &[6, 12, 24, 16])
});
/// DenseNet-161: wider.
pub const DENSENET161: Architecture = architecture("densenet161", "DenseNet-161", |shapes| {
    describe(shapes, 48, Stem::of(96, 7), &[6, 12, 36, 24])
});
/// DenseNet-169.
pub const DENSENET169: Architecture = architecture("densenet169", "DenseNet-169", |shapes| {
    describe(shapes, 32, Stem::of(64, 7), &[6, 12, 32, 32])
});
/// DenseNet-201.
pub const DENSENET201: Architecture = architecture("densenet201", "DenseNet-201", |shapes| {
    describe(shapes, 32, Stem::of(64, 7), &[6, 12, 48, 32])
});

/// A narrow one of two blocks for pictures of 96 pixels, with a small stem and a fine last layer.
pub const DENSENET_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("densenet_small", "DenseNet, small", |shapes| {
        describe(shapes, 16, Stem::of(24, 3), &[3, 8])
    })
};

/// Any other growth and depths, told by a weight file's shapes.
pub const DENSENET_OTHER: Architecture = Architecture {
    variants: &[Variant::Torchvision, Variant::CifarPool],
    ..architecture("densenet_other", "DenseNet of another size", from_shapes)
};

const fn architecture(
    name: &'static str,
    title: &'static str,
    describe: fn(&Shapes) -> Result<Description>,
) -> Architecture {
    Architecture {
        name,
        title,
        paper: "Huang 2016",
        default_layer: "features",
        size: 224,
        transform_input: false,
        variants: Variant::ONE,
        design: Design::Classifier(describe),
    }
}

/// How many times wider than the growth a bottleneck is.
const BOTTLENECK: usize = 4;

/// The sizes that the tensors' shapes tell.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    let [width, _, rows, columns] = shapes.get::<4>("features.conv0.weight")?;
    let stem = Stem::of(width, 7);
    let (stem, note) = if (rows, columns) == (3, 3) {
        stem.for_small_pictures(shapes)
    } else {
        (stem.of_paper(shapes)?, None)
    };
    let layer =
        |block: usize, layer: usize| format!("features.denseblock{block}.denselayer{layer}.conv2.weight");
    let [growth, ..] = shapes.get::<4>(&layer(1, 1))?;
    let depth = |block: usize| shapes.count(1, |i| layer(block, i));
    let depths: Vec<usize> = (1..).map(depth).take_while(|&depth| depth > 0).collect();
    let mut description = describe(shapes, growth, stem, &depths)?;
    description.notes.extend(note);
    Ok(description)
}

/// Each dense layer adds `growth` channels to those of the stem; `depths` counts them.
///
/// torchvision calls the last ReLU as a function, so that its module `features` ends before it; here it is the layer
/// `relu`, unless a head of the source does without it.
fn describe(shapes: &Shapes, growth: usize, stem: Stem, depths: &[usize]) -> Result<Description> {
    let mut channels = stem.width;
    let mut features = Sequence::new()
        .then("conv0", Convolution::new(channels, stem.kernel).stride(stem.stride))
        .then("norm0", Module::BATCH_NORM)
        .then("relu0", Module::Relu);
    if stem.pooled {
        features = features.then("pool0", Module::STEM_POOL);
    }
    for (i, &depth) in depths.iter().enumerate() {
        features = features.then(format!("denseblock{}", i + 1), dense_block(growth, depth));
        channels += depth * growth;
        if i + 1 < depths.len() {
            channels /= 2;
            features = features.then(format!("transition{}", i + 1), transition(channels));
        }
    }
    let features = features.then("norm5", Module::BATCH_NORM);
    let mut features = Sequence::new().then("features", features);
    if shapes.head().is_none_or(|head| head.functional_relu) {
        features = features.then("relu", Module::FunctionalRelu);
    }
    Ok(Description::new(features, Head::linear(shapes, "classifier")?))
}

/// `[n, k, h, w]` to `[n, k + growth · depth, h, w]`: what each layer grows stands behind what it was given.
fn dense_block(growth: usize, depth: usize) -> Sequence {
    (1..=depth).fold(Sequence::new(), |block, i| {
        let layer = Sequence::new()
            .then("norm1", Module::BATCH_NORM)
            .then("relu1", Module::Relu)
            .then("conv1", Convolution::new(BOTTLENECK * growth, 1))
            .then("norm2", Module::BATCH_NORM)
            .then("relu2", Module::Relu)
            .then("conv2", Convolution::new(growth, 3));
        let grown = Sequence::new().then(format!("denselayer{i}"), layer);
        block.unnamed(Module::Concatenate(vec![Sequence::new(), grown]))
    })
}

/// `[n, k, h, w]` to `[n, outputs, h / 2, w / 2]`.
fn transition(outputs: usize) -> Sequence {
    Sequence::new()
        .then("norm", Module::BATCH_NORM)
        .then("relu", Module::Relu)
        .then("conv", Convolution::new(outputs, 1))
        .then("pool", Module::AveragePool2x2 { ceil: false })
}

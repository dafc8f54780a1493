//! RegNetX: designing network design spaces (Radosavovic 2020, <https://arxiv.org/abs/2003.13678>), at any size.

use super::conv_norm;
use crate::Result;
use crate::error::error;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

/// Any widths, depths and groups, told by a weight file's shapes; every stage strides, as in the paper.
pub const REGNET_OTHER: Architecture = Architecture {
    name: "regnet_other",
    title: "RegNetX",
    paper: "Radosavovic 2020",
    default_layer: "trunk_output",
    size: 224,
    transform_input: false,
    variants: Variant::ONE,
    design: Design::Classifier(from_shapes),
};

/// Of every stage's first block.
const STRIDE: usize = 2;

/// Channels inside a block, in how many groups its 3×3 convolution has them, and channels that come out.
#[derive(Clone, Copy)]
struct Width {
    inside: usize,
    groups: usize,
    outputs: usize,
}

/// The sizes that the tensors' shapes tell.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    let [mut inputs, ..] = shapes.get::<4>("stem.0.weight")?;
    let stem = conv_norm(Convolution::new(inputs, 3).stride(STRIDE), Module::Relu);
    let block = |stage: usize, place: usize| format!("block{stage}.block{stage}-{place}");
    let first = |stage: usize, place: usize| format!("trunk_output.{}.f.a.0.weight", block(stage, place));
    shapes.get::<4>(&first(1, 0))?;
    let mut trunk = Sequence::new();
    for stage in 1..=shapes.count(1, |stage| first(stage, 0)) {
        let depth = shapes.count(0, |place| first(stage, place));
        let name = format!("trunk_output.{}.f", block(stage, 0));
        if shapes.has(&format!("{name}.se.fc1.weight")) {
            return Err(error!(
                Weights,
                "squeeze-excitation",
                "its blocks have squeeze-and-excitation, as those of RegNetY, which this program does not compute"
            ));
        }
        let [inside, per_group, ..] = shapes.get::<4>(&format!("{name}.b.0.weight"))?;
        let [outputs, ..] = shapes.get::<4>(&format!("{name}.c.0.weight"))?;
        let width = Width { inside, groups: (inside / per_group).max(1), outputs };
        let mut blocks = Sequence::new();
        for place in 0..depth {
            let stride = if place == 0 { STRIDE } else { 1 };
            blocks = blocks.then(format!("block{stage}-{place}"), residual(inputs, width, stride));
            inputs = outputs;
        }
        trunk = trunk.then(format!("block{stage}"), blocks);
    }
    let features = Sequence::new().then("stem", stem).then("trunk_output", trunk);
    Ok(Description::new(features, Head::linear(shapes, "fc")?.named_pool()))
}

/// `[n, inputs, h, w]` to `[n, outputs, h / stride, w / stride]`.
fn residual(inputs: usize, Width { inside, groups, outputs }: Width, stride: usize) -> Sequence {
    let transform = Sequence::new()
        .then("a", conv_norm(Convolution::new(inside, 1), Module::Relu))
        .then("b", conv_norm(Convolution::new(inside, 3).stride(stride).groups(groups), Module::Relu))
        .then("c", Sequence::numbered([Convolution::new(outputs, 1).into(), Module::BATCH_NORM]));
    let mut shortcut = Sequence::new();
    if stride != 1 || inputs != outputs {
        let convolution = Convolution::new(outputs, 1).stride(stride);
        shortcut = shortcut.then("proj", Sequence::numbered([convolution.into(), Module::BATCH_NORM]));
    }
    let sum = Module::Sum(shortcut, Sequence::new().then("f", transform));
    Sequence::new().unnamed(sum).then("activation", Module::Relu)
}

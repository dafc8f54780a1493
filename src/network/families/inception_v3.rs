//! Inception v3: blocks of factorised convolutions beside each other (Szegedy 2015, <https://arxiv.org/abs/1512.00567>),
//! with torchvision's `transform_input`, as its published weights want it, or without, as timm's do.

use crate::Result;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

/// Inception v3.
pub const INCEPTION_V3: Architecture =
    architecture(true, |shapes| describe(shapes, Sequence::new().unnamed(transform_input())));

/// The same without `transform_input`.
pub const INCEPTION_V3_PLAIN: Architecture = architecture(false, |shapes| describe(shapes, Sequence::new()));

const fn architecture(transform_input: bool, describe: fn(&Shapes) -> Result<Description>) -> Architecture {
    Architecture {
        name: "inception_v3",
        title: "Inception v3",
        paper: "Szegedy 2015",
        default_layer: "Mixed_7c",
        size: 299,
        transform_input,
        variants: Variant::ONE,
        design: Design::Classifier(describe),
    }
}

/// Mean and standard deviation of each channel: those that our inputs are normalised with, ImageNet's …
const GIVEN: [(f32, f32); 3] = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)];
/// … and those that the network was trained with, the same for all.
const WANTED: (f32, f32) = (0.5, 0.5);

/// Not padded, moved by 2.
const MAX_POOL: Module = Module::MaxPool3x3 { padding: 0, ceil: false };

fn transform_input() -> Module {
    Module::ScaleAndShift {
        scale: GIVEN.map(|(_, std)| std / WANTED.1),
        shift: GIVEN.map(|(mean, _)| (mean - WANTED.0) / WANTED.1),
    }
}

/// What follows `start`.
fn describe(shapes: &Shapes, start: Sequence) -> Result<Description> {
    let features = start
        .then("Conv2d_1a_3x3", basic(halved(32)))
        .then("Conv2d_2a_3x3", basic(valid(32)))
        .then("Conv2d_2b_3x3", basic(same(64, 3, 3)))
        .then("maxpool1", MAX_POOL)
        .then("Conv2d_3b_1x1", basic(same(80, 1, 1)))
        .then("Conv2d_4a_3x3", basic(valid(192)))
        .then("maxpool2", MAX_POOL)
        .then("Mixed_5b", mixed_5(32))
        .then("Mixed_5c", mixed_5(64))
        .then("Mixed_5d", mixed_5(64))
        .then("Mixed_6a", mixed_6a())
        .then("Mixed_6b", mixed_6(128))
        .then("Mixed_6c", mixed_6(160))
        .then("Mixed_6d", mixed_6(160))
        .then("Mixed_6e", mixed_6(192))
        .then("Mixed_7a", mixed_7a())
        .then("Mixed_7b", mixed_7())
        .then("Mixed_7c", mixed_7());
    let head = Head::linear(shapes, "fc")?.named_pool().dropout();
    // The auxiliary classifier only learns.
    Ok(Description { training_only: &["AuxLogits."], ..Description::new(features, head) })
}

/// Padded to keep the size.
fn same(outputs: usize, rows: usize, columns: usize) -> Convolution {
    Convolution::rectangular(outputs, [rows, columns])
}

/// 3×3, not padded.
fn valid(outputs: usize) -> Convolution {
    Convolution::new(outputs, 3).padding(0)
}

/// 3×3, not padded, moved by 2.
fn halved(outputs: usize) -> Convolution {
    valid(outputs).stride(2)
}

/// Convolution, batch normalisation, ReLU: torchvision's `BasicConv2d`.
fn basic(convolution: Convolution) -> Sequence {
    Sequence::new()
        .then("conv", convolution)
        .then("bn", Module::BatchNorm { epsilon: 1e-3 })
        .unnamed(Module::FunctionalRelu)
}

/// A branch: convolutions by name, each on the output of the one before.
fn branch<const N: usize>(convolutions: [(&str, Convolution); N]) -> Sequence {
    continued(Sequence::new(), convolutions)
}

/// A branch that starts with what has no name.
fn pooled<const N: usize>(pool: Module, convolutions: [(&str, Convolution); N]) -> Sequence {
    continued(Sequence::new().unnamed(pool), convolutions)
}

fn continued<const N: usize>(start: Sequence, convolutions: [(&str, Convolution); N]) -> Sequence {
    convolutions.into_iter().fold(start, |branch, (name, convolution)| branch.then(name, basic(convolution)))
}

/// A branch whose end forks into two convolutions.
fn forked(branch: Sequence, ends: [(&str, Convolution); 2]) -> Sequence {
    let ends = ends.map(|(name, convolution)| Sequence::new().then(name, basic(convolution)));
    branch.unnamed(Module::Concatenate(ends.to_vec()))
}

/// The paper's figure 5, with so many channels of its pool.
fn mixed_5(pool_channels: usize) -> Module {
    Module::Concatenate(vec![
        branch([("branch1x1", same(64, 1, 1))]),
        branch([("branch5x5_1", same(48, 1, 1)), ("branch5x5_2", same(64, 5, 5))]),
        branch([
            ("branch3x3dbl_1", same(64, 1, 1)),
            ("branch3x3dbl_2", same(96, 3, 3)),
            ("branch3x3dbl_3", same(96, 3, 3)),
        ]),
        pooled(Module::AveragePool3x3, [("branch_pool", same(pool_channels, 1, 1))]),
    ])
}

/// Figure 10: halves the size.
fn mixed_6a() -> Module {
    Module::Concatenate(vec![
        branch([("branch3x3", halved(384))]),
        branch([
            ("branch3x3dbl_1", same(64, 1, 1)),
            ("branch3x3dbl_2", same(96, 3, 3)),
            ("branch3x3dbl_3", halved(96)),
        ]),
        pooled(MAX_POOL, []),
    ])
}

/// Figure 6, `narrow` inside.
fn mixed_6(narrow: usize) -> Module {
    Module::Concatenate(vec![
        branch([("branch1x1", same(192, 1, 1))]),
        branch([
            ("branch7x7_1", same(narrow, 1, 1)),
            ("branch7x7_2", same(narrow, 1, 7)),
            ("branch7x7_3", same(192, 7, 1)),
        ]),
        branch([
            ("branch7x7dbl_1", same(narrow, 1, 1)),
            ("branch7x7dbl_2", same(narrow, 7, 1)),
            ("branch7x7dbl_3", same(narrow, 1, 7)),
            ("branch7x7dbl_4", same(narrow, 7, 1)),
            ("branch7x7dbl_5", same(192, 1, 7)),
        ]),
        pooled(Module::AveragePool3x3, [("branch_pool", same(192, 1, 1))]),
    ])
}

/// Figure 10 again, with its wide branch factorised.
fn mixed_7a() -> Module {
    Module::Concatenate(vec![
        branch([("branch3x3_1", same(192, 1, 1)), ("branch3x3_2", halved(320))]),
        branch([
            ("branch7x7x3_1", same(192, 1, 1)),
            ("branch7x7x3_2", same(192, 1, 7)),
            ("branch7x7x3_3", same(192, 7, 1)),
            ("branch7x7x3_4", halved(192)),
        ]),
        pooled(MAX_POOL, []),
    ])
}

/// Figure 7.
fn mixed_7() -> Module {
    let wide = branch([("branch3x3_1", same(384, 1, 1))]);
    let deep = branch([("branch3x3dbl_1", same(448, 1, 1)), ("branch3x3dbl_2", same(384, 3, 3))]);
    Module::Concatenate(vec![
        branch([("branch1x1", same(320, 1, 1))]),
        forked(wide, [("branch3x3_2a", same(384, 1, 3)), ("branch3x3_2b", same(384, 3, 1))]),
        forked(deep, [("branch3x3dbl_3a", same(384, 1, 3)), ("branch3x3dbl_3b", same(384, 3, 1))]),
        pooled(Module::AveragePool3x3, [("branch_pool", same(192, 1, 1))]),
    ])
}

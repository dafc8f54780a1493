//! Inception v3: blocks of factorised convolutions beside each other (Szegedy 2015, <https://arxiv.org/abs/1512.00567>),
//! with torchvision's `transform_input`, as its weights want it.

use burn::tensor::Tensor;

use crate::Result;
use crate::network::ops::{
    BatchNorm, Conv2d, Convolution, Linear, Loader, average_pool_3x3, global_average_pool, max_pool_3x3,
};
use crate::network::{Architecture, LinearHead, Network, Tap, concatenate};

/// Inception v3.
pub const INCEPTION_V3: Architecture = Architecture {
    name: "inception_v3",
    title: "Inception v3",
    paper: "Szegedy 2015",
    default_layer: "Mixed_7c",
    size: 299,
    load: |loader| load(loader, stages()),
};

/// The ε of every batch normalisation.
const EPSILON: f64 = 1e-3;

/// Mean and standard deviation of each channel: those that our inputs are normalised with, ImageNet's …
const GIVEN: [(f32, f32); 3] = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)];
/// … and those that the network was trained with, the same for all.
const WANTED: (f32, f32) = (0.5, 0.5);

/// A stage of the network, of convolutions `C` without or with weights.
enum Stage<C> {
    Convolution(C),
    MaxPool,
    Mixed(Vec<Branch<C>>),
}

/// One of a block's branches, whose channels stand beside each other in the end.
struct Branch<C> {
    source: Source,
    /// By name, each on the output of the one before.
    row: Vec<(&'static str, C)>,
    /// By name, all on the output of the row: where they are, their channels are the branch's.
    fork: Vec<(&'static str, C)>,
}

/// What a branch makes of the block's input before it convolves.
#[derive(Clone, Copy)]
enum Source {
    Input,
    Average,
    Largest,
}

/// A convolution without weights: output channels, window of rows and columns, and how it fits the input.
#[derive(Clone, Copy)]
struct Shape {
    outputs: usize,
    window: [usize; 2],
    fit: Fit,
}

#[derive(Clone, Copy)]
enum Fit {
    /// Padded to keep the size.
    Same,
    /// Not padded.
    Valid,
    /// Not padded, and moved by 2.
    Halved,
}

const fn same(outputs: usize, rows: usize, columns: usize) -> Shape {
    Shape { outputs, window: [rows, columns], fit: Fit::Same }
}

/// 3×3, not padded.
const fn valid(outputs: usize) -> Shape {
    Shape { outputs, window: [3, 3], fit: Fit::Valid }
}

/// 3×3, not padded, moved by 2.
const fn halved(outputs: usize) -> Shape {
    Shape { outputs, window: [3, 3], fit: Fit::Halved }
}

fn row<const N: usize>(source: Source, row: [(&'static str, Shape); N]) -> Branch<Shape> {
    Branch { source, row: row.to_vec(), fork: Vec::new() }
}

impl Branch<Shape> {
    fn fork(self, fork: [(&'static str, Shape); 2]) -> Self {
        Self { fork: fork.to_vec(), ..self }
    }
}

fn stages() -> Vec<(&'static str, Stage<Shape>)> {
    vec![
        ("Conv2d_1a_3x3", Stage::Convolution(halved(32))),
        ("Conv2d_2a_3x3", Stage::Convolution(valid(32))),
        ("Conv2d_2b_3x3", Stage::Convolution(same(64, 3, 3))),
        ("maxpool1", Stage::MaxPool),
        ("Conv2d_3b_1x1", Stage::Convolution(same(80, 1, 1))),
        ("Conv2d_4a_3x3", Stage::Convolution(valid(192))),
        ("maxpool2", Stage::MaxPool),
        ("Mixed_5b", mixed_5(32)),
        ("Mixed_5c", mixed_5(64)),
        ("Mixed_5d", mixed_5(64)),
        ("Mixed_6a", mixed_6a()),
        ("Mixed_6b", mixed_6(128)),
        ("Mixed_6c", mixed_6(160)),
        ("Mixed_6d", mixed_6(160)),
        ("Mixed_6e", mixed_6(192)),
        ("Mixed_7a", mixed_7a()),
        ("Mixed_7b", mixed_7()),
        ("Mixed_7c", mixed_7()),
    ]
}

/// The paper's figure 5, with so many channels of its pool.
fn mixed_5(pooled: usize) -> Stage<Shape> {
    Stage::Mixed(vec![
        row(Source::Input, [("branch1x1", same(64, 1, 1))]),
        row(Source::Input, [("branch5x5_1", same(48, 1, 1)), ("branch5x5_2", same(64, 5, 5))]),
        row(
            Source::Input,
            [
                ("branch3x3dbl_1", same(64, 1, 1)),
                ("branch3x3dbl_2", same(96, 3, 3)),
                ("branch3x3dbl_3", same(96, 3, 3)),
            ],
        ),
        row(Source::Average, [("branch_pool", same(pooled, 1, 1))]),
    ])
}

/// Figure 10: halves the size.
fn mixed_6a() -> Stage<Shape> {
    Stage::Mixed(vec![
        row(Source::Input, [("branch3x3", halved(384))]),
        row(
            Source::Input,
            [
                ("branch3x3dbl_1", same(64, 1, 1)),
                ("branch3x3dbl_2", same(96, 3, 3)),
                ("branch3x3dbl_3", halved(96)),
            ],
        ),
        row(Source::Largest, []),
    ])
}

/// Figure 6, `narrow` inside.
fn mixed_6(narrow: usize) -> Stage<Shape> {
    Stage::Mixed(vec![
        row(Source::Input, [("branch1x1", same(192, 1, 1))]),
        row(
            Source::Input,
            [
                ("branch7x7_1", same(narrow, 1, 1)),
                ("branch7x7_2", same(narrow, 1, 7)),
                ("branch7x7_3", same(192, 7, 1)),
            ],
        ),
        row(
            Source::Input,
            [
                ("branch7x7dbl_1", same(narrow, 1, 1)),
                ("branch7x7dbl_2", same(narrow, 7, 1)),
                ("branch7x7dbl_3", same(narrow, 1, 7)),
                ("branch7x7dbl_4", same(narrow, 7, 1)),
                ("branch7x7dbl_5", same(192, 1, 7)),
            ],
        ),
        row(Source::Average, [("branch_pool", same(192, 1, 1))]),
    ])
}

/// Figure 10 again, with its wide branch factorised.
fn mixed_7a() -> Stage<Shape> {
    Stage::Mixed(vec![
        row(Source::Input, [("branch3x3_1", same(192, 1, 1)), ("branch3x3_2", halved(320))]),
        row(
            Source::Input,
            [
                ("branch7x7x3_1", same(192, 1, 1)),
                ("branch7x7x3_2", same(192, 1, 7)),
                ("branch7x7x3_3", same(192, 7, 1)),
                ("branch7x7x3_4", halved(192)),
            ],
        ),
        row(Source::Largest, []),
    ])
}

/// Figure 7.
fn mixed_7() -> Stage<Shape> {
    Stage::Mixed(vec![
        row(Source::Input, [("branch1x1", same(320, 1, 1))]),
        row(Source::Input, [("branch3x3_1", same(384, 1, 1))])
            .fork([("branch3x3_2a", same(384, 1, 3)), ("branch3x3_2b", same(384, 3, 1))]),
        row(Source::Input, [("branch3x3dbl_1", same(448, 1, 1)), ("branch3x3dbl_2", same(384, 3, 3))])
            .fork([("branch3x3dbl_3a", same(384, 1, 3)), ("branch3x3dbl_3b", same(384, 3, 1))]),
        row(Source::Average, [("branch_pool", same(192, 1, 1))]),
    ])
}

struct InceptionV3 {
    /// From ImageNet's normalisation to the network's own: scale and shift, `[1, 3, 1, 1]`.
    transform: (Tensor<4>, Tensor<4>),
    stages: Vec<(&'static str, Stage<Rectified>)>,
    fc: Linear,
}

/// Convolution, batch normalisation, ReLU: torchvision's `BasicConv2d`.
struct Rectified {
    conv: Conv2d,
    bn: BatchNorm,
}

fn load(loader: &mut Loader, shapes: Vec<(&'static str, Stage<Shape>)>) -> Result<Box<dyn Network>> {
    let classes = loader.classes("fc")?;
    let transform = (
        loader.per_channel(GIVEN.map(|(_, std)| std / WANTED.1).to_vec()),
        loader.per_channel(GIVEN.map(|(mean, _)| (mean - WANTED.0) / WANTED.1).to_vec()),
    );
    let mut channels = 3;
    let mut stages = Vec::new();
    for (name, shape) in shapes {
        let stage = match shape {
            Stage::MaxPool => Stage::MaxPool,
            Stage::Convolution(shape) => Stage::Convolution(shape.load(loader, name, &mut channels)?),
            Stage::Mixed(shapes) => {
                let inputs = std::mem::take(&mut channels);
                let mut branches = Vec::new();
                for shape in shapes {
                    let (branch, outputs) = shape.load(loader, name, inputs)?;
                    branches.push(branch);
                    channels += outputs;
                }
                Stage::Mixed(branches)
            }
        };
        stages.push((name, stage));
    }
    let fc = Linear::load(loader, "fc", channels, classes)?;
    Ok(Box::new(InceptionV3 { transform, stages, fc }))
}

impl Shape {
    /// `channels` go in, and are afterwards those that come out.
    fn load(self, loader: &mut Loader, name: &str, channels: &mut usize) -> Result<Rectified> {
        let Self { outputs, window, fit } = self;
        let shape = Convolution::rectangular(*channels, outputs, window);
        let shape = match fit {
            Fit::Same => shape,
            Fit::Valid => shape.padding(0),
            Fit::Halved => shape.padding(0).stride(2),
        };
        *channels = outputs;
        Ok(Rectified {
            conv: Conv2d::load(loader, &format!("{name}.conv"), shape)?,
            bn: BatchNorm::with_epsilon(loader, &format!("{name}.bn"), outputs, EPSILON)?,
        })
    }
}

impl Branch<Shape> {
    /// The branch of `inputs` channels, and how many come out of it.
    fn load(self, loader: &mut Loader, scope: &str, inputs: usize) -> Result<(Branch<Rectified>, usize)> {
        let mut channels = inputs;
        let (mut row, mut fork) = (Vec::new(), Vec::new());
        for (name, shape) in self.row {
            row.push((name, shape.load(loader, &format!("{scope}.{name}"), &mut channels)?));
        }
        let mut forked = 0;
        for (name, shape) in self.fork {
            let mut channels = channels;
            fork.push((name, shape.load(loader, &format!("{scope}.{name}"), &mut channels)?));
            forked += channels;
        }
        let outputs = if fork.is_empty() { channels } else { forked };
        Ok((Branch { source: self.source, row, fork }, outputs))
    }
}

impl Rectified {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let x = tap.at("conv", x, |x, _| self.conv.forward(x));
        let x = tap.at("bn", x, |x, _| self.bn.forward(x));
        tap.functional_relu(x)
    }
}

impl Branch<Rectified> {
    /// `[n, inputs, h, w]` to the branch's part or parts of the block's output.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Vec<Tensor<4>> {
        let mut x = match self.source {
            Source::Input => x,
            Source::Average => average_pool_3x3(x),
            Source::Largest => max_pool_3x3(x, 0, false),
        };
        for (name, convolution) in &self.row {
            x = tap.at(name, x, |x, tap| convolution.forward(x, tap));
        }
        if self.fork.is_empty() {
            return vec![x];
        }
        let ends = self.fork.iter();
        ends.map(|(name, end)| tap.at(name, x.clone(), |x, tap| end.forward(x, tap))).collect()
    }
}

impl Stage<Rectified> {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        match self {
            Self::Convolution(convolution) => convolution.forward(x, tap),
            Self::MaxPool => max_pool_3x3(x, 0, false),
            Self::Mixed(branches) => {
                concatenate(branches.iter().flat_map(|branch| branch.forward(x.clone(), tap)).collect())
            }
        }
    }
}

impl Network for InceptionV3 {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let (scale, shift) = &self.transform;
        let mut x = x * scale.clone() + shift.clone();
        for (name, stage) in &self.stages {
            x = tap.at(name, x, |x, tap| stage.forward(x, tap));
        }
        let x = tap.at("avgpool", x, |x, _| global_average_pool(x));
        let x = tap.at("dropout", x, |x, _| x);
        self.fc.forward(x.flatten(1, 3))
    }

    fn linear_head(&self) -> Option<LinearHead> {
        Some(LinearHead { layers: vec!["Mixed_7c".into()], weight: self.fc.weight() })
    }

    /// The auxiliary classifier.
    fn training_only(&self) -> &'static [&'static str] {
        &["AuxLogits."]
    }

    fn least_side(&self) -> usize {
        75
    }
}

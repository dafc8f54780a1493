//! ResNet: deep residual learning for image recognition (He 2015, <https://arxiv.org/abs/1512.03385>),
//! in torchvision's version 1.5, whose bottlenecks stride in their 3×3 convolution.

use burn::tensor::Tensor;

use crate::Result;
use crate::network::ops::{
    BatchNorm, Conv2d, Convolution, Linear, Loader, global_average_pool, max_pool_3x3,
};
use crate::network::{Architecture, LinearHead, Network, Tap, add};

/// ResNet-18.
pub const RESNET18: Architecture =
    architecture("resnet18", "ResNet-18", |loader| of_paper(loader, Kind::Basic, [2, 2, 2, 2]));
/// ResNet-34.
pub const RESNET34: Architecture =
    architecture("resnet34", "ResNet-34", |loader| of_paper(loader, Kind::Basic, [3, 4, 6, 3]));
/// ResNet-50.
pub const RESNET50: Architecture =
    architecture("resnet50", "ResNet-50", |loader| of_paper(loader, Kind::Bottleneck, [3, 4, 6, 3]));
/// ResNet-101.
pub const RESNET101: Architecture =
    architecture("resnet101", "ResNet-101", |loader| of_paper(loader, Kind::Bottleneck, [3, 4, 23, 3]));
/// ResNet-152.
pub const RESNET152: Architecture =
    architecture("resnet152", "ResNet-152", |loader| of_paper(loader, Kind::Bottleneck, [3, 8, 36, 3]));

/// Any other depths, widths and groups, wide ResNets (Zagoruyko 2016, <https://arxiv.org/abs/1605.07146>) and ResNeXt
/// (Xie 2016, <https://arxiv.org/abs/1611.05431>) among them; strides as in the paper.
pub const RESNET_OTHER: Architecture = architecture("resnet_other", "ResNet of another size", of_shapes);

/// A narrow one for pictures of 96 pixels, with a fine last layer: a small stem, and strides in two stages alone.
pub const RESNET_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("resnet_small", "ResNet, small", |loader| {
        let stages = [(16, 2), (32, 2), (64, 1), (96, 1)];
        let stages =
            stages.map(|(width, stride)| Stage { width, groups: 1, outputs: width, depth: 1, stride });
        load(loader, Kind::Basic, Stem { width: 16, kernel: 3, pooled: false }, stages)
    })
};

const fn architecture(
    name: &'static str,
    title: &'static str,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
) -> Architecture {
    Architecture { name, title, paper: "He 2015", default_layer: "layer4", size: 224, load }
}

/// Blocks in a row.
#[derive(Clone, Copy)]
struct Stage {
    /// Channels inside a block, in how many groups its 3×3 convolutions have them, and channels that come out.
    width: usize,
    groups: usize,
    outputs: usize,
    /// How many blocks.
    depth: usize,
    /// Of the first block.
    stride: usize,
}

/// What comes before the stages.
#[derive(Clone, Copy)]
struct Stem {
    /// Channels that come out.
    width: usize,
    /// Rows and columns of its convolution's window.
    kernel: usize,
    /// Whether a pool follows.
    pooled: bool,
}

const PAPER: Stem = Stem { width: 64, kernel: 7, pooled: true };
/// The paper's (table 1).
const WIDTHS: [usize; 4] = [64, 128, 256, 512];
const STRIDES: [usize; 4] = [1, 2, 2, 2];

#[derive(Clone, Copy)]
enum Kind {
    /// Two 3×3 convolutions.
    Basic,
    /// 1×1, 3×3 and 1×1 convolutions.
    Bottleneck,
}

impl Kind {
    /// The paper's: how many times wider than its inside a block's output is.
    fn expansion(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Bottleneck => 4,
        }
    }

    /// The block's convolutions from `inputs` channels, the one that has `stride` included.
    fn convolutions(self, inputs: usize, stage: Stage, stride: usize) -> Vec<Convolution> {
        let Stage { width, groups, outputs, .. } = stage;
        match self {
            Self::Basic => {
                vec![Convolution::new(inputs, width, 3).stride(stride), Convolution::new(width, outputs, 3)]
            }
            Self::Bottleneck => vec![
                Convolution::new(inputs, width, 1),
                Convolution::new(width, width, 3).stride(stride).groups(groups),
                Convolution::new(width, outputs, 1),
            ],
        }
    }
}

struct ResNet {
    conv1: Conv2d,
    bn1: BatchNorm,
    pooled: bool,
    stages: Vec<Vec<Block>>,
    fc: Linear,
}

struct Block {
    convolutions: Vec<(Conv2d, BatchNorm)>,
    downsample: Option<(Conv2d, BatchNorm)>,
}

/// The paper's with `depths` blocks in its stages.
fn of_paper(loader: &mut Loader, kind: Kind, depths: [usize; 4]) -> Result<Box<dyn Network>> {
    let stages = std::array::from_fn(|i| {
        let (width, depth, stride) = (WIDTHS[i], depths[i], STRIDES[i]);
        Stage { width, groups: 1, outputs: width * kind.expansion(), depth, stride }
    });
    load(loader, kind, PAPER, stages)
}

/// Of the sizes that the tensors' shapes tell.
fn of_shapes(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let [width, ..] = loader.shape::<4>("conv1.weight")?;
    let kind = if loader.has("layer1.0.conv3.weight") { Kind::Bottleneck } else { Kind::Basic };
    let mut stages = Vec::new();
    for (i, stride) in STRIDES.into_iter().enumerate() {
        let name = format!("layer{}", i + 1);
        let [width, ..] = loader.shape::<4>(&format!("{name}.0.conv1.weight"))?;
        let [second, of_group, ..] = loader.shape::<4>(&format!("{name}.0.conv2.weight"))?;
        let (groups, outputs) = match kind {
            Kind::Basic => (1, second),
            Kind::Bottleneck => (width / of_group, loader.shape::<4>(&format!("{name}.0.conv3.weight"))?[0]),
        };
        let depth = (0..).take_while(|block| loader.has(&format!("{name}.{block}.conv1.weight"))).count();
        stages.push(Stage { width, groups: groups.max(1), outputs, depth, stride });
    }
    let stages = stages.try_into().unwrap_or_else(|_| unreachable!("there is one for each stride"));
    load(loader, kind, Stem { width, ..PAPER }, stages)
}

fn load(loader: &mut Loader, kind: Kind, stem: Stem, shapes: [Stage; 4]) -> Result<Box<dyn Network>> {
    let classes = loader.classes("fc")?;
    let mut channels = stem.width;
    let conv1 = Conv2d::load(loader, "conv1", Convolution::new(3, channels, stem.kernel).stride(2))?;
    let bn1 = BatchNorm::load(loader, "bn1", channels)?;
    let mut stages = Vec::new();
    for (i, stage) in shapes.into_iter().enumerate() {
        let mut blocks = Vec::new();
        for block in 0..stage.depth {
            let name = format!("layer{}.{block}", i + 1);
            let stride = if block == 0 { stage.stride } else { 1 };
            blocks.push(Block::load(loader, &name, kind, channels, stage, stride)?);
            channels = stage.outputs;
        }
        stages.push(blocks);
    }
    let fc = Linear::load(loader, "fc", channels, classes)?;
    Ok(Box::new(ResNet { conv1, bn1, pooled: stem.pooled, stages, fc }))
}

impl Block {
    fn load(
        loader: &mut Loader,
        name: &str,
        kind: Kind,
        inputs: usize,
        stage: Stage,
        stride: usize,
    ) -> Result<Self> {
        let mut convolutions = Vec::new();
        for (i, shape) in kind.convolutions(inputs, stage, stride).into_iter().enumerate() {
            let (conv, bn) = (format!("{name}.conv{}", i + 1), format!("{name}.bn{}", i + 1));
            convolutions
                .push((Conv2d::load(loader, &conv, shape)?, BatchNorm::load(loader, &bn, shape.outputs())?));
        }
        let outputs = stage.outputs;
        let downsample = if stride != 1 || inputs != outputs {
            let shape = Convolution::new(inputs, outputs, 1).stride(stride);
            Some((
                Conv2d::load(loader, &format!("{name}.downsample.0"), shape)?,
                BatchNorm::load(loader, &format!("{name}.downsample.1"), outputs)?,
            ))
        } else {
            None
        };
        Ok(Self { convolutions, downsample })
    }

    /// `[n, inputs, h, w]` to `[n, outputs, h / stride, w / stride]`.
    fn forward(&self, input: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let mut x = input.clone();
        for (i, (conv, bn)) in self.convolutions.iter().enumerate() {
            if i > 0 {
                x = tap.relu(x);
            }
            x = tap.at(&format!("conv{}", i + 1), x, |x, _| conv.forward(x));
            x = tap.at(&format!("bn{}", i + 1), x, |x, _| bn.forward(x));
        }
        let shortcut = match &self.downsample {
            None => input,
            Some((conv, bn)) => tap.at("downsample", input, |x, tap| {
                let x = tap.at("0", x, |x, _| conv.forward(x));
                tap.at("1", x, |x, _| bn.forward(x))
            }),
        };
        tap.at("relu", add(x, shortcut), |x, tap| tap.relu(x))
    }
}

impl Network for ResNet {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = tap.at("conv1", x, |x, _| self.conv1.forward(x));
        let x = tap.at("bn1", x, |x, _| self.bn1.forward(x));
        let x = tap.at("relu", x, |x, tap| tap.relu(x));
        let mut x = if self.pooled { tap.at("maxpool", x, |x, _| max_pool_3x3(x, 1, false)) } else { x };
        for (stage, blocks) in self.stages.iter().enumerate() {
            x = tap.at(&format!("layer{}", stage + 1), x, |mut x, tap| {
                for (i, block) in blocks.iter().enumerate() {
                    x = tap.at(&i.to_string(), x, |x, tap| block.forward(x, tap));
                }
                x
            });
        }
        let x = tap.at("avgpool", x, |x, _| global_average_pool(x));
        self.fc.forward(x.flatten(1, 3))
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let last = self.stages[3].len() - 1;
        Some(LinearHead {
            layers: vec!["layer4".into(), format!("layer4.{last}"), format!("layer4.{last}.relu")],
            weight: self.fc.weight(),
        })
    }
}

//! ResNet: deep residual learning for image recognition (He 2015, <https://arxiv.org/abs/1512.03385>),
//! in torchvision's version 1.5, whose bottlenecks stride in their 3×3 convolution.

use super::Stem;
use crate::error::error;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};
use crate::{Note, Result};

/// ResNet-18.
pub const RESNET18: Architecture =
    architecture("resnet18", "ResNet-18", BASIC, |shapes| from_paper(shapes, Block::Basic, [2, 2, 2, 2]));
/// ResNet-34.
pub const RESNET34: Architecture =
    architecture("resnet34", "ResNet-34", BASIC, |shapes| from_paper(shapes, Block::Basic, [3, 4, 6, 3]));
/// ResNet-50.
pub const RESNET50: Architecture =
    architecture("resnet50", "ResNet-50", ALL, |shapes| from_paper(shapes, Block::Bottleneck, [3, 4, 6, 3]));
/// ResNet-101.
pub const RESNET101: Architecture = architecture("resnet101", "ResNet-101", ALL, |shapes| {
    from_paper(shapes, Block::Bottleneck, [3, 4, 23, 3])
});
/// ResNet-152.
pub const RESNET152: Architecture = architecture("resnet152", "ResNet-152", ALL, |shapes| {
    from_paper(shapes, Block::Bottleneck, [3, 8, 36, 3])
});

/// Any other depths, widths and groups, wide ResNets (Zagoruyko 2016, <https://arxiv.org/abs/1605.07146>) and ResNeXt
/// (Xie 2016, <https://arxiv.org/abs/1611.05431>) among them; strides as in the paper.
pub const RESNET_OTHER: Architecture =
    architecture("resnet_other", "ResNet of another size", ALL, from_shapes);

/// Of ResNets without bottlenecks, and of any.
const BASIC: &[Variant] = &[Variant::Torchvision, Variant::CifarPool];
const ALL: &[Variant] = &[Variant::Torchvision, Variant::CaffeStrides, Variant::CifarPool];

/// A narrow one for pictures of 96 pixels, with a fine last layer: a small stem, and strides in two stages alone.
pub const RESNET_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("resnet_small", "ResNet, small", Variant::ONE, |shapes| {
        Ok(Description::new(small_features(), Head::linear(shapes, "fc")?.named_pool()))
    })
};

/// The narrow one to its last layer, `[n, 3, h, w]` to `[n, 96, h / 8, w / 8]`: what networks of language see by.
pub fn small_features() -> Sequence {
    let layers = [(16, 2), (32, 2), (64, 1), (96, 1)];
    let layers = layers.map(|(width, stride)| Layer {
        width,
        groups: 1,
        outputs: width,
        depth: 1,
        stride,
        averaged: false,
    });
    features(Block::Basic, Stem { pooled: false, ..Stem::of(16, 3) }, layers)
}

const fn architecture(
    name: &'static str,
    title: &'static str,
    variants: &'static [Variant],
    describe: fn(&Shapes) -> Result<Description>,
) -> Architecture {
    Architecture {
        name,
        title,
        paper: "He 2015",
        default_layer: "layer4",
        size: 224,
        transform_input: false,
        variants,
        design: Design::Classifier(describe),
    }
}

/// Blocks in a row: one of `layer1` to `layer4`.
#[derive(Clone, Copy)]
struct Layer {
    /// Channels inside a block, in how many groups its 3×3 convolutions have them, and channels that come out.
    width: usize,
    groups: usize,
    outputs: usize,
    /// How many blocks.
    depth: usize,
    /// Of the first block.
    stride: usize,
    /// Whether the shortcut of the first block averages where it strides, as in ResNet-D (He 2018, <https://arxiv.org/abs/1812.01187>).
    averaged: bool,
}

const PAPER: Stem = Stem::of(64, 7);
/// The paper's (table 1).
const WIDTHS: [usize; 4] = [64, 128, 256, 512];
const STRIDES: [usize; 4] = [1, 2, 2, 2];

#[derive(Clone, Copy)]
enum Block {
    /// Two 3×3 convolutions.
    Basic,
    /// 1×1, 3×3 and 1×1 convolutions.
    Bottleneck,
    /// The same with its stride in the first.
    CaffeBottleneck,
}

impl Block {
    /// The paper's: how many times wider than its inside a block's output is.
    fn expansion(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Bottleneck | Self::CaffeBottleneck => 4,
        }
    }

    /// The block of a variant.
    fn of(self, variant: Option<Variant>) -> Result<Self> {
        match (self, variant) {
            (Self::Basic, Some(Variant::CaffeStrides)) => Err(error!(
                Weights,
                "variant-without-bottlenecks",
                "the variant `{variant}` moves a stride within bottlenecks, and a ResNet of these tensors has none; choose `torchvision`",
                variant = Variant::CaffeStrides
            )),
            (_, Some(Variant::CaffeStrides)) => Ok(Self::CaffeBottleneck),
            (block, _) => Ok(block),
        }
    }

    /// The block's convolutions, one of them with `stride`.
    fn convolutions(self, layer: Layer, stride: usize) -> Vec<Convolution> {
        let Layer { width, groups, outputs, .. } = layer;
        match self {
            Self::Basic => vec![Convolution::new(width, 3).stride(stride), Convolution::new(outputs, 3)],
            Self::CaffeBottleneck => vec![
                Convolution::new(width, 1).stride(stride),
                Convolution::new(width, 3).groups(groups),
                Convolution::new(outputs, 1),
            ],
            Self::Bottleneck => vec![
                Convolution::new(width, 1),
                Convolution::new(width, 3).stride(stride).groups(groups),
                Convolution::new(outputs, 1),
            ],
        }
    }

    /// From `inputs` channels, `[n, inputs, h, w]` to `[n, outputs, h / stride, w / stride]`.
    fn describe(self, layer: Layer, stride: usize, inputs: usize) -> Sequence {
        let mut residual = Sequence::new();
        for (i, convolution) in self.convolutions(layer, stride).into_iter().enumerate() {
            if i > 0 {
                residual = residual.unnamed(Module::Relu);
            }
            let [conv, bn] = ["conv", "bn"].map(|name| format!("{name}{}", i + 1));
            residual = residual.then(conv, convolution).then(bn, Module::BATCH_NORM);
        }
        let mut shortcut = Sequence::new();
        if stride != 1 || inputs != layer.outputs {
            let convolution = Convolution::new(layer.outputs, 1);
            let sequence = match (layer.averaged, stride) {
                (false, _) => Sequence::numbered([convolution.stride(stride).into(), Module::BATCH_NORM]),
                // timm has an `Identity` in place of the pool.
                (true, 1) => Sequence::new().then("1", convolution).then("2", Module::BATCH_NORM),
                (true, _) => Sequence::numbered([
                    Module::AveragePool2x2 { ceil: true },
                    convolution.into(),
                    Module::BATCH_NORM,
                ]),
            };
            shortcut = shortcut.then("downsample", sequence);
        }
        Sequence::new().unnamed(Module::Sum(residual, shortcut)).then("relu", Module::Relu)
    }
}

/// The paper's with `depths` blocks in its layers.
fn from_paper(shapes: &Shapes, block: Block, depths: [usize; 4]) -> Result<Description> {
    let layers = std::array::from_fn(|i| {
        let (width, depth, stride) = (WIDTHS[i], depths[i], STRIDES[i]);
        let outputs = width * block.expansion();
        Layer { width, groups: 1, outputs, depth, stride, averaged: averages(shapes, i) }
    });
    describe(shapes, block, PAPER, layers)
}

/// The sizes that the tensors' shapes tell.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    let [width, ..] = shapes.get::<4>("conv1.weight")?;
    let block = if shapes.has("layer1.0.conv3.weight") { Block::Bottleneck } else { Block::Basic };
    let layer = |i: usize| {
        let name = format!("layer{}", i + 1);
        let [width, ..] = shapes.get::<4>(&format!("{name}.0.conv1.weight"))?;
        let [second, per_group, ..] = shapes.get::<4>(&format!("{name}.0.conv2.weight"))?;
        let (groups, outputs) = match block {
            Block::Basic => (1, second),
            Block::Bottleneck | Block::CaffeBottleneck => {
                (width / per_group, shapes.get::<4>(&format!("{name}.0.conv3.weight"))?[0])
            }
        };
        let depth = shapes.count(0, |block| format!("{name}.{block}.conv1.weight"));
        let averaged = averages(shapes, i);
        Ok(Layer { width, groups: groups.max(1), outputs, depth, stride: STRIDES[i], averaged })
    };
    let layers = [layer(0)?, layer(1)?, layer(2)?, layer(3)?];
    describe(shapes, block, Stem { width, ..PAPER }, layers)
}

fn describe(shapes: &Shapes, block: Block, stem: Stem, layers: [Layer; 4]) -> Result<Description> {
    let window = shapes.get::<4>("conv1.weight").ok().map(|[.., rows, columns]| (rows, columns));
    let is_small = stem.kernel == PAPER.kernel && window == Some((3, 3));
    let (stem, note) =
        if is_small { stem.for_small_pictures(shapes) } else { (stem.of_paper(shapes)?, None) };
    let head = Head::linear(shapes, "fc")?.named_pool();
    let averaged = layers.iter().any(|layer| layer.averaged && layer.stride > 1);
    let mut description = Description::new(features(block.of(shapes.variant())?, stem, layers), head);
    description.notes.extend(note);
    description.notes.extend(averaged.then(average_in_shortcuts));
    Ok(description)
}

/// Whether the shortcut of the first block of a layer has its convolution in the second place, behind timm's pool.
fn averages(shapes: &Shapes, layer: usize) -> bool {
    let weight = |place: usize| format!("layer{}.0.downsample.{place}.weight", layer + 1);
    shapes.get::<4>(&weight(1)).is_ok() && !shapes.has(&weight(0))
}

fn average_in_shortcuts() -> Note {
    error!(
        Weights,
        "shortcut-average",
        "its shortcuts have something without tensors before their convolution: an average pool of 2×2 is assumed where they stride, as timm has it (avg_down), since no weight file tells it"
    )
    .into()
}

/// From the picture to the last layer.
fn features(block: Block, stem: Stem, layers: [Layer; 4]) -> Sequence {
    let mut features = Sequence::new()
        .then("conv1", Convolution::new(stem.width, stem.kernel).stride(stem.stride))
        .then("bn1", Module::BATCH_NORM)
        .then("relu", Module::Relu);
    if stem.pooled {
        features = features.then("maxpool", Module::STEM_POOL);
    }
    let mut channels = stem.width;
    for (i, layer) in layers.into_iter().enumerate() {
        let blocks = (0..layer.depth).map(|place| {
            let stride = if place == 0 { layer.stride } else { 1 };
            let inputs = std::mem::replace(&mut channels, layer.outputs);
            block.describe(layer, stride, inputs).into()
        });
        features = features.then(format!("layer{}", i + 1), Sequence::numbered(blocks));
    }
    features
}

//! MobileNetV2: inverted residuals and linear bottlenecks (Sandler 2018, <https://arxiv.org/abs/1801.04381>),
//! at any width.

use burn::tensor::Tensor;

use crate::network::ops::{BatchNorm, Conv2d, Convolution, Linear, Loader, global_average_pool};
use crate::network::{Architecture, LinearHead, Network, Tap, add};
use crate::{Error, Result};

/// MobileNetV2 at its full width.
pub const MOBILENET_V2: Architecture =
    architecture("mobilenet_v2", "MobileNetV2", |loader| scaled(loader, 1.0));
/// MobileNetV2 at 0.25 of its width.
pub const MOBILENET_V2_X0_25: Architecture =
    architecture("mobilenet_v2_x0_25", "MobileNetV2 ×0.25", |loader| scaled(loader, 0.25));
/// MobileNetV2 at half its width.
pub const MOBILENET_V2_X0_5: Architecture =
    architecture("mobilenet_v2_x0_5", "MobileNetV2 ×0.5", |loader| scaled(loader, 0.5));
/// MobileNetV2 at 0.75 of its width.
pub const MOBILENET_V2_X0_75: Architecture =
    architecture("mobilenet_v2_x0_75", "MobileNetV2 ×0.75", |loader| scaled(loader, 0.75));
/// MobileNetV2 at 1.4 times its width.
pub const MOBILENET_V2_X1_4: Architecture =
    architecture("mobilenet_v2_x1_4", "MobileNetV2 ×1.4", |loader| scaled(loader, 1.4));

/// Any other widths and depths, told by a weight file's shapes; strides as in the paper.
pub const MOBILENET_V2_OTHER: Architecture = Architecture {
    default_layer: "features",
    ..architecture("mobilenet_v2_other", "MobileNetV2 of another size", of_shapes)
};

const fn architecture(
    name: &'static str,
    title: &'static str,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
) -> Architecture {
    Architecture { name, title, paper: "Sandler 2018", default_layer: "features.18", size: 224, load }
}

/// A shallow, narrow one for pictures of 96 pixels, with a fine last layer.
pub const MOBILENET_V2_SMALL: Architecture = Architecture {
    size: 96,
    default_layer: "features.10",
    ..architecture("mobilenet_v2_small", "MobileNetV2, small", |loader| {
        load(loader, 12, &[(1, 12, 1, 1), (3, 20, 2, 2), (4, 40, 2, 2), (4, 64, 3, 1), (4, 96, 1, 1)], 256)
    })
};

/// Expansion, channels, blocks, stride of the first block.
type Stage = (usize, usize, usize, usize);

/// Rows of the paper's table 2.
const STAGES: [Stage; 7] = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
];

struct MobileNetV2 {
    stem: Rectified,
    blocks: Vec<InvertedResidual>,
    last: Rectified,
    classifier: Linear,
}

/// Convolution, batch normalisation, ReLU6: torchvision's `Conv2dNormActivation`.
struct Rectified {
    conv: Conv2d,
    bn: BatchNorm,
}

struct InvertedResidual {
    /// The 1×1 expansion, where there is one, and the 3×3 depthwise convolution.
    rectified: Vec<Rectified>,
    project: Conv2d,
    bn: BatchNorm,
    residual: bool,
}

/// The multiple of 8 nearest to `channels`, but not below 0.9 of it: `_make_divisible` of the original.
fn divisible(channels: f64) -> usize {
    let nearest = ((channels + 4.0) as usize / 8 * 8).max(8);
    if (nearest as f64) < 0.9 * channels { nearest + 8 } else { nearest }
}

/// The paper's network at `width`.
fn scaled(loader: &mut Loader, width: f64) -> Result<Box<dyn Network>> {
    let wide = |channels: usize| divisible(channels as f64 * width);
    let stages =
        STAGES.map(|(expansion, channels, depth, stride)| (expansion, wide(channels), depth, stride));
    load(loader, wide(32), &stages, divisible(1280.0 * width.max(1.0)))
}

/// Of the sizes that the tensors' shapes tell. Where expansion or channels change, a stage of the paper's ends.
fn of_shapes(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let [stem, ..] = loader.shape::<4>("features.0.0.weight")?;
    let mut stages: Vec<Stage> = Vec::new();
    let (mut inputs, mut block) = (stem, 1);
    while loader.has(&format!("features.{block}.conv.0.0.weight")) {
        let name = format!("features.{block}.conv");
        let [hidden, ..] = loader.shape::<4>(&format!("{name}.0.0.weight"))?;
        let expands = loader.has(&format!("{name}.1.0.weight"));
        let [outputs, ..] = loader.shape::<4>(&format!("{name}.{}.weight", if expands { 2 } else { 1 }))?;
        let expansion = if expands { hidden / inputs } else { 1 };
        match stages.last_mut() {
            Some(stage) if (stage.0, stage.1) == (expansion, outputs) => stage.2 += 1,
            _ => stages.push((expansion, outputs, 1, STAGES.get(stages.len()).map_or(1, |stage| stage.3))),
        }
        (inputs, block) = (outputs, block + 1);
    }
    if stages.len() != STAGES.len() {
        return Err(Error::weights(format!(
            "expansion and channels change between {} stages, those of MobileNetV2 between {}; where each strides cannot be told",
            stages.len(),
            STAGES.len()
        )));
    }
    let [features, ..] = loader.shape::<4>(&format!("features.{block}.0.weight"))?;
    load(loader, stem, &stages, features)
}

/// `stem` channels go into the stages, and out of the last convolution come `features`.
fn load(loader: &mut Loader, stem: usize, stages: &[Stage], features: usize) -> Result<Box<dyn Network>> {
    let classes = loader.classes("classifier.1")?;
    let mut channels = stem;
    let stem = Rectified::load(loader, "features.0", Convolution::new(3, channels, 3).stride(2))?;
    let mut blocks = Vec::new();
    for &(expansion, outputs, depth, stride) in stages {
        for block in 0..depth {
            let name = format!("features.{}.conv", blocks.len() + 1);
            let stride = if block == 0 { stride } else { 1 };
            blocks.push(InvertedResidual::load(loader, &name, expansion, channels, outputs, stride)?);
            channels = outputs;
        }
    }
    let name = format!("features.{}", blocks.len() + 1);
    let last = Rectified::load(loader, &name, Convolution::new(channels, features, 1))?;
    let classifier = Linear::load(loader, "classifier.1", features, classes)?;
    Ok(Box::new(MobileNetV2 { stem, blocks, last, classifier }))
}

impl Rectified {
    fn load(loader: &mut Loader, name: &str, shape: Convolution) -> Result<Self> {
        Ok(Self {
            conv: Conv2d::load(loader, &format!("{name}.0"), shape)?,
            bn: BatchNorm::load(loader, &format!("{name}.1"), shape.outputs())?,
        })
    }

    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let x = tap.at("0", x, |x, _| self.conv.forward(x));
        let x = tap.at("1", x, |x, _| self.bn.forward(x));
        tap.at("2", x, |x, tap| tap.relu6(x))
    }
}

impl InvertedResidual {
    fn load(
        loader: &mut Loader,
        name: &str,
        expansion: usize,
        inputs: usize,
        outputs: usize,
        stride: usize,
    ) -> Result<Self> {
        let hidden = inputs * expansion;
        let expand = (expansion != 1).then_some(Convolution::new(inputs, hidden, 1));
        let depthwise = Convolution::new(hidden, hidden, 3).stride(stride).groups(hidden);
        let mut rectified = Vec::new();
        for (i, shape) in expand.into_iter().chain([depthwise]).enumerate() {
            rectified.push(Rectified::load(loader, &format!("{name}.{i}"), shape)?);
        }
        let at = rectified.len();
        let project = Convolution::new(hidden, outputs, 1);
        Ok(Self {
            rectified,
            project: Conv2d::load(loader, &format!("{name}.{at}"), project)?,
            bn: BatchNorm::load(loader, &format!("{name}.{}", at + 1), outputs)?,
            residual: stride == 1 && inputs == outputs,
        })
    }

    /// `[n, inputs, h, w]` to `[n, outputs, h / stride, w / stride]`.
    fn forward(&self, input: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let x = tap.at("conv", input.clone(), |mut x, tap| {
            for (i, rectified) in self.rectified.iter().enumerate() {
                x = tap.at(&i.to_string(), x, |x, tap| rectified.forward(x, tap));
            }
            let at = self.rectified.len();
            let x = tap.at(&at.to_string(), x, |x, _| self.project.forward(x));
            tap.at(&(at + 1).to_string(), x, |x, _| self.bn.forward(x))
        });
        if self.residual { add(input, x) } else { x }
    }
}

impl Network for MobileNetV2 {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = tap.at("features", x, |x, tap| {
            let mut x = tap.at("0", x, |x, tap| self.stem.forward(x, tap));
            for (i, block) in self.blocks.iter().enumerate() {
                x = tap.at(&(i + 1).to_string(), x, |x, tap| block.forward(x, tap));
            }
            tap.at(&(self.blocks.len() + 1).to_string(), x, |x, tap| self.last.forward(x, tap))
        });
        self.classifier.forward(global_average_pool(x).flatten(1, 3))
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let last = format!("features.{}", self.blocks.len() + 1);
        Some(LinearHead {
            layers: vec!["features".into(), format!("{last}.2"), last],
            weight: self.classifier.weight(),
        })
    }
}

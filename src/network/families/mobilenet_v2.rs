//! MobileNetV2: inverted residuals and linear bottlenecks (Sandler 2018, <https://arxiv.org/abs/1801.04381>),
//! at any width.

use crate::Result;
use crate::error::error;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

use super::conv_norm;

/// MobileNetV2 at its full width.
pub const MOBILENET_V2: Architecture =
    architecture("mobilenet_v2", "MobileNetV2", |shapes| with_width(shapes, 1.0));
/// MobileNetV2 at 0.25 of its width.
pub const MOBILENET_V2_X0_25: Architecture =
    architecture("mobilenet_v2_x0_25", "MobileNetV2 ×0.25", |shapes| with_width(shapes, 0.25));
/// MobileNetV2 at half its width.
pub const MOBILENET_V2_X0_5: Architecture =
    architecture("mobilenet_v2_x0_5", "MobileNetV2 ×0.5", |shapes| with_width(shapes, 0.5));
/// MobileNetV2 at 0.75 of its width.
pub const MOBILENET_V2_X0_75: Architecture =
    architecture("mobilenet_v2_x0_75", "MobileNetV2 ×0.75", |shapes| with_width(shapes, 0.75));
/// MobileNetV2 at 1.4 times its width.
pub const MOBILENET_V2_X1_4: Architecture =
    architecture("mobilenet_v2_x1_4", "MobileNetV2 ×1.4", |shapes| with_width(shapes, 1.4));

/// Any other widths and depths, told by a weight file's shapes; strides as in the paper.
pub const MOBILENET_V2_OTHER: Architecture = Architecture {
    default_layer: "features",
    ..architecture("mobilenet_v2_other", "MobileNetV2 of another size", from_shapes)
};

/// Google's, as Hugging Face's transformers computes it, at any width: padded as TensorFlow pads, and with an ε of 0.001. It has
/// transformers' names (`transformers/models/mobilenet_v2/modeling_mobilenet_v2.py`), since torchvision has no such network.
pub const MOBILENET_V2_TENSORFLOW: Architecture = Architecture {
    default_layer: "conv_1x1",
    variants: Variant::ONE,
    ..architecture("mobilenet_v2_tensorflow", "MobileNetV2 of TensorFlow", as_tensorflow)
};

const fn architecture(
    name: &'static str,
    title: &'static str,
    describe: fn(&Shapes) -> Result<Description>,
) -> Architecture {
    Architecture {
        name,
        title,
        paper: "Sandler 2018",
        default_layer: "features.18",
        size: 224,
        transform_input: false,
        variants: &[Variant::Torchvision, Variant::CifarStrides],
        design: Design::Classifier(describe),
    }
}

/// A shallow, narrow one for pictures of 96 pixels, with a fine last layer.
pub const MOBILENET_V2_SMALL: Architecture = Architecture {
    size: 96,
    default_layer: "features.10",
    variants: Variant::ONE,
    ..architecture("mobilenet_v2_small", "MobileNetV2, small", |shapes| {
        let rows = [(1, 12, 1, 1), (3, 20, 2, 2), (4, 40, 2, 2), (4, 64, 3, 1), (4, 96, 1, 1)];
        describe(shapes, 12, &rows.map(Row::from), 256)
    })
};

/// A row of the paper's table 2: inverted residuals in a row.
#[derive(Clone, Copy)]
struct Row {
    /// How many times wider than its inputs a block is inside.
    expansion: usize,
    /// Channels that come out.
    channels: usize,
    /// How many blocks.
    depth: usize,
    /// Of the first block.
    stride: usize,
}

impl From<(usize, usize, usize, usize)> for Row {
    fn from((expansion, channels, depth, stride): (usize, usize, usize, usize)) -> Self {
        Self { expansion, channels, depth, stride }
    }
}

/// The paper's table 2.
const TABLE: [(usize, usize, usize, usize); 7] = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
];

/// The multiple of 8 nearest to `channels`, but not below 0.9 of it: `_make_divisible` of the original.
fn divisible(channels: f64) -> usize {
    let nearest = ((channels + 4.0) as usize / 8 * 8).max(8);
    if (nearest as f64) < 0.9 * channels { nearest + 8 } else { nearest }
}

/// The paper's network at `width`.
fn with_width(shapes: &Shapes, width: f64) -> Result<Description> {
    let wide = |channels: usize| divisible(channels as f64 * width);
    let rows = TABLE.map(Row::from).map(|row| Row { channels: wide(row.channels), ..row });
    describe(shapes, wide(32), &rows, divisible(1280.0 * width.max(1.0)))
}

/// The sizes that the tensors' shapes tell. Where expansion or channels change, a row of the paper's table ends.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    let [stem, ..] = shapes.get::<4>("features.0.0.weight")?;
    let mut rows: Vec<Row> = Vec::new();
    let (mut inputs, mut block) = (stem, 1);
    while shapes.has(&format!("features.{block}.conv.0.0.weight")) {
        let name = format!("features.{block}.conv");
        let [hidden, ..] = shapes.get::<4>(&format!("{name}.0.0.weight"))?;
        let expands = shapes.has(&format!("{name}.1.0.weight"));
        let [channels, ..] = shapes.get::<4>(&format!("{name}.{}.weight", if expands { 2 } else { 1 }))?;
        let expansion = if expands { hidden / inputs } else { 1 };
        let stride = TABLE.get(rows.len()).map_or(1, |row| row.3);
        match rows.last_mut() {
            Some(row) if (row.expansion, row.channels) == (expansion, channels) => row.depth += 1,
            _ => rows.push(Row { expansion, channels, depth: 1, stride }),
        }
        (inputs, block) = (channels, block + 1);
    }
    if rows.len() != TABLE.len() {
        return Err(error!(
            Weights,
            "strides-unknown",
            "the weights have {found} stages; MobileNetV2 is built with {wanted}, whose strides are known, and not with others",
            found = rows.len(),
            wanted = TABLE.len()
        ));
    }
    let [features, ..] = shapes.get::<4>(&format!("features.{block}.0.weight"))?;
    describe(shapes, stem, &rows, features)
}

/// `stem` channels go into the blocks, and out of the last convolution come `last`.
fn describe(shapes: &Shapes, stem: usize, rows: &[Row], last: usize) -> Result<Description> {
    // For small pictures the first two strides are missing.
    let is_small = shapes.variant() == Some(Variant::CifarStrides);
    let first = if is_small { 1 } else { 2 };
    let mut features = vec![conv_norm(Convolution::new(stem, 3).stride(first), Module::Relu6).into()];
    let mut inputs = stem;
    for (place, row) in rows.iter().enumerate() {
        for block in 0..row.depth {
            let strides = block == 0 && !(is_small && place == 1);
            let stride = if strides { row.stride } else { 1 };
            features.push(inverted_residual(inputs, *row, stride).into());
            inputs = row.channels;
        }
    }
    features.push(conv_norm(Convolution::new(last, 1), Module::Relu6).into());
    let features = Sequence::new().then("features", Sequence::numbered(features));
    Ok(Description::new(features, Head::linear(shapes, "classifier.1")?))
}

/// `[n, inputs, h, w]` to `[n, channels, h / stride, w / stride]`.
fn inverted_residual(inputs: usize, Row { expansion, channels, .. }: Row, stride: usize) -> Sequence {
    let expand = (expansion != 1).then(|| Convolution::new(inputs * expansion, 1));
    let depthwise = Convolution::depthwise(3).stride(stride);
    let hidden = expand.into_iter().chain([depthwise]).map(|shape| conv_norm(shape, Module::Relu6).into());
    let conv = Sequence::numbered(hidden.chain([Convolution::new(channels, 1).into(), Module::BATCH_NORM]));
    let conv = Sequence::new().then("conv", conv);
    if stride == 1 && inputs == channels {
        Sequence::new().unnamed(Module::Sum(Sequence::new(), conv))
    } else {
        conv
    }
}

/// The sizes that the tensors' shapes tell, under transformers' names; strides as in the paper.
fn as_tensorflow(shapes: &Shapes) -> Result<Description> {
    let outputs = |layer: &str| Ok(shapes.get::<4>(&format!("{layer}.convolution.weight"))?[0]);
    let pointwise = |layer: &str| Ok(Convolution::new(outputs(layer)?, 1));
    let depthwise = |stride| Convolution::depthwise(3).stride(stride);
    let first = Convolution::new(outputs("conv_stem.first_conv")?, 3).stride(2);
    let mut stem = Sequence::new().then("first_conv", rectified_as_tensorflow(first));
    if shapes.has("conv_stem.expand_1x1.convolution.weight") {
        stem = stem.then("expand_1x1", rectified_as_tensorflow(pointwise("conv_stem.expand_1x1")?));
    }
    let mut inputs = outputs("conv_stem.reduce_1x1")?;
    let stem = stem
        .then("conv_3x3", rectified_as_tensorflow(depthwise(1)))
        .then("reduce_1x1", norm_as_tensorflow(Convolution::new(inputs, 1)));
    // The first row is the stem's.
    let strides = TABLE.map(Row::from).into_iter().skip(1).flat_map(|Row { depth, stride, .. }| {
        (0..depth).map(move |block| if block == 0 { stride } else { 1 })
    });
    let mut blocks = Vec::new();
    for (place, stride) in strides.enumerate() {
        let [expand, reduce] = ["expand", "reduce"].map(|part| format!("layer.{place}.{part}_1x1"));
        let channels = outputs(&reduce)?;
        let block = Sequence::new()
            .then("expand_1x1", rectified_as_tensorflow(pointwise(&expand)?))
            .then("conv_3x3", rectified_as_tensorflow(depthwise(stride)))
            .then("reduce_1x1", norm_as_tensorflow(Convolution::new(channels, 1)));
        blocks.push(match stride == 1 && inputs == channels {
            true => Module::Sum(Sequence::new(), block),
            false => block.into(),
        });
        inputs = channels;
    }
    let last = rectified_as_tensorflow(pointwise("conv_1x1")?);
    let features = Sequence::new()
        .then("conv_stem", stem)
        .then("layer", Sequence::numbered(blocks))
        .then("conv_1x1", last);
    Ok(Description::new(features, Head::linear(shapes, "classifier")?))
}

/// Convolution and batch normalisation as TensorFlow has them.
fn norm_as_tensorflow(convolution: Convolution) -> Sequence {
    let norm = Module::BatchNorm { epsilon: 1e-3 };
    Sequence::new().then("convolution", convolution.padded_as_tensorflow()).then("normalization", norm)
}

/// The same, and a ReLU with its cap at 6.
fn rectified_as_tensorflow(convolution: Convolution) -> Sequence {
    norm_as_tensorflow(convolution).then("activation", Module::Relu6)
}

//! ShuffleNet V2: channels split, convolved and shuffled (Ma 2018, <https://arxiv.org/abs/1807.11164>).

use crate::Result;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

use super::conv_norm;

/// ShuffleNet V2 at half its width.
pub const SHUFFLENET_V2_X0_5: Architecture =
    architecture("shufflenet_v2_x0_5", "ShuffleNet V2 ×0.5", |shapes| {
        with_widths(shapes, [48, 96, 192], 1024)
    });
/// ShuffleNet V2 at its full width.
pub const SHUFFLENET_V2_X1_0: Architecture =
    architecture("shufflenet_v2_x1_0", "ShuffleNet V2", |shapes| with_widths(shapes, [116, 232, 464], 1024));
/// ShuffleNet V2 at 1.5 times its width.
pub const SHUFFLENET_V2_X1_5: Architecture =
    architecture("shufflenet_v2_x1_5", "ShuffleNet V2 ×1.5", |shapes| {
        with_widths(shapes, [176, 352, 704], 1024)
    });
/// ShuffleNet V2 at twice its width.
pub const SHUFFLENET_V2_X2_0: Architecture =
    architecture("shufflenet_v2_x2_0", "ShuffleNet V2 ×2", |shapes| {
        with_widths(shapes, [244, 488, 976], 2048)
    });

/// A shallow one of one stage for pictures of 96 pixels, with a fine last layer.
pub const SHUFFLENET_V2_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("shufflenet_v2_small", "ShuffleNet V2, small", |shapes| describe(shapes, &[(160, 6)], 320))
};

/// Any other widths and depths, told by a weight file's shapes.
pub const SHUFFLENET_V2_OTHER: Architecture =
    architecture("shufflenet_v2_other", "ShuffleNet V2 of another size", from_shapes);

const fn architecture(
    name: &'static str,
    title: &'static str,
    describe: fn(&Shapes) -> Result<Description>,
) -> Architecture {
    Architecture {
        name,
        title,
        paper: "Ma 2018",
        default_layer: "conv5",
        size: 224,
        transform_input: false,
        variants: Variant::ONE,
        design: Design::Classifier(describe),
    }
}

/// Channels after the stem.
const STEM: usize = 24;
/// torchvision's number of the first stage.
const FIRST: usize = 2;

/// The paper's depths at `widths` (its table 5).
fn with_widths(shapes: &Shapes, [a, b, c]: [usize; 3], last: usize) -> Result<Description> {
    describe(shapes, &[(a, 4), (b, 8), (c, 4)], last)
}

/// The sizes that the tensors' shapes tell.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    let mut sizes = Vec::new();
    for number in FIRST..FIRST + 3 {
        let [half, ..] = shapes.get::<4>(&format!("stage{number}.0.branch1.2.weight"))?;
        let depth = shapes.count(0, |unit| format!("stage{number}.{unit}.branch2.0.weight"));
        sizes.push((2 * half, depth));
    }
    let [last, ..] = shapes.get::<4>("conv5.0.weight")?;
    describe(shapes, &sizes, last)
}

/// `sizes` are channels and units of `stage2` and on, whose first units stride; `last` are the channels that are pooled.
fn describe(shapes: &Shapes, sizes: &[(usize, usize)], last: usize) -> Result<Description> {
    let mut features = Sequence::new()
        .then("conv1", conv_norm(Convolution::new(STEM, 3).stride(2), Module::Relu))
        .then("maxpool", Module::STEM_POOL);
    for (i, &(channels, depth)) in sizes.iter().enumerate() {
        let units = (0..depth).map(|place| unit(channels, place == 0).into());
        features = features.then(format!("stage{}", FIRST + i), Sequence::numbered(units));
    }
    let features = features.then("conv5", conv_norm(Convolution::new(last, 1), Module::Relu));
    Ok(Description::new(features, Head::linear(shapes, "fc")?))
}

/// A unit that strides, `[n, inputs, h, w]` to `[n, channels, h / 2, w / 2]`, or one that passes on the first half of its
/// channels as it is, `[n, channels, h, w]` to the same shape.
fn unit(channels: usize, strides: bool) -> Sequence {
    let half = channels / 2;
    let pointwise = || [Convolution::new(half, 1).into(), Module::BATCH_NORM, Module::Relu];
    let depthwise = |stride: usize| [Convolution::depthwise(3).stride(stride).into(), Module::BATCH_NORM];
    let branch2 = |stride: usize| {
        Sequence::numbered(pointwise().into_iter().chain(depthwise(stride)).chain(pointwise()))
    };
    let branches = if strides {
        let branch1 = Sequence::numbered(depthwise(2).into_iter().chain(pointwise()));
        vec![Sequence::new().then("branch1", branch1), Sequence::new().then("branch2", branch2(2))]
    } else {
        vec![
            Sequence::new().unnamed(Module::FirstHalf),
            Sequence::new().unnamed(Module::SecondHalf).then("branch2", branch2(1)),
        ]
    };
    Sequence::new().unnamed(Module::Concatenate(branches)).unnamed(Module::Shuffle)
}

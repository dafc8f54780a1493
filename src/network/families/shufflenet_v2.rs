//! ShuffleNet V2: channels split, convolved and shuffled (Ma 2018, <https://arxiv.org/abs/1807.11164>).

use burn::tensor::Tensor;

use crate::Result;
use crate::network::ops::{Convolution, Linear, Loader, global_average_pool, max_pool_3x3};
use crate::network::sequence::{Module, Sequence};
use crate::network::{Architecture, LinearHead, Network, Tap, concatenate};

/// ShuffleNet V2 at half its width.
pub const SHUFFLENET_V2_X0_5: Architecture =
    architecture("shufflenet_v2_x0_5", "ShuffleNet V2 ×0.5", |loader| scaled(loader, [48, 96, 192], 1024));
/// ShuffleNet V2 at its full width.
pub const SHUFFLENET_V2_X1_0: Architecture =
    architecture("shufflenet_v2_x1_0", "ShuffleNet V2", |loader| scaled(loader, [116, 232, 464], 1024));
/// ShuffleNet V2 at 1.5 times its width.
pub const SHUFFLENET_V2_X1_5: Architecture =
    architecture("shufflenet_v2_x1_5", "ShuffleNet V2 ×1.5", |loader| scaled(loader, [176, 352, 704], 1024));
/// ShuffleNet V2 at twice its width.
pub const SHUFFLENET_V2_X2_0: Architecture =
    architecture("shufflenet_v2_x2_0", "ShuffleNet V2 ×2", |loader| scaled(loader, [244, 488, 976], 2048));

/// A shallow one of one stage for pictures of 96 pixels, with a fine last layer.
pub const SHUFFLENET_V2_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("shufflenet_v2_small", "ShuffleNet V2, small", |loader| load(loader, &[(160, 6)], 320))
};

/// Any other widths and depths, told by a weight file's shapes.
pub const SHUFFLENET_V2_OTHER: Architecture =
    architecture("shufflenet_v2_other", "ShuffleNet V2 of another size", of_shapes);

const fn architecture(
    name: &'static str,
    title: &'static str,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
) -> Architecture {
    Architecture { name, title, paper: "Ma 2018", default_layer: "conv5", size: 224, load }
}

/// Channels after the stem.
const STEM: usize = 24;
/// Channels and units of a stage; the first unit strides.
type Stage = (usize, usize);
/// torchvision's number of the first stage.
const FIRST: usize = 2;

struct ShuffleNetV2 {
    conv1: Sequence,
    stages: Vec<Vec<Unit>>,
    conv5: Sequence,
    fc: Linear,
}

struct Unit {
    /// Of a unit that strides; the others pass on the first half of their channels as it is.
    branch1: Option<Sequence>,
    branch2: Sequence,
}

/// The paper's depths at `widths` (its table 5).
fn scaled(loader: &mut Loader, [a, b, c]: [usize; 3], features: usize) -> Result<Box<dyn Network>> {
    load(loader, &[(a, 4), (b, 8), (c, 4)], features)
}

/// Of the sizes that the tensors' shapes tell.
fn of_shapes(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let mut stages = Vec::new();
    for stage in FIRST..FIRST + 3 {
        let [half, ..] = loader.shape::<4>(&format!("stage{stage}.0.branch1.2.weight"))?;
        let depth = (0..).take_while(|unit| loader.has(&format!("stage{stage}.{unit}.branch2.0.weight")));
        stages.push((2 * half, depth.count()));
    }
    let [features, ..] = loader.shape::<4>("conv5.0.weight")?;
    load(loader, &stages, features)
}

/// `features` are the channels that are pooled.
fn load(loader: &mut Loader, shapes: &[Stage], features: usize) -> Result<Box<dyn Network>> {
    let classes = loader.classes("fc")?;
    let stem = rectified(Convolution::new(3, STEM, 3).stride(2));
    let conv1 = Sequence::numbered(loader, "conv1", &stem)?;
    let mut channels = STEM;
    let mut stages = Vec::new();
    for (stage, &(width, depth)) in shapes.iter().enumerate() {
        let mut units = Vec::new();
        for unit in 0..depth {
            let name = format!("stage{}.{unit}", FIRST + stage);
            units.push(if unit == 0 {
                Unit::striding(loader, &name, channels, width)?
            } else {
                Unit::splitting(loader, &name, width)?
            });
        }
        channels = width;
        stages.push(units);
    }
    let conv5 = Sequence::numbered(loader, "conv5", &rectified(Convolution::new(channels, features, 1)))?;
    let fc = Linear::load(loader, "fc", features, classes)?;
    Ok(Box::new(ShuffleNetV2 { conv1, stages, conv5, fc }))
}

fn normalised(shape: Convolution) -> [Module; 2] {
    [Module::Convolution(shape), Module::BatchNorm(shape.outputs())]
}

fn rectified(shape: Convolution) -> [Module; 3] {
    let [convolution, bn] = normalised(shape);
    [convolution, bn, Module::Relu]
}

fn depthwise(channels: usize, stride: usize) -> Convolution {
    Convolution::new(channels, channels, 3).stride(stride).groups(channels)
}

impl Unit {
    /// `[n, inputs, h, w]` to `[n, outputs, h / 2, w / 2]`.
    fn striding(loader: &mut Loader, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let half = outputs / 2;
        let branch1 =
            [&normalised(depthwise(inputs, 2))[..], &rectified(Convolution::new(inputs, half, 1))].concat();
        Ok(Self {
            branch1: Some(Sequence::numbered(loader, &format!("{name}.branch1"), &branch1)?),
            branch2: Self::branch2(loader, name, inputs, half, 2)?,
        })
    }

    /// `[n, channels, h, w]` to the same shape.
    fn splitting(loader: &mut Loader, name: &str, channels: usize) -> Result<Self> {
        let half = channels / 2;
        Ok(Self { branch1: None, branch2: Self::branch2(loader, name, half, half, 1)? })
    }

    fn branch2(
        loader: &mut Loader,
        name: &str,
        inputs: usize,
        outputs: usize,
        stride: usize,
    ) -> Result<Sequence> {
        let modules = [
            &rectified(Convolution::new(inputs, outputs, 1))[..],
            &normalised(depthwise(outputs, stride)),
            &rectified(Convolution::new(outputs, outputs, 1)),
        ];
        Sequence::numbered(loader, &format!("{name}.branch2"), &modules.concat())
    }

    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let (left, right) = match &self.branch1 {
            Some(branch1) => (tap.at("branch1", x.clone(), |x, tap| branch1.forward(x, tap)), x),
            None => {
                let half = x.dims()[1] / 2;
                (x.clone().narrow(1, 0, half), x.narrow(1, half, half))
            }
        };
        let right = tap.at("branch2", right, |x, tap| self.branch2.forward(x, tap));
        shuffle(concatenate(vec![left, right]))
    }
}

/// `[n, k, h, w]` with the channels of both halves in turn.
fn shuffle(x: Tensor<4>) -> Tensor<4> {
    let [n, k, h, w] = x.dims();
    let halves: Tensor<5> = x.reshape([n, 2, k / 2, h, w]);
    halves.swap_dims(1, 2).reshape([n, k, h, w])
}

impl Network for ShuffleNetV2 {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = tap.at("conv1", x, |x, tap| self.conv1.forward(x, tap));
        let mut x = tap.at("maxpool", x, |x, _| max_pool_3x3(x, 1, false));
        for (stage, units) in self.stages.iter().enumerate() {
            x = tap.at(&format!("stage{}", FIRST + stage), x, |mut x, tap| {
                for (i, unit) in units.iter().enumerate() {
                    x = tap.at(&i.to_string(), x, |x, tap| unit.forward(x, tap));
                }
                x
            });
        }
        let x = tap.at("conv5", x, |x, tap| self.conv5.forward(x, tap));
        self.fc.forward(global_average_pool(x).flatten(1, 3))
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let layers = ["conv5", "conv5.2"].map(String::from).to_vec();
        Some(LinearHead { layers, weight: self.fc.weight() })
    }
}

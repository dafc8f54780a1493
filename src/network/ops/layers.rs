//! The layers that networks are made of, each built from named parameters and kept as plain tensors.

use burn::tensor::module::{adaptive_avg_pool2d, avg_pool2d, conv2d, linear, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::batch_norm;
use super::convolve::convolve;
use crate::network::{Moments, Parameters};
use crate::{Error, Result};

/// Most places of an axis of a tensor whose shape tells the network's size: the hidden layer of VGG may take 512·7·7 numbers.
const MOST_CHANNELS: usize = 1 << 16;

/// Builds layers on a device from a source of parameters.
pub struct Loader<'a> {
    parameters: &'a mut dyn Parameters,
    device: &'a Device,
}

impl<'a> Loader<'a> {
    /// Takes tensors from `parameters` and puts them on `device`.
    pub fn new(parameters: &'a mut dyn Parameters, device: &'a Device) -> Self {
        Self { parameters, device }
    }

    /// The number of classes: rows of the classifier's weight, tensor `{name}.weight`.
    ///
    /// # Errors
    /// As [`Parameters::rows`].
    pub fn classes(&self, name: &str) -> Result<usize> {
        self.parameters.rows(&format!("{name}.weight"))
    }

    /// Whether the source tells the shape of tensor `name`.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.shape(name).is_some()
    }

    /// The shape of tensor `name` in the source: what networks are built by whose sizes are not given.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when the source does not tell it, it has not `D` axes, or one of them is 0 or
    /// longer than any network's.
    pub fn shape<const D: usize>(&self, name: &str) -> Result<[usize; D]> {
        let found = self.parameters.shape(name).ok_or_else(|| {
            Error::weights(format!("tensor `{name}` is missing, whose shape tells the network's size"))
        })?;
        let shape = found
            .try_into()
            .ok()
            .filter(|shape: &[usize; D]| shape.iter().all(|side| (1..=MOST_CHANNELS).contains(side)));
        shape.ok_or_else(|| {
            Error::weights(format!(
                "tensor `{name}` has shape {found:?}; this network wants {D} axes of 1 to {MOST_CHANNELS} there"
            ))
        })
    }

    fn tensor<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Tensor<D>> {
        let flat = self.parameters.tensor(name, &shape, self.device)?;
        Ok(if flat.dims() == [1] { flat.reshape([1; D]).expand(shape) } else { flat.reshape(shape) })
    }

    /// Constants `[1, k, 1, 1]`, one for each channel.
    pub fn per_channel(&self, values: Vec<f32>) -> Tensor<4> {
        let shape = [1, values.len(), 1, 1];
        Tensor::from_data(TensorData::new(values, shape), self.device)
    }

    fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        self.parameters.take(name, &[length])
    }
}

/// The shape of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    inputs: usize,
    outputs: usize,
    kernel: [usize; 2],
    stride: usize,
    groups: usize,
    padding: [usize; 2],
    bias: bool,
}

impl Convolution {
    /// `inputs` to `outputs` channels through a `kernel`×`kernel` window: stride 1, padded to keep the size,
    /// no bias.
    pub const fn new(inputs: usize, outputs: usize, kernel: usize) -> Self {
        Self::rectangular(inputs, outputs, [kernel; 2])
    }

    /// The same through a window of `kernel` rows and columns.
    pub const fn rectangular(inputs: usize, outputs: usize, kernel: [usize; 2]) -> Self {
        let padding = [kernel[0] / 2, kernel[1] / 2];
        Self { inputs, outputs, kernel, stride: 1, groups: 1, padding, bias: false }
    }

    /// Moves the window by `stride` pixels.
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Convolves the channels in `groups` of their own.
    pub const fn groups(self, groups: usize) -> Self {
        Self { groups, ..self }
    }

    /// Adds `padding` zeros on every side.
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: [padding; 2], ..self }
    }

    /// Adds a bias to each output channel.
    pub const fn bias(self) -> Self {
        Self { bias: true, ..self }
    }

    /// Channels that come out.
    pub const fn outputs(self) -> usize {
        self.outputs
    }
}

/// A two-dimensional convolution.
pub struct Conv2d {
    /// `[outputs, inputs / groups, rows, columns]`.
    weight: Tensor<4>,
    /// `[outputs]`.
    bias: Option<Tensor<1>>,
    options: ConvOptions<2>,
    route: Route,
}

/// How a convolution is computed.
#[derive(Clone, Copy)]
enum Route {
    /// A product of matrices, where the window is one pixel: Burn's convolution takes several times as long for gradients.
    Pointwise,
    /// Burn's, with gradients of our own: where each channel goes by itself, through a square window, without a bias; and, of
    /// one group, where the weight is being learned.
    Own { stride: usize, padding: [usize; 2] },
    /// Burn's.
    General,
}

impl Conv2d {
    /// Takes `{name}.weight` and, if the shape has one, `{name}.bias`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn load(loader: &mut Loader, name: &str, shape: Convolution) -> Result<Self> {
        let Convolution { inputs, outputs, kernel, stride, groups, padding, bias } = shape;
        let [rows, columns] = kernel;
        let weight = loader.tensor(&format!("{name}.weight"), [outputs, inputs / groups, rows, columns])?;
        let bias = match bias {
            true => Some(loader.tensor(&format!("{name}.bias"), [outputs])?),
            false => None,
        };
        let options = ConvOptions::new([stride; 2], padding, [1; 2], groups);
        let square = rows == columns && padding[0] == padding[1];
        let route = if groups == inputs && groups == outputs && groups > 1 && square && bias.is_none() {
            Route::Own { stride, padding }
        } else if kernel == [1; 2] && padding == [0; 2] && stride == 1 && groups == 1 {
            Route::Pointwise
        } else if groups == 1 && loader.parameters.are_learned() {
            Route::Own { stride, padding }
        } else {
            Route::General
        };
        Ok(Self { weight, bias, options, route })
    }

    /// `[n, inputs, h, w]` to `[n, outputs, h', w']`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let (weight, bias) = (self.weight.clone(), self.bias.clone());
        match self.route {
            Route::Pointwise => pointwise(x, weight, bias),
            Route::Own { stride, padding } => {
                biased(convolve(x, weight, stride, padding, self.options.groups), bias)
            }
            Route::General => conv2d(x, weight, bias, self.options.clone()),
        }
    }
}

/// `[n, inputs, h, w]` to `[n, outputs, h, w]` by `weight` `[outputs, inputs, 1, 1]`.
fn pointwise(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    let ([n, inputs, h, w], outputs) = (x.dims(), weight.dims()[0]);
    let (x, weight): (Tensor<3>, Tensor<3>) =
        (x.reshape([n, inputs, h * w]), weight.reshape([1, outputs, inputs]));
    biased(weight.expand([n, outputs, inputs]).matmul(x).reshape([n, outputs, h, w]), bias)
}

/// `[n, k, h, w]` plus `[k]`, where there is one.
fn biased(y: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => {
            let k = bias.dims()[0];
            y + bias.reshape([1, k, 1, 1])
        }
        None => y,
    }
}

/// Batch normalisation (Ioffe 2015).
pub enum BatchNorm {
    /// By running statistics, as a scale and a shift.
    Running {
        /// `γ / √(variance + ε)`, `[1, k, 1, 1]`.
        scale: Tensor<4>,
        /// `β - mean · scale`, `[1, k, 1, 1]`.
        shift: Tensor<4>,
    },
    /// By the batch's own statistics, while the network learns.
    Batch {
        /// `[1, k, 1, 1]`.
        gamma: Tensor<4>,
        /// `[1, k, 1, 1]`.
        beta: Tensor<4>,
        /// Who keeps the running statistics.
        moments: Moments,
        /// `ε`.
        epsilon: f64,
    },
}

impl BatchNorm {
    /// PyTorch's default.
    const EPSILON: f64 = 1e-5;

    /// Takes `{name}.weight`, `.bias`, `.running_mean` and `.running_var`, each `[channels]`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn load(loader: &mut Loader, name: &str, channels: usize) -> Result<Self> {
        Self::with_epsilon(loader, name, channels, Self::EPSILON)
    }

    /// The same with another `ε`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn with_epsilon(loader: &mut Loader, name: &str, channels: usize, epsilon: f64) -> Result<Self> {
        let [weight, bias] = ["weight", "bias"].map(|part| format!("{name}.{part}"));
        if let Some(moments) = loader.parameters.moments(name, channels) {
            let mut tensor = |name: &str| Ok(loader.tensor(name, [channels])?.reshape([1, channels, 1, 1]));
            return Ok(Self::Batch { gamma: tensor(&weight)?, beta: tensor(&bias)?, moments, epsilon });
        }
        let [gamma, beta, mean, variance] = [
            loader.vector(&weight, channels)?,
            loader.vector(&bias, channels)?,
            loader.vector(&format!("{name}.running_mean"), channels)?,
            loader.vector(&format!("{name}.running_var"), channels)?,
        ]
        .map(|values| values.into_iter().map(f64::from).collect::<Vec<_>>());
        let scale: Vec<f64> = gamma
            .iter()
            .zip(&variance)
            .map(|(gamma, variance)| gamma / (variance + epsilon).sqrt())
            .collect();
        let shift = (0..channels).map(|k| (beta[k] - mean[k] * scale[k]) as f32).collect();
        let scale = scale.iter().map(|&scale| scale as f32).collect();
        Ok(Self::Running { scale: loader.per_channel(scale), shift: loader.per_channel(shift) })
    }

    /// `[n, k, h, w]` to the same shape.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Running { scale, shift } => x * scale.clone() + shift.clone(),
            Self::Batch { gamma, beta, moments, epsilon } => {
                let [n, _, h, w] = x.dims();
                let [mean, variance] = batch_norm::moments(x.clone());
                let count = (n * h * w) as f64;
                let unbiased = variance.clone() * (count / (count - 1.0).max(1.0));
                moments.put(mean.clone().flatten(0, 3), unbiased.flatten(0, 3));
                batch_norm::normalise(x, [gamma.clone(), beta.clone()], [mean, variance], *epsilon)
            }
        }
    }
}

/// A fully connected layer.
pub struct Linear {
    /// Weight `[outputs, inputs]`, as PyTorch stores it, and bias `[outputs]`, of some outputs after others.
    parts: Vec<(Tensor<2>, Tensor<1>)>,
}

impl Linear {
    /// Most values of a part: 128 MiB, what any WebGPU device can bind as one buffer.
    const PART: usize = (128 << 20) / size_of::<f32>();

    /// Takes `{name}.weight` `[outputs, inputs]` and `{name}.bias` `[outputs]`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn load(loader: &mut Loader, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
        if inputs * outputs <= Self::PART {
            let part = (loader.tensor(&weight, [outputs, inputs])?, loader.tensor(&bias, [outputs])?);
            return Ok(Self { parts: vec![part] });
        }
        let weight = loader.parameters.take(&weight, &[outputs, inputs])?;
        let bias = loader.vector(&bias, outputs)?;
        let rows = (Self::PART / inputs).max(1);
        let parts = weight.chunks(rows * inputs).zip(bias.chunks(rows)).map(|(weight, bias)| {
            let weight = TensorData::new(weight.to_vec(), [bias.len(), inputs]);
            (Tensor::from_data(weight, loader.device), Tensor::from_data(bias, loader.device))
        });
        Ok(Self { parts: parts.collect() })
    }

    /// `[n, inputs]` to `[n, outputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let part = |(weight, bias): &(Tensor<2>, Tensor<1>)| {
            linear(x.clone(), weight.clone().transpose(), Some(bias.clone()))
        };
        Tensor::cat(self.parts.iter().map(part).collect(), 1)
    }

    /// `[outputs, inputs]`.
    pub fn weight(&self) -> Tensor<2> {
        Tensor::cat(self.parts.iter().map(|(weight, _)| weight.clone()).collect(), 0)
    }
}

/// The largest value under a 3×3 window moved by 2, with `padding`; a window that only partly fits counts
/// where `ceil` says so.
pub fn max_pool_3x3(x: Tensor<4>, padding: usize, ceil: bool) -> Tensor<4> {
    let mut options = MaxPoolOptions::new([3; 2]).with_stride([2; 2]).with_padding([padding; 2]);
    options.ceil_mode = ceil;
    max_pool2d(x, options)
}

/// The largest value of each 2×2 pixels.
pub fn max_pool_2x2(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2; 2]))
}

/// The mean of each 2×2 pixels.
pub fn average_pool_2x2(x: Tensor<4>) -> Tensor<4> {
    avg_pool2d(x, AvgPoolOptions::new([2; 2]))
}

/// The mean around each pixel under a 3×3 window, which counts zeros beyond the border.
pub fn average_pool_3x3(x: Tensor<4>) -> Tensor<4> {
    avg_pool2d(
        x,
        AvgPoolOptions::new([3; 2]).with_stride([1; 2]).with_padding([1; 2]).with_count_include_pad(true),
    )
}

/// The mean of each channel, `[n, k, h, w]` to `[n, k, 1, 1]`.
pub fn global_average_pool(x: Tensor<4>) -> Tensor<4> {
    adaptive_avg_pool2d(x, [1, 1])
}

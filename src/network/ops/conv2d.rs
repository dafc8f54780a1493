//! Two-dimensional convolutions.

use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Tensor};

use super::Loader;
use super::convolve::{convolve, convolve_and_finish};
use crate::Result;
use crate::error::error;
use crate::network::ReceptiveField;
use crate::network::outline::Extent;

/// A convolution without weights. The surrounding network sets the number of input channels.
///
/// ```
/// use cam_lucida::network::ops::Convolution;
///
/// let stem = Convolution::new(64, 7).stride(2);
/// assert_eq!(stem.outputs(3), 64);
/// assert_eq!(Convolution::depthwise(3).outputs(32), 32);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    channels: Channels,
    kernel: [usize; 2],
    stride: usize,
    padding: Padding,
    bias: bool,
}

/// Zeros around a picture.
#[derive(Debug, Clone, Copy)]
enum Padding {
    /// So many above and below, and left and right.
    Zeros([usize; 2]),
    /// As few as give `⌈side / stride⌉` places, as TensorFlow's `SAME` does: where their number is odd, one more below and right.
    TensorFlow,
}

/// How channels become channels.
#[derive(Debug, Clone, Copy)]
enum Channels {
    /// Each output sees all inputs of its group.
    Grouped { outputs: usize, groups: usize },
    /// Each channel by itself.
    Depthwise,
}

impl Convolution {
    /// To `outputs` channels through a `kernel`×`kernel` window: stride 1, padded to keep the size, no bias.
    pub const fn new(outputs: usize, kernel: usize) -> Self {
        Self::rectangular(outputs, [kernel; 2])
    }

    /// The same through a window of `kernel` rows and columns.
    pub const fn rectangular(outputs: usize, kernel: [usize; 2]) -> Self {
        let padding = [kernel[0] / 2, kernel[1] / 2];
        Self {
            channels: Channels::Grouped { outputs, groups: 1 },
            kernel,
            stride: 1,
            padding: Padding::Zeros(padding),
            bias: false,
        }
    }

    /// Each channel by itself, through a `kernel`×`kernel` window.
    pub const fn depthwise(kernel: usize) -> Self {
        Self { channels: Channels::Depthwise, ..Self::new(0, kernel) }
    }

    /// Moves the window by `stride` pixels.
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Convolves the channels in `groups` of their own.
    pub const fn groups(self, groups: usize) -> Self {
        match self.channels {
            Channels::Grouped { outputs, .. } => {
                Self { channels: Channels::Grouped { outputs, groups }, ..self }
            }
            Channels::Depthwise => self,
        }
    }

    /// Adds `padding` zeros on every side.
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: Padding::Zeros([padding; 2]), ..self }
    }

    /// Adds as many zeros as TensorFlow's `SAME` does: as few as give `⌈side / stride⌉` places, an odd one below and right.
    ///
    /// ```
    /// # use cam_lucida::burn::tensor::Tensor;
    /// # use cam_lucida::network::ops::{Conv2d, Convolution, Loader};
    /// # use cam_lucida::{Device, weights::Hashed};
    /// # let (device, mut weights) = (Device::cpu(), Hashed { classes: 2 });
    /// # let mut loader = Loader::new(&mut weights, device.tensors());
    /// let convolution = Convolution::new(8, 3).stride(2).padded_as_tensorflow();
    /// let stem = Conv2d::load(&mut loader, "stem", convolution, 3)?;
    /// let x = Tensor::zeros([1, 3, 32, 33], device.tensors());
    /// assert_eq!(stem.forward(x).dims(), [1, 8, 16, 17]);
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    pub const fn padded_as_tensorflow(self) -> Self {
        Self { padding: Padding::TensorFlow, ..self }
    }

    /// Adds a bias to each output channel.
    pub const fn bias(self) -> Self {
        Self { bias: true, ..self }
    }

    /// Channels that come out where `inputs` go in.
    pub const fn outputs(self, inputs: usize) -> usize {
        match self.channels {
            Channels::Grouped { outputs, .. } => outputs,
            Channels::Depthwise => inputs,
        }
    }

    /// Shape of its weight where `inputs` channels go in: `[outputs, inputs / groups, rows, columns]`.
    pub const fn weight_shape(self, inputs: usize) -> [usize; 4] {
        let [rows, columns] = self.kernel;
        [self.outputs(inputs), inputs / self.group_count(inputs), rows, columns]
    }

    /// By how many pixels the window moves, and its border of zeros in rows and columns; none where they are those of TensorFlow.
    pub(crate) const fn window(self) -> (usize, [usize; 2]) {
        match self.padding {
            Padding::Zeros(padding) => (self.stride, padding),
            Padding::TensorFlow => (self.stride, [0; 2]),
        }
    }

    /// What becomes of the sizes of a picture; `None` where the window does not fit.
    pub(in crate::network) fn pass(self, x: Extent) -> Option<Extent> {
        let channels = self.outputs(x.channels);
        let y = match self.padding {
            Padding::Zeros(padding) => x.windowed(self.kernel, self.stride, padding, false)?,
            Padding::TensorFlow => Extent { sides: x.sides.map(|side| side.div_ceil(self.stride)), ..x },
        };
        Some(Extent { channels, ..y })
    }

    /// What its window sees where each place of its input sees `x`. TensorFlow's padding is that of sides which the stride divides.
    pub(in crate::network) fn see(self, x: ReceptiveField) -> ReceptiveField {
        let before = match self.padding {
            Padding::Zeros(padding) => padding,
            Padding::TensorFlow => self.kernel.map(|side| side.saturating_sub(self.stride) / 2),
        };
        x.windowed(self.kernel, self.stride, before)
    }

    /// How many numbers its weight and its bias have, where so many channels go in.
    pub(in crate::network) fn numbers(self, inputs: usize) -> [usize; 2] {
        [self.weight_shape(inputs).iter().product(), if self.bias { self.outputs(inputs) } else { 0 }]
    }

    const fn group_count(self, inputs: usize) -> usize {
        match self.channels {
            Channels::Grouped { groups, .. } => groups,
            Channels::Depthwise => inputs,
        }
    }
}

/// A two-dimensional convolution.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::ops::{Conv2d, Convolution, Loader};
/// # use cam_lucida::Device;
/// # use cam_lucida::weights::Hashed;
/// # let (device, mut weights) = (Device::cpu(), Hashed { classes: 2 });
///
/// let mut loader = Loader::new(&mut weights, device.tensors());
/// let stem = Conv2d::load(&mut loader, "conv1", Convolution::new(64, 7).stride(2), 3)?;
/// let x = Tensor::zeros([1, 3, 32, 32], device.tensors());
/// assert_eq!(stem.forward(x).dims(), [1, 64, 16, 16]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone)]
pub struct Conv2d {
    /// `[outputs, inputs / groups, rows, columns]`.
    weight: Tensor<4>,
    /// `[outputs]`.
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: Padding,
    groups: usize,
}

impl Conv2d {
    /// Takes `{name}.weight` and, if the convolution has one, `{name}.bias`.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn load(loader: &mut Loader, name: &str, convolution: Convolution, inputs: usize) -> Result<Self> {
        let Convolution { stride, padding, bias, .. } = convolution;
        let (outputs, groups) = (convolution.outputs(inputs), convolution.group_count(inputs));
        if !inputs.is_multiple_of(groups) || !outputs.is_multiple_of(groups) {
            return Err(error!(
                Weights,
                "convolution-groups",
                "convolution `{name}` has {inputs} channels in and {outputs} out, which do not form {groups} groups",
                name,
                inputs,
                outputs,
                groups
            ));
        }
        let weight = loader.tensor(&format!("{name}.weight"), convolution.weight_shape(inputs))?;
        let bias = match bias {
            true => Some(loader.tensor(&format!("{name}.bias"), [outputs])?),
            false => None,
        };
        Ok(Self { weight, bias, stride, padding, groups })
    }

    /// `[n, inputs, h, w]` to `[n, outputs, h', w']`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let (x, padding) = self.padded(x);
        let y = convolve(x, self.weight.clone(), self.stride, padding, self.groups);
        match &self.bias {
            Some(bias) => y + bias.clone().reshape([1, bias.dims()[0], 1, 1]),
            None => y,
        }
    }

    /// The same, and then each channel by its bias, scale and shift, the rows of `parameters` `[3, outputs]`, within `bounds`:
    /// on the CPU, where nothing is on the tape. The bias is that of `parameters`.
    pub(super) fn forward_and_finish(
        &self,
        x: Tensor<4>,
        parameters: Tensor<2>,
        bounds: [f32; 2],
    ) -> Tensor<4> {
        let (x, padding) = self.padded(x);
        convolve_and_finish(x, self.weight.clone(), parameters, bounds, self.stride, padding, self.groups)
    }

    /// `[outputs]`.
    pub(super) fn bias(&self) -> Option<Tensor<1>> {
        self.bias.clone()
    }

    pub(super) fn outputs(&self) -> usize {
        self.weight.dims()[0]
    }

    pub(super) fn device(&self) -> Device {
        self.weight.device()
    }

    /// Whether its weight is learned.
    pub(super) fn is_autodiff(&self) -> bool {
        self.weight.is_autodiff()
    }

    /// `x`, and the zeros that are still to be added to all sides: with TensorFlow's padding, some sides get theirs here.
    fn padded(&self, x: Tensor<4>) -> (Tensor<4>, [usize; 2]) {
        if let Padding::Zeros(padding) = self.padding {
            return (x, padding);
        }
        let [_, _, rows, columns] = self.weight.dims();
        let [_, _, h, w] = x.dims();
        let zeros = [(h, rows), (w, columns)].map(|(side, window)| {
            let covered = (side.div_ceil(self.stride) - 1) * self.stride + window;
            covered.saturating_sub(side)
        });
        let [below, right] = zeros.map(|zeros| zeros % 2);
        let x = match (below, right) {
            (0, 0) => x,
            _ => x.pad((0, right, 0, below), PadMode::Constant(0.0)),
        };
        (x, zeros.map(|zeros| zeros / 2))
    }
}

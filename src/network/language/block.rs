//! What both networks of language look at a picture with: an encoder, and residual blocks that know where a pixel is.

use burn::tensor::Tensor;

use crate::Result;
use crate::network::Tap;
use crate::network::families::resnet::small_features;
use crate::network::module::LoadedSequence;
use crate::network::ops::{BatchNorm, Conv2d, Convolution, CoordConv, Linear, Loader};
use crate::network::tap::{add, multiply, repeat_rows};

/// Channels of the blocks.
pub const CHANNELS: usize = 64;
const COLOURS: usize = 3;
/// Factor of what is read: the middle of a thing, by which things are counted, is one pixel of some hundred.
const GAIN: f32 = 24.0;

/// The small ResNet to its last layer, and a 1×1 convolution from there, `stem`.
pub struct Encoder {
    features: LoadedSequence,
    stem: CoordConv,
}

impl Encoder {
    /// Takes the ResNet's tensors under their own names, and those of `stem`.
    pub fn load(loader: &mut Loader) -> Result<Self> {
        let (features, channels) = Self::features(loader)?;
        Ok(Self { features, stem: CoordConv::load(loader, "stem", channels, CHANNELS)? })
    }

    /// The ResNet alone, and how many channels its last layer has.
    pub fn features(loader: &mut Loader) -> Result<(LoadedSequence, usize)> {
        let mut channels = COLOURS;
        let features = small_features().load(loader, "", &mut channels)?;
        Ok((features, channels))
    }

    /// `[n, 3, h, w]` to `[n, CHANNELS, h / 8, w / 8]`.
    pub fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let x = self.features.forward(x, tap);
        tap.at("stem", x, |x, tap| tap.relu(self.stem.forward(x)))
    }
}

/// A residual block: `a = ReLU(conv1(x, coordinates))`, `x = a + ReLU((1 + γ)·bn(conv2(a)) + β)`.
pub struct Block {
    name: String,
    conv1: CoordConv,
    conv2: Conv2d,
    bn: BatchNorm,
    /// Gives `γ` and `β`.
    film: Option<Linear>,
}

/// `γ` and `β`, `[n, CHANNELS, 1, 1]`.
pub type Modulation = [Tensor<4>; 2];

impl Block {
    /// A block that is the same whatever is asked.
    pub fn load(loader: &mut Loader, name: String) -> Result<Self> {
        let bn = BatchNorm::load(loader, &format!("{name}.bn"), CHANNELS, BatchNorm::EPSILON)?;
        Self::with_norm(loader, name, bn)
    }

    /// A block that a question of `width` numbers modulates (FiLM: Perez 2018, <https://arxiv.org/abs/1709.07871>). Its
    /// normalisation has no `γ` and `β` of its own.
    pub fn load_modulated(loader: &mut Loader, name: String, width: usize) -> Result<Self> {
        let bn = BatchNorm::load_plain(loader, &format!("{name}.bn"), CHANNELS, BatchNorm::EPSILON)?;
        let film = Linear::load(loader, &format!("{name}.film"), width, 2 * CHANNELS)?;
        Ok(Self { film: Some(film), ..Self::with_norm(loader, name, bn)? })
    }

    fn with_norm(loader: &mut Loader, name: String, bn: BatchNorm) -> Result<Self> {
        let conv1 = CoordConv::load(loader, &format!("{name}.conv1"), CHANNELS, CHANNELS)?;
        let conv2 = Conv2d::load(loader, &format!("{name}.conv2"), Convolution::new(CHANNELS, 3), CHANNELS)?;
        Ok(Self { name, conv1, conv2, bn, film: None })
    }

    /// What questions `[n, width]` make of the block.
    pub fn modulation(&self, questions: Tensor<2>) -> Option<Modulation> {
        let n = questions.dims()[0];
        let both = self.film.as_ref()?.forward(questions);
        Some([0, CHANNELS].map(|at| both.clone().narrow(1, at, CHANNELS).reshape([n, CHANNELS, 1, 1])))
    }

    /// `[n, CHANNELS, h, w]` to the same shape. Where there are several modulations for each picture, as many rows come out,
    /// a picture's beside each other: what comes before them is computed once.
    pub fn forward(&self, x: Tensor<4>, modulation: Option<&Modulation>, tap: &mut Tap) -> Tensor<4> {
        tap.at(&self.name, x, |x, tap| {
            let a = tap.at("conv1", x, |x, _| self.conv1.forward(x));
            let a = tap.relu(a);
            let y = tap.at("conv2", a.clone(), |a, _| self.conv2.forward(a));
            let mut y = tap.at("bn", y, |y, _| self.bn.forward(y));
            if let Some([gamma, beta]) = modulation {
                let (rows, pictures) = (gamma.dims()[0], y.dims()[0]);
                y = repeat_rows(y, (rows / pictures).max(1));
                y = y * (gamma.clone() + 1.0) + beta.clone();
            }
            add(a, tap.relu(y))
        })
    }
}

/// What is read of values `[n, k, h, w]` through gates `[n, 1, h, w]`: `24 · gate ⊙ value`.
pub fn read(values: Tensor<4>, gates: Tensor<4>) -> Tensor<4> {
    multiply(values, gates) * GAIN
}

/// The mean of what was read, `[n, k, h, w]` to `[n, k]`, where it need not be kept.
pub fn glimpse(values: Tensor<4>, gates: Tensor<2>) -> Tensor<2> {
    let [n, k, h, w] = values.dims();
    let values = values.reshape([n, k, h * w]);
    values.matmul(gates.reshape([n, h * w, 1])).reshape([n, k]) * (GAIN / (h * w) as f32)
}

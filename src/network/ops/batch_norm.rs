//! Batch normalisation with its weights.

use burn::tensor::Tensor;

use super::{Loader, normalise};
use crate::Result;
use crate::network::Moments;

/// Batch normalisation (Ioffe 2015).
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::ops::{BatchNorm, Loader};
/// # use cam_lucida::Device;
/// # use cam_lucida::weights::Hashed;
/// # let (device, mut weights) = (Device::cpu(), Hashed { classes: 2 });
///
/// let mut loader = Loader::new(&mut weights, device.tensors());
/// let bn = BatchNorm::load(&mut loader, "bn1", 8, BatchNorm::EPSILON)?;
/// let BatchNorm::Running { shift, .. } = &bn else { panic!("no network is learning") };
/// let zeros = Tensor::zeros([1, 8, 1, 1], device.tensors());
/// assert_eq!(bn.forward(zeros).into_data(), shift.clone().into_data());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
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
    /// PyTorch's default `ε`.
    pub const EPSILON: f64 = 1e-5;

    /// Takes `{name}.weight`, `.bias`, `.running_mean` and `.running_var`, each `[channels]`.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn load(loader: &mut Loader, name: &str, channels: usize, epsilon: f64) -> Result<Self> {
        Self::load_with(loader, name, channels, epsilon, true)
    }

    /// Takes `{name}.running_mean` and `.running_var` alone, each `[channels]`: `γ = 1` and `β = 0`, PyTorch's
    /// `affine=False`.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn load_plain(loader: &mut Loader, name: &str, channels: usize, epsilon: f64) -> Result<Self> {
        Self::load_with(loader, name, channels, epsilon, false)
    }

    fn load_with(
        loader: &mut Loader,
        name: &str,
        channels: usize,
        epsilon: f64,
        affine: bool,
    ) -> Result<Self> {
        let parts = [("weight", 1.0), ("bias", 0.0)].map(|(part, plain)| (format!("{name}.{part}"), plain));
        if let Some(moments) = loader.moments(name, channels) {
            let mut tensor = |(name, plain): &(String, f32)| -> Result<Tensor<4>> {
                if affine {
                    Ok(loader.tensor(name, [channels])?.reshape([1, channels, 1, 1]))
                } else {
                    Ok(loader.per_channel(vec![*plain; channels]))
                }
            };
            let [gamma, beta] = [tensor(&parts[0])?, tensor(&parts[1])?];
            return Ok(Self::Batch { gamma, beta, moments, epsilon });
        }
        let mut values = |(name, plain): &(String, f32)| {
            if affine { loader.values(name, &[channels]) } else { Ok(vec![*plain; channels]) }
        };
        let [gamma, beta] = [values(&parts[0])?, values(&parts[1])?];
        let [gamma, beta, mean, variance] = [
            gamma,
            beta,
            loader.values(&format!("{name}.running_mean"), &[channels])?,
            loader.values(&format!("{name}.running_var"), &[channels])?,
        ]
        .map(|values| values.into_iter().map(f64::from).collect::<Vec<_>>());
        let scale: Vec<f64> = gamma
            .iter()
            .zip(&variance)
            .map(|(gamma, variance)| gamma / (variance + epsilon).sqrt())
            .collect();
        let moved = beta.iter().zip(mean.iter().zip(&scale));
        let shift = moved.map(|(beta, (mean, scale))| (beta - mean * scale) as f32).collect();
        let scale = scale.iter().map(|&scale| scale as f32).collect();
        Ok(Self::Running { scale: loader.per_channel(scale), shift: loader.per_channel(shift) })
    }

    /// `[n, k, h, w]` to the same shape.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Running { scale, shift } => normalise::scale(x, scale.clone(), shift.clone()),
            Self::Batch { gamma, beta, moments, epsilon } => {
                let [n, _, h, w] = x.dims();
                let [mean, variance] = normalise::moments(x.clone());
                let count = (n * h * w) as f64;
                let unbiased = variance.clone() * (count / (count - 1.0).max(1.0));
                moments.put(mean.clone().flatten(0, 3), unbiased.flatten(0, 3));
                normalise::normalise(x, [gamma.clone(), beta.clone()], [mean, variance], *epsilon)
            }
        }
    }
}

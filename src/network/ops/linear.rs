//! Fully connected layers.

use burn::tensor::module::linear;
use burn::tensor::{Device, Tensor};

use super::Loader;
use super::convolve::convolve;
use crate::Result;

/// A fully connected layer.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::ops::{Linear, Loader};
/// # use cam_lucida::Device;
/// # use cam_lucida::weights::Hashed;
/// # let (device, mut weights) = (Device::cpu(), Hashed { classes: 2 });
///
/// let mut loader = Loader::new(&mut weights, device.tensors());
/// let fc = Linear::load(&mut loader, "fc", 96, 10)?;
/// assert_eq!(fc.forward(Tensor::zeros([4, 96], device.tensors())).dims(), [4, 10]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Linear {
    /// Weight `[outputs, inputs]`, as PyTorch stores it, and bias `[outputs]`, of some outputs after others.
    parts: Vec<(Tensor<2>, Tensor<1>)>,
}

impl Linear {
    /// Most values of a part: 128 MiB, what any WebGPU device can bind as one buffer.
    const PART: usize = (128 << 20) / size_of::<f32>();

    /// Rows of the input up to which the weight is read anew for each: with more, a product of matrices takes less time.
    const VECTORS: usize = 4;

    /// Takes `{name}.weight` `[outputs, inputs]` and `{name}.bias` `[outputs]`.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn load(loader: &mut Loader, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        Self::load_with(loader, name, inputs, outputs, true)
    }

    /// The same; without `bias` there is only a weight.
    ///
    /// # Errors
    /// As `load`.
    pub fn load_with(
        loader: &mut Loader,
        name: &str,
        inputs: usize,
        outputs: usize,
        bias: bool,
    ) -> Result<Self> {
        if !bias {
            let weight = loader.tensor(&format!("{name}.weight"), [outputs, inputs])?;
            return Ok(Self { parts: vec![(weight, loader.upload(vec![0.0; outputs], [outputs]))] });
        }
        let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
        if inputs * outputs <= Self::PART {
            let part = (loader.tensor(&weight, [outputs, inputs])?, loader.tensor(&bias, [outputs])?);
            return Ok(Self { parts: vec![part] });
        }
        let weight = loader.values(&weight, &[outputs, inputs])?;
        let bias = loader.values(&bias, &[outputs])?;
        let rows = (Self::PART / inputs).max(1);
        let parts = weight.chunks(rows * inputs).zip(bias.chunks(rows)).map(|(weight, bias)| {
            let weight = loader.upload(weight.to_vec(), [bias.len(), inputs]);
            (weight, loader.upload(bias.to_vec(), [bias.len()]))
        });
        Ok(Self { parts: parts.collect() })
    }

    /// `[n, inputs]` to `[n, outputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        // A matrix by each of a few vectors, which our kernels multiply without laying the matrix out.
        let are_vectors = x.dims()[0] <= Self::VECTORS && x.device() == Device::flex();
        let part = |(weight, bias): &(Tensor<2>, Tensor<1>)| {
            if !are_vectors {
                return linear(x.clone(), weight.clone().transpose(), Some(bias.clone()));
            }
            let ([outputs, inputs], [n, _]) = (weight.dims(), x.dims());
            let weight = weight.clone().reshape([outputs, inputs, 1, 1]);
            let sums = convolve(x.clone().reshape([n, inputs, 1, 1]), weight, 1, [0; 2], 1);
            sums.reshape([n, outputs]) + bias.clone().reshape([1, outputs])
        };
        Tensor::cat(self.parts.iter().map(part).collect(), 1)
    }

    /// How many numbers come out.
    pub fn outputs(&self) -> usize {
        self.parts.iter().map(|(_, bias)| bias.dims()[0]).sum()
    }

    /// `[outputs, inputs]`.
    pub fn weight(&self) -> Tensor<2> {
        Tensor::cat(self.parts.iter().map(|(weight, _)| weight.clone()).collect(), 0)
    }
}

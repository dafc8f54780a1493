//! Where layers get their numbers.

use burn::tensor::{Device, Tensor};

use crate::Result;
use crate::error::error;
use crate::network::{Moments, Parameters};
use crate::read_back::upload;

/// Builds layers on a device from a source of parameters.
///
/// See the example of [`Conv2d`](super::Conv2d).
pub struct Loader<'a> {
    parameters: &'a mut dyn Parameters,
    device: &'a Device,
}

impl<'a> Loader<'a> {
    /// Takes tensors from `parameters` and puts them on `device`.
    pub fn new(parameters: &'a mut dyn Parameters, device: &'a Device) -> Self {
        Self { parameters, device }
    }

    /// Constants `[1, k, 1, 1]`, one for each channel.
    pub fn per_channel(&self, values: Vec<f32>) -> Tensor<4> {
        let shape = [1, values.len(), 1, 1];
        self.upload(values, shape)
    }

    /// Tensor `name` of `shape` on the device.
    pub(in crate::network) fn tensor<const D: usize>(
        &mut self,
        name: &str,
        shape: [usize; D],
    ) -> Result<Tensor<D>> {
        check_filled(name, &shape)?;
        let flat = self.parameters.tensor(name, &shape, self.device)?;
        Ok(if flat.dims() == [1] { flat.reshape([1; D]).expand(shape) } else { flat.reshape(shape) })
    }

    /// The values of tensor `name`, row-major. A network that is only described gets a single one in place of an axis.
    pub(super) fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        check_filled(name, shape)?;
        self.parameters.take(name, shape)
    }

    /// Values of `shape` on the device.
    pub(super) fn upload<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        upload(values, shape, self.device)
    }

    /// As [`Parameters::shape`].
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.parameters.shape(name)
    }

    /// As [`Parameters::rows`].
    pub(in crate::network) fn rows(&self, name: &str) -> Result<usize> {
        self.parameters.rows(name)
    }

    /// As [`Parameters::moments`].
    pub(super) fn moments(&mut self, name: &str, channels: usize) -> Option<Moments> {
        self.parameters.moments(name, channels)
    }
}

/// Checks that a tensor has numbers: a size that a weight file tells may become 0.
fn check_filled(name: &str, shape: &[usize]) -> Result<()> {
    if !shape.contains(&0) {
        return Ok(());
    }
    Err(error!(
        Weights,
        "tensor-empty",
        "tensor `{name}` would have the shape {shape} by the sizes of the other tensors; a network has no side of 0",
        name,
        shape = format!("{shape:?}")
    ))
}

//! Numbers that go to the device; and those that leave it: read back, and checked.

use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{Device, Tensor, TensorData};

use crate::Result;
use crate::error::error;

/// The tensor of `values`, row-major. Burn's own way converts them where they are of another type than the device computes with, from any
/// type to any other, which would be a twentieth of the page's engine.
pub fn upload<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_from_data(TensorData::new(values, shape), device.as_dispatch()))
}

/// Reads a tensor back from its device.
///
/// # Errors
/// [`is_device`](crate::Error::is_device) when the device fails.
pub async fn read(tensor: Tensor<1>) -> Result<Vec<f32>> {
    let failed = |cause: &dyn std::fmt::Display| {
        error!(Device, "read-back", "the device failed while computing: {cause}", cause)
    };
    let data = tensor.into_data_async().await.map_err(|cause| failed(&cause))?;
    data.try_to_vec().map_err(|cause| failed(&cause))
}

/// Checks that every value is finite.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when one is not: a device that works gives what the weights make of the input.
pub fn check_finite(values: &[f32], what: &str) -> Result<()> {
    match values.iter().find(|value| !value.is_finite()) {
        None => Ok(()),
        Some(value) => Err(error!(
            Weights,
            "not-finite",
            "the network's {what} are not all finite ({value}), so the result is withheld; the weights or the device are at fault",
            what,
            value
        )),
    }
}

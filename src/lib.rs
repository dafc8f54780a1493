//! CAM Lucida explains what a convolutional network saw: it takes a picture, a network with weights and a class,
//! and returns heatmaps. The same numerics serve a static web page and a command line.
#![deny(missing_docs)]

pub mod cam;
pub mod device;
mod error;
pub mod explain;
pub mod measure;
pub mod network;
pub mod picture;
mod problem;
pub mod render;
#[cfg(feature = "train")]
pub mod scenes;
#[cfg(feature = "train")]
pub mod train;
pub mod weights;

pub use device::Device;
pub use error::{Error, Result};
pub use explain::{Explanation, Heatmap, Input, Model, Request, Scores, Session};
pub use problem::Problem;

use burn::tensor::Tensor;

/// The version of Burn that computes, for reports.
pub const BURN_VERSION: &str = "0.22.1";

/// Reads a tensor back from its device.
async fn read(tensor: Tensor<1>) -> Result<Vec<f32>> {
    let failed =
        |error: &dyn std::fmt::Display| Error::device(format!("the device failed while computing: {error}"));
    let data = tensor.into_data_async().await.map_err(|error| failed(&error))?;
    data.try_to_vec().map_err(|error| failed(&error))
}

/// Checks that every value is finite.
fn finite(values: &[f32], what: &str) -> Result<()> {
    match values.iter().find(|value| !value.is_finite()) {
        None => Ok(()),
        Some(value) => Err(Error::device(format!(
            "the network's {what} are not all finite ({value}), so there is no heatmap; the weights or the device are at fault"
        ))),
    }
}

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
pub mod random;
mod read_back;
pub mod render;
#[cfg(feature = "train")]
pub mod scenes;
mod size;
#[cfg(feature = "train")]
pub mod train;
pub mod weights;

pub use device::Device;
pub use error::{Error, ErrorKind, Result};
pub use explain::{Explanation, Heatmap, Input, Model, ModelFile, Request, Scores};
pub use problem::Problem;
pub use size::Size;

/// The version of Burn that computes, for reports.
pub const BURN_VERSION: &str = "0.22.1";

//! CAM Lucida explains what a convolutional network saw. It takes a picture, a network with weights and a class, and returns
//! heatmaps. A web page and a command line are built on this library.
//!
//! ```
//! use cam_lucida::picture::{Picture, Preprocess};
//! use cam_lucida::render::Style;
//! use cam_lucida::weights::Card;
//! use cam_lucida::{Device, Model, Request};
//!
//! # pollster::block_on(async {
//! let config = std::fs::read_to_string("models/resnet-scenes/config.json")?;
//! let preprocessor = std::fs::read_to_string("models/resnet-scenes/preprocessor_config.json")?;
//! let weights = std::fs::read("models/resnet-scenes/model.safetensors")?;
//! let model = Model::load(&Device::cpu(), Card::read(&config, Some(&preprocessor))?, weights).await?;
//!
//! let picture = Picture::decode(&std::fs::read("src/bin/cam-lucida/sample.png")?)?;
//! let input = model.input(&picture, Preprocess::Squash)?;
//! let explanation = model.explain(&input, &Request::default()).await?; // Grad-CAM of the predicted class
//!
//! let heatmap = &explanation.heatmaps[0];
//! let view = model.preprocessor().view(&picture, Preprocess::Squash);
//! let overlay = heatmap.draw(&view, &Style::default()).await?;
//! println!("{:?}: {} bytes of PNG", model.name(&heatmap.class), overlay.to_png().len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! A [`Model`] lives on a [`Device`] and explains an [`Input`]. A [`Request`] names layers, classes and methods of
//! [`cam::METHODS`]; networks are those of [`network::NETWORKS`]. [`measure`] tells how good a heatmap is. A [`QuestionModel`]
//! answers questions about pictures, a [`CaptionModel`] describes them; each answer and each word has its heatmap.
#![deny(missing_docs)]

pub mod cam;
pub mod device;
mod error;
pub mod explain;
mod kernels;
pub mod measure;
pub mod network;
pub mod picture;
mod printable;
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
mod words;

pub use burn;
pub use device::Device;
pub use error::{Error, ErrorKind, Note, Result};
pub use explain::{
    Activations, CaptionModel, ChannelActivation, Decomposition, Explanation, Heatmap, Input, LayerProfile,
    Model, ModelFile, Parts, PhraseExplanation, Profile, QuestionModel, Request, Scores,
};
pub use kernels::threads;
#[cfg(target_arch = "wasm32")]
pub use kernels::{lend_relaxed, lend_threads};
pub use printable::printable;
pub use problem::Problem;
pub use size::Size;

/// The version of Burn that computes, for reports.
pub const BURN_VERSION: &str = "0.22.1";

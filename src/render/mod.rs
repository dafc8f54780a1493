//! From a raw map to a picture: upsampled, normalised, coloured and laid over what the network saw.
//!
//! Twice the same picture: [`overlay`] on the CPU, [`gpu::Renderer`] on the wgpu device that Burn computes on.

mod colormap;
pub mod gpu;
mod overlay;
mod style;
mod tables;

pub use colormap::Colormap;
pub use overlay::{overlay, upsample};
pub use style::{Formula, Style};

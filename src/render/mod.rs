//! From a raw map to a picture: upsampled, normalised, coloured and laid over what the network saw.
//!
//! Twice the same picture: [`overlay`] on the CPU, [`gpu::Renderer`] on the wgpu device that Burn computes on.
//! What shows the raw values as they are, [`raw`] draws.

mod colormap;
pub mod gpu;
mod overlay;
mod raw;
mod style;
mod tables;

pub use colormap::Colormap;
pub use overlay::{normalise, overlay, upsample};
pub use raw::raw;
pub use style::{Formula, Style};

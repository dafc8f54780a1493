//! The message of how long a network's layers take.

use cam_lucida::{LayerProfile, Profile};
use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;

/// How long a network takes for one picture on the CPU, layer by layer. Times are in milliseconds.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Profiled {
    pub layers: Vec<LayerProfiled>,
    /// A whole forward pass.
    pub forward: f64,
    /// A whole backward pass, to the picture.
    pub backward: f64,
    /// Floating-point operations a second of the engine's own product of matrices, in the caches.
    pub peak: f64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct LayerProfiled {
    pub name: String,
    /// Channels, rows and columns of the output.
    pub output: [usize; 3],
    /// Floating-point operations of a convolution or linear layer, forward; backward there are as many. 0 for others.
    pub flops: usize,
    /// Bytes that are read and written at least.
    pub bytes: usize,
    pub forward: f64,
    pub backward: f64,
}

impl From<Profile> for Profiled {
    fn from(Profile { layers, forward, backward, peak }: Profile) -> Self {
        let layers = layers.into_iter().map(LayerProfiled::from).collect();
        Self { layers, forward: 1e3 * forward, backward: 1e3 * backward, peak }
    }
}

impl From<LayerProfile> for LayerProfiled {
    fn from(LayerProfile { name, output, flops, bytes, forward, backward }: LayerProfile) -> Self {
        Self { name, output, flops, bytes, forward: 1e3 * forward, backward: 1e3 * backward }
    }
}

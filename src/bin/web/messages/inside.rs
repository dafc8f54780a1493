//! Messages of what a layer puts out.

use cam_lucida::network::{Reach, ReceptiveField};
use cam_lucida::{Activations, Size};
use serde::{Deserialize, Serialize};
#[cfg(test)]
use ts_rs::TS;

use super::numbers;

/// Which layer is looked at.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct LookInside {
    pub preprocess: String,
    pub layer: String,
}

/// What a layer puts out.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Sheet {
    pub layer: String,
    pub channels: usize,
    /// Rows of `data` for each channel, of means of `block`×`block` places.
    pub height: usize,
    /// The same, columns.
    pub width: usize,
    pub block: usize,
    /// Rows of the layer itself.
    pub rows: usize,
    /// The same, columns.
    pub columns: usize,
    /// `[channels, height, width]`, row by row.
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub data: Vec<f32>,
    /// Of all places of each channel, and so of the next ones.
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub min: Vec<f32>,
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub max: Vec<f32>,
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub mean: Vec<f32>,
    /// Row and column where each channel is highest.
    pub peaks: Vec<[usize; 2]>,
    /// Rows and columns of the network's input.
    pub input: [usize; 2],
    /// Which rows and columns of the input places see; `null`: the network does not tell.
    pub field: Option<[Seen; 2]>,
}

/// What places see on one axis, in pixels of the input.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Seen {
    /// The first pixel that place 0 sees; beyond the border where it is below 0.
    pub first: isize,
    pub last: isize,
    /// Pixels from one place to the next.
    pub step: usize,
}

impl Sheet {
    /// `input` is the size of what the network was shown.
    pub fn new(found: Activations, input: Size) -> Self {
        let Activations { layer, size, block, sheet, values, channels, field } = found;
        Self {
            layer,
            channels: channels.len(),
            height: sheet.height,
            width: sheet.width,
            block,
            rows: size.height,
            columns: size.width,
            data: values,
            min: channels.iter().map(|channel| channel.min).collect(),
            max: channels.iter().map(|channel| channel.max).collect(),
            mean: channels.iter().map(|channel| channel.mean).collect(),
            peaks: channels.iter().map(|channel| channel.peak).collect(),
            input: [input.height, input.width],
            field: field.map(|ReceptiveField { rows, columns }| [rows, columns].map(Seen::from)),
        }
    }
}

impl From<Reach> for Seen {
    fn from(Reach { first, last, step }: Reach) -> Self {
        Self { first, last, step }
    }
}

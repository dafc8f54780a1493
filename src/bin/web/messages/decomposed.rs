//! The message of what a map is made of.

use serde::{Serialize, Serializer};
#[cfg(test)]
use ts_rs::TS;

use super::{Explained, numbers};

/// An explanation that the engine keeps, and what its one map is made of: `ReLU(Σ_k w_k A_k)`.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Decomposed {
    pub explained: Explained,
    pub parts: Parts,
}

/// Numbers of a layer of `k` channels whose map has `height` rows and `width` columns, row by row.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Parts {
    /// `A`: `[k, height, width]`.
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub activations: Vec<f32>,
    /// `g`, as many; `null` of a method that looks at no gradients.
    #[serde(serialize_with = "numbers_if_any")]
    #[cfg_attr(test, ts(type = "Float32Array | null"))]
    pub gradients: Option<Vec<f32>>,
    /// `w`: a number for each channel; or as many as activations, where each pixel has its own.
    #[serde(serialize_with = "numbers")]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub weights: Vec<f32>,
}

impl From<cam_lucida::Parts> for Parts {
    fn from(cam_lucida::Parts { activations, gradients, weights }: cam_lucida::Parts) -> Self {
        Self { activations, gradients, weights }
    }
}

fn numbers_if_any<S: Serializer>(values: &Option<Vec<f32>>, serializer: S) -> Result<S::Ok, S::Error> {
    match values {
        Some(values) => numbers(values, serializer),
        None => serializer.serialize_none(),
    }
}

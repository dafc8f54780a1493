//! The records that `result.json` and `measure.json` share.

use std::collections::BTreeMap;

use cam_lucida::{Explanation, Model, Request, Scores};
use serde::Serialize;

use crate::inputs::Prepared;

/// What was explained, by what and where.
#[derive(Serialize)]
pub struct RunRecord {
    network: &'static str,
    layers: Vec<String>,
    merge: &'static str,
    target: String,
    preset: Option<String>,
    settings: BTreeMap<String, f64>,
    smooth: bool,
    preprocess: &'static str,
    device: String,
    versions: Versions,
}

#[derive(Serialize)]
struct Versions {
    #[serde(rename = "cam-lucida")]
    cam_lucida: &'static str,
    burn: &'static str,
}

/// A class with its name and its scores.
#[derive(Serialize)]
pub struct ClassRecord {
    id: usize,
    name: Option<String>,
    logit: f32,
    probability: f32,
}

impl RunRecord {
    pub fn new(prepared: &Prepared, request: &Request, explanation: &Explanation) -> Self {
        let settings = request.settings.iter().map(|(name, value)| (name.to_string(), value));
        Self {
            network: prepared.model.architecture().name,
            layers: explanation.layers.clone(),
            merge: request.merge.into(),
            target: explanation.target.to_string(),
            preset: request.preset.clone(),
            settings: settings.collect(),
            smooth: request.smooth,
            preprocess: prepared.preprocess_name(),
            device: prepared.model.device().name().to_string(),
            versions: Versions { cam_lucida: env!("CARGO_PKG_VERSION"), burn: cam_lucida::BURN_VERSION },
        }
    }
}

impl ClassRecord {
    pub fn new(model: &Model, scores: &Scores, id: usize) -> Self {
        let (logit, probability) = (scores.logits[id], scores.probabilities[id]);
        Self { id, name: model.label(id).map(String::from), logit, probability }
    }
}

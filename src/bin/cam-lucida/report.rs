//! The records that `result.json` and `measure.json` share.

use std::collections::BTreeMap;

use cam_lucida::cam::ClassSum;
use cam_lucida::{Model, Note, Problem, Request, Scores};
use serde::Serialize;
use serde_json::{Map, Value, json};

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
    /// What had to be assumed of the network, and what was done with the picture.
    notes: Vec<NoteRecord>,
    versions: Versions,
}

/// What had to be assumed, since no weight file tells it; or what was done with the picture.
#[derive(Serialize)]
pub struct NoteRecord {
    code: &'static str,
    message: String,
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
    /// A number; a list of those that add up.
    id: ClassSum,
    name: Option<String>,
    logit: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f32>,
    /// Of a network that gives values, in place of a probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f32>,
}

impl RunRecord {
    /// Of what was explained at `layers`.
    pub fn new(prepared: &Prepared, request: &Request, layers: Vec<String>) -> Self {
        Self {
            network: prepared.model.architecture().name,
            layers,
            merge: request.merge.into(),
            target: request.target.to_string(),
            preset: request.preset.clone(),
            settings: settings(request),
            smooth: request.smooth,
            preprocess: prepared.preprocess_name(),
            device: prepared.model.device().name().to_string(),
            notes: notes(prepared),
            versions: Versions { cam_lucida: env!("CARGO_PKG_VERSION"), burn: cam_lucida::BURN_VERSION },
        }
    }
}

/// What had to be assumed of the network, and what was done with the picture.
pub fn notes(prepared: &Prepared) -> Vec<NoteRecord> {
    prepared.model.notes().iter().chain(&prepared.notes).map(NoteRecord::new).collect()
}

/// What maps depend on beside model and picture, by name.
pub fn request_options(request: &Request) -> Map<String, Value> {
    let classes: Vec<String> = request.classes.iter().map(ClassSum::to_string).collect();
    let methods: Vec<&str> = request.methods.iter().map(|method| method.name).collect();
    let merge: &'static str = request.merge.into();
    object([
        ("layers", json!(request.layers)),
        ("merge", merge.into()),
        ("smooth", request.smooth.into()),
        ("class_id", json!(classes)),
        ("methods", json!(methods)),
        ("target", request.target.to_string().into()),
        ("preset", json!(request.preset)),
        ("settings", json!(settings(request))),
    ])
}

fn settings(request: &Request) -> BTreeMap<String, f64> {
    request.settings.iter().map(|(name, value)| (name.to_string(), value)).collect()
}

/// An object of JSON with these names and values.
pub fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.map(|(name, value)| (name.into(), value)).into_iter().collect()
}

impl NoteRecord {
    pub fn new(note: &Note) -> Self {
        Self { code: note.code(), message: note.to_string() }
    }
}

impl ClassRecord {
    pub fn new(model: &Model, scores: &Scores, id: &ClassSum) -> Self {
        let score = scores.probability(id);
        let (probability, value) = match model.problem() {
            Problem::Value => (None, Some(score)),
            _ => (Some(score), None),
        };
        Self { id: id.clone(), name: model.name(id), logit: scores.logit(id), probability, value }
    }
}

/// A probability in percent, for people; of a network that gives values, the value. `digits` follow the point.
pub fn told(problem: Problem, score: f32, digits: usize) -> String {
    match problem {
        Problem::Value => format!("{score:.digits$}"),
        _ => format!("{:.digits$} %", 100.0 * score),
    }
}

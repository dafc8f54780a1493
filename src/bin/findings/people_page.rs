//! What the page shows of the people: pictures of some, and the figures of many.

use std::path::Path;

use cam_lucida::scenes::World;
use cam_lucida::train::HELD_OUT;
use serde_json::{Map, json};

use crate::Failure;
use crate::bias::{self, Crowd, HAIR, PeopleResults, TOOL};
use crate::estimate::Sample;

/// The series of the pictures: others than those that are measured.
const SEED: u64 = HELD_OUT + 2;
/// Each label with each length of hair twice, since every four in a row have all of these.
const PICTURES: u64 = 8;
const SIDE: u32 = 192;

/// Writes `person-0.png` and on, and `index.json`, into `folder`.
pub fn write_pictures(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let world = bias::people();
    let names = world.classes();
    let mut entries = Vec::new();
    for index in 0..PICTURES {
        let scene = world.scene(SEED, index, SIDE);
        let file = format!("person-{index}.png");
        crate::write(&folder.join(&file), scene.picture.to_png())?;
        let label = names[scene.labels[0]];
        let hair = if bias::is_long_haired(&scene) { "long" } else { "short" };
        let tool = if label == "nurse" { "syringe" } else { "stethoscope" };
        entries.push(json!({ "file": file, "label": label, "hair": hair, "tool": tool }));
    }
    write(folder, "index.json", &json!({ "pictures": entries }))
}

/// Writes `figures.json` into `folder`: of each network the share of people that it is right about, and where the
/// energy of its maps lies; and what share of the picture hair and tool cover.
pub fn write_figures(folder: &Path, crowd: &Crowd, people: &[PeopleResults]) -> Result<(), Failure> {
    let mean = |sample: &Sample| sample.estimate().map(|estimate| (estimate.mean * 1e4).round() / 1e4);
    let mut models = Map::new();
    for found in people {
        let [hair, tool] = [HAIR, TOOL].map(|part| mean(&found.energy[part]));
        let figures = json!({ "accuracy": mean(&found.right), "hair": hair, "tool": tool });
        models.insert(found.trained.recipe.name.into(), figures);
    }
    let areas = crowd.areas()?;
    let [hair, tool] = [HAIR, TOOL].map(|part| mean(&areas[part]));
    let parts = json!({ "hair": hair, "tool": tool });
    write(folder, "figures.json", &json!({ "scenes": crowd.len(), "models": models, "parts": parts }))
}

fn write(folder: &Path, name: &str, value: &serde_json::Value) -> Result<(), Failure> {
    crate::write(&folder.join(name), serde_json::to_string_pretty(value)? + "\n")
}

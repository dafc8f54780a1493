//! Writes what the browser tests need into the folder given: a small network's weights, a picture, and the native
//! overlays that the page must draw too; and the network that sees colours, with its scene and labels.

#[path = "../common/mod.rs"]
mod common;

use std::path::Path;

use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::{Formula, Style};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Model, Request};
use common::weight_file::WeightFile;
use common::{colours, torch_file};
use strum::VariantArray;

const CLASSES: usize = 10;
const CLASS: usize = 4;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: browser-fixtures FOLDER")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let architecture = Architecture::named("mobilenet_v2_x0_25")?;
    let file = WeightFile::hashed(architecture, CLASSES);
    let weights = file.bytes();
    std::fs::write(folder.join("small.safetensors"), &weights)?;
    let tensors: Vec<_> = file.0.into_iter().map(|entry| (entry.name, entry.shape, entry.values)).collect();
    std::fs::write(folder.join("small.pth"), torch_file::zipped(&tensors))?;
    std::fs::write(folder.join("small-legacy.pth"), torch_file::legacy(&tensors))?;
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures/photo.png");
    let photo = std::fs::read(photo)?;
    std::fs::write(folder.join("picture.png"), &photo)?;

    std::fs::write(folder.join("colours.safetensors"), colours::weights())?;
    std::fs::write(folder.join("colours.txt"), colours::CLASSES.join("\n"))?;
    std::fs::write(folder.join("colours.png"), colours::scene().to_png())?;

    let picture = Picture::decode(&photo)?;
    let model = pollster::block_on(Model::load(&Device::cpu(), Card::new(architecture), weights))?;
    let input = model.input(&picture, Preprocess::Squash)?;
    let view = model.preprocessor().view(&picture, Preprocess::Squash);
    let request = Request { classes: vec![CLASS.into()], ..Request::default() };
    let explanation = pollster::block_on(model.explain(&input, &request))?;
    let heatmap = &explanation.heatmaps[0];
    assert!(!heatmap.is_flat(), "a flat map would compare nothing");
    for &formula in Formula::VARIANTS {
        let style = Style { formula, ..Style::default() };
        let drawn = pollster::block_on(heatmap.draw(&view, &style))?;
        std::fs::write(folder.join(format!("native-overlay-{formula}.png")), drawn.to_png())?;
    }
    Ok(())
}

//! Writes what the browser tests need into the folder given: a small network's weights, a picture, and the native
//! overlays that the page must draw too; what layers put out; and the network that sees colours, with its scene and labels.

#[path = "../common/mod.rs"]
mod common;

use std::path::Path;

use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::{Formula, Style};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Input, Model, Request};
use common::weight_file::WeightFile;
use common::{colours, torch_file};
use strum::VariantArray;

const CLASSES: usize = 10;
const CLASS: usize = 4;
/// A fine layer and the default one.
const LAYERS: [&str; 2] = ["features.0", "features.18"];

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

    let layers: Result<Vec<_>, _> = LAYERS.iter().map(|layer| activations(&model, &input, layer)).collect();
    std::fs::write(folder.join("activations.json"), serde_json::to_string(&layers?)?)?;
    Ok(())
}

/// What a layer puts out: what each channel is like, and the values of the first of them.
fn activations(model: &Model, input: &Input, layer: &str) -> cam_lucida::Result<serde_json::Value> {
    let found = pollster::block_on(model.activations(input, layer, usize::MAX))?;
    assert_eq!(found.block, 1, "every value is there");
    let channels = &found.channels;
    Ok(serde_json::json!({
        "layer": layer,
        "rows": found.size.height,
        "columns": found.size.width,
        "min": channels.iter().map(|channel| channel.min).collect::<Vec<_>>(),
        "max": channels.iter().map(|channel| channel.max).collect::<Vec<_>>(),
        "mean": channels.iter().map(|channel| channel.mean).collect::<Vec<_>>(),
        "values": found.values[..4 * found.size.area()],
    }))
}

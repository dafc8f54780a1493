//! Explains a picture with an embedded model: `cargo run --release --example explain -- [PICTURE [CLASS…]]`.
//! Writes the picture with a Grad-CAM heatmap for each class; by default, a sample scene and the predicted class.

use std::error::Error;
use std::path::Path;

use cam_lucida::cam::ClassSum;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::Style;
use cam_lucida::weights::Card;
use cam_lucida::{Device, Model, Request};

fn main() -> Result<(), Box<dyn Error>> {
    pollster::block_on(explain())
}

async fn explain() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().map_or_else(|| root.join("src/bin/cam-lucida/sample.png"), Into::into);
    let classes = arguments.map(|class| class.parse()).collect::<Result<Vec<ClassSum>, _>>()?;

    // A model's folder holds what is known of the network, how a picture becomes its input, and the weights.
    let folder = root.join("models/resnet-scenes");
    let config = std::fs::read_to_string(folder.join("config.json"))?;
    let preprocessor = std::fs::read_to_string(folder.join("preprocessor_config.json"))?;
    let weights = std::fs::read(folder.join("model.safetensors"))?;
    let card = Card::read(&config, Some(&preprocessor))?;
    let model = Model::load(&Device::cpu(), card, weights).await?;

    let picture = Picture::decode(&std::fs::read(file)?)?;
    let input = model.input(&picture, Preprocess::Squash)?;
    let explanation = model.explain(&input, &Request { classes, ..Request::default() }).await?;

    let view = model.preprocessor().view(&picture, Preprocess::Squash);
    for heatmap in &explanation.heatmaps {
        let name = model.name(&heatmap.class).unwrap_or("unnamed".into());
        let probability = explanation.scores.probability(&heatmap.class);
        let overlay = heatmap.draw(&view, &Style::default()).await?;
        let file = format!("overlay-{}.png", heatmap.class);
        std::fs::write(&file, overlay.to_png())?;
        println!("{file}: {name}, probability {probability:.3}");
    }
    Ok(())
}

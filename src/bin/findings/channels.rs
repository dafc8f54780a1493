//! What the channels of the default network's last layers answer to: a table and sheets of patches, which lie beside the model and
//! which the page shows.

use std::path::Path;

use cam_lucida::Device;
use cam_lucida::network::Network;
use cam_lucida::picture::Picture;
use cam_lucida::scenes::World;
use cam_lucida::train::{Dissection, HELD_OUT, Probe, RECIPES, Unit, write_index};
use cam_lucida::weights::Weights;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Failure;

/// The layers, and of each the sides of its patches: as much as counts there, in whole blocks of JPEG.
const LAYERS: [&str; 2] = ["layer3", "layer4"];
/// Rows and columns of a patch, in whole blocks of JPEG.
pub const PATCH: u32 = 32;
const TABLE: &str = "channels.json";
/// Of JPEG, so that all files together have at most 300 KB.
const QUALITY: u8 = 40;
/// How many things are listed that a channel answers to.
const LISTED: usize = 4;

/// How the channels are studied: on scenes that nothing else is measured on.
pub fn probe(scenes: usize, side: u32) -> Probe {
    Probe { seed: HELD_OUT + 3, scenes, side, top: 200, patches: 9, patch: PATCH }
}

/// Studies the default network of `models` and writes what was found beside it, and into the index.
pub fn study(models: &Path, world: &dyn World, scenes: usize) -> Result<(), Failure> {
    let recipe = &RECIPES[0];
    let (folder, probe, device) = (models.join(recipe.name), probe(scenes, recipe.side), Device::cpu());
    let file = folder.join("model.safetensors");
    let bytes =
        std::fs::read(&file).map_err(|error| format!("{} cannot be read ({error})", file.display()))?;
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let network = recipe.architecture()?.load(&mut Weights::read(bytes)?, device.tensors())?;
    let mut layers = Vec::new();
    for name in LAYERS {
        eprintln!("{}: {name}, {scenes} scenes", recipe.name);
        let found = Dissection::measure(network.as_ref(), world, name, &probe, device.tensors())?;
        let sheet = format!("channels-{name}.jpg");
        crate::write(&folder.join(&sheet), jpeg(&found.sheet(world, &probe))?)?;
        layers.push(layer(&found, network.as_ref(), world, &probe, &sheet, &device)?);
    }
    let Probe { seed, scenes, side, top, patch, .. } = probe;
    let table = json!({
        "weights": hash,
        "seed": seed,
        "scenes": scenes,
        "side": side,
        "top": top,
        "patch": patch,
        "layers": layers,
    });
    crate::write(&folder.join(TABLE), table.to_string() + "\n")?;
    Ok(write_index(models)?)
}

fn layer(
    found: &Dissection,
    network: &dyn Network,
    world: &dyn World,
    probe: &Probe,
    sheet: &str,
    device: &Device,
) -> Result<Value, Failure> {
    let kept = found.kept(network, world, probe, device.tensors())?;
    let chance: Vec<f64> = found.chance.iter().copied().map(rounded).collect();
    let units: Vec<Value> = found.units.iter().map(unit).collect();
    Ok(
        json!({ "name": found.layer, "sheet": sheet, "kept": rounded(kept), "chance": chance, "units": units }),
    )
}

fn unit(Unit { active, shown, patches }: &Unit) -> Value {
    let n: usize = shown.iter().map(|(_, count)| count).sum();
    let patches: Vec<Value> = patches
        .iter()
        .map(|patch| {
            json!([
                patch.scene,
                patch.place[0],
                patch.place[1],
                rounded(patch.activation.into()),
                patch.shown
            ])
        })
        .collect();
    let shown: Vec<_> = shown.iter().take(LISTED).collect();
    json!({ "active": rounded(*active), "n": n, "shown": shown, "patches": patches })
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn jpeg(picture: &Picture) -> Result<Vec<u8>, Failure> {
    let size = picture.size();
    let mut bytes = Vec::new();
    // Not with Huffman tables of its own: it writes a scan for each colour then, which `image` does not read.
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(picture.rgb(), u16::try_from(size.width)?, u16::try_from(size.height)?, ColorType::Rgb)?;
    Ok(bytes)
}

//! The network and the picture that the binary embeds, for a first try without files. The page opens with the same.

use cam_lucida::Result;
use cam_lucida::picture::Picture;
use cam_lucida::weights::Card;

/// The title of the default model in `models/index.json`.
pub const TITLE: &str = "Small ResNet";
const CONFIG: &str = include_str!("../../../models/resnet-scenes/config.json");
const PREPROCESSOR: &str = include_str!("../../../models/resnet-scenes/preprocessor_config.json");
const WEIGHTS: &[u8] = include_bytes!("../../../models/resnet-scenes/model.safetensors");
/// Painted by `scripts/sample.mjs`.
const SAMPLE: &[u8] = include_bytes!("sample.png");

/// What is known about the network beside its weights.
pub fn card() -> Result<Card> {
    Card::read(CONFIG, Some(PREPROCESSOR))
}

/// The network's weight file.
pub fn weight_file() -> Vec<u8> {
    WEIGHTS.to_vec()
}

/// A cat, a dog and a bicycle on a meadow.
pub fn sample() -> Result<Picture> {
    Picture::decode(SAMPLE)
}

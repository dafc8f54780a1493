//! The tensors of a weight file, under torchvision's names, and only those that the network uses.

use cam_lucida::Result;
use cam_lucida::network::Architecture;
use cam_lucida::network::Parameters;
use cam_lucida::weights::{Named, Weights};

/// Each of them, found to be finite.
pub fn of_file(bytes: Vec<u8>, architecture: &Architecture) -> Result<Named> {
    let mut weights = Weights::read(bytes)?;
    let blueprint = weights.fit(architecture)?;
    let tensors = blueprint.tensors.into_iter();
    tensors.map(|(name, shape)| weights.take(&name, &shape).map(|values| (name, (shape, values)))).collect()
}

/// Whether a file that was read is safetensors: the header behind its length is JSON, of which the others have nothing.
pub fn are_safetensors(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{')
}

//! The tensors of a weight file, under torchvision's names, and only those that the network uses.

use cam_lucida::Result;
use cam_lucida::network::{Architecture, Parameters};
use cam_lucida::weights::{Named, StatedHead, Weights};

/// All of them, checked to be finite. `head` is the network's, where a card states it.
pub fn read(mut weights: Weights, architecture: &Architecture, head: Option<StatedHead>) -> Result<Named> {
    if let Some(head) = head {
        weights.set_head(architecture, head)?;
    }
    let blueprint = weights.fit(architecture)?;
    let tensors = blueprint.tensors.into_iter();
    tensors.map(|(name, shape)| weights.take(&name, &shape).map(|values| (name, (shape, values)))).collect()
}

/// Whether the bytes of a weight file are safetensors: JSON follows eight bytes of length, unlike in PyTorch's formats.
pub fn is_safetensors(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{')
}

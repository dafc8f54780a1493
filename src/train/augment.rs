//! Augmentation: light, focus and grain, as cameras vary them.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Size;
use crate::picture::Picture;

/// `picture` a little darker or brighter, with more or less contrast, unsharp and grainy; the same for the same numbers.
pub fn augmented(picture: &Picture, seed: u64, index: u64) -> Picture {
    let mut random = ChaCha8Rng::seed_from_u64(!seed);
    random.set_stream(index);
    let brightness = random.random_range(-25.0..25.0_f32);
    let contrast = random.random_range(0.75..1.2_f32);
    let unsharp = random.random_bool(0.3).then(|| random.random_range(0.5..0.95));
    let grain = if random.random_bool(0.3) { random.random_range(0.0..12.0) } else { 0.0_f32 };
    let picture = match unsharp {
        None => picture.clone(),
        Some(scale) => {
            let Size { height, width } = picture.size();
            let smaller = |side: usize| (side as f32 * scale) as usize;
            let small = Size { height: smaller(height), width: smaller(width) };
            let small = picture.resize(picture.region(), small);
            small.resize(small.region(), picture.size())
        }
    };
    let values = picture.rgb().iter().map(|&value| {
        let shift = if grain > 0.0 { random.random_range(-grain..grain) } else { 0.0 };
        ((f32::from(value) - 128.0) * contrast + 128.0 + brightness + shift).clamp(0.0, 255.0) as u8
    });
    Picture::new(picture.size(), values.collect()).expect("as many bytes as before")
}

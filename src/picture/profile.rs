//! Colours of other spaces than sRGB, such as phones' Display P3, by the picture's ICC profile.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::tiff::TiffDecoder;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// The profile of a TIFF file. Once the decoder's memory is bound, it reads none that has more bytes than the pixels; until then, it
/// reads up to 1 MiB.
pub fn of_tiff(bytes: &[u8]) -> Option<Vec<u8>> {
    TiffDecoder::new(Cursor::new(bytes)).ok()?.icc_profile().ok()?
}

/// Brings `rgb` from the space of an ICC profile to sRGB, as a screen shows it. Tells whether it did: not for sRGB itself, and not for a
/// profile that is damaged or of no colours.
pub fn to_srgb(profile: &[u8], rgb: &mut [u8]) -> bool {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return false };
    if profile.color_space != DataColorSpace::Rgb {
        return false;
    }
    let options = TransformOptions { rendering_intent: profile.rendering_intent, ..Default::default() };
    let Ok(transform) =
        profile.create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, options)
    else {
        return false;
    };
    let changed = |from: &[u8], to: &mut [u8]| transform.transform(from, to).is_ok();
    // sRGB has many profiles, which differ by rounding.
    const ROUNDING: u8 = 2;
    let probes = probes();
    let mut shown = probes.clone();
    if !changed(&probes, &mut shown)
        || probes.iter().zip(&shown).all(|(probe, shown)| probe.abs_diff(*shown) <= ROUNDING)
    {
        return false;
    }
    // A part at a time: the pixels are not held twice.
    const PART: usize = 3 << 16;
    let mut part = vec![0; PART];
    for pixels in rgb.chunks_mut(PART) {
        let part = &mut part[..pixels.len()];
        if !changed(pixels, part) {
            return false;
        }
        pixels.copy_from_slice(part);
    }
    true
}

/// Colours all over the cube.
fn probes() -> Vec<u8> {
    let steps = || (0..=255).step_by(51);
    steps()
        .flat_map(|r| steps().flat_map(move |g| steps().flat_map(move |b| [r, g, b])))
        .map(|value: u32| value as u8)
        .collect()
}

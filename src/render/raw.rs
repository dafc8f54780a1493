//! The raw values of a map as a picture: what signed gradients look like.

use super::overlay::upsample;
use super::style::Formula;
use crate::picture::Picture;

/// Draws raw `values` `[c, h, w]` of `shape`, one channel in grey or three in colour, at `width`×`height` pixels, with
/// the contrast of `formula`: that of [`Formula::MinMax`], or of [`Formula::ZScore`]. A flat map is grey.
///
/// # Panics
/// If there are not `c * h * w` values, or not one or three channels.
pub fn raw(values: &[f32], shape: [usize; 3], (width, height): (u32, u32), formula: Formula) -> Picture {
    let [c, h, w] = shape;
    assert!(values.len() == c * h * w && (c == 1 || c == 3), "a map [c, h, w] of one or three channels");
    let (scale, offset) = contrast(values, formula);
    let plane = |plane: &[f32]| upsample(plane, (h, w), (height as usize, width as usize));
    let planes: Vec<Vec<f32>> = values.chunks_exact(h * w).map(plane).collect();
    let byte = |value: f32| ((value * scale + offset).clamp(0.0, 1.0) * 255.0).round() as u8;
    let pixels = 0..(width * height) as usize;
    let rgb = pixels.flat_map(|pixel| [0, 1, 2].map(|channel| byte(planes[channel % c][pixel])));
    Picture::new(width, height, rgb.collect()).expect("three values a pixel")
}

/// Factor and summand that bring the values to 0..1.
fn contrast(values: &[f32], formula: Formula) -> (f32, f32) {
    const GREY: f32 = 0.5;
    let (factor, from) = if formula == Formula::MinMax {
        let least = values.iter().copied().fold(f32::INFINITY, f32::min);
        let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        (most - least, least)
    } else {
        let count = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        let deviation = (10.0 * variance.sqrt()) as f32;
        (deviation, mean as f32 - GREY * deviation)
    };
    if factor > 0.0 { (1.0 / factor, -from / factor) } else { (0.0, GREY) }
}

//! The raw values of a map as a picture: what signed gradients look like.

use super::overlay::upsample;
use super::range;
use super::style::Formula;
use crate::Size;
use crate::picture::Picture;

/// Draws raw `values` `[c, h, w]` of `from`, three channels in colour, or the mean of any other number in grey, at the size
/// `to`, with the contrast of `formula`: that of [`Formula::MinMax`], or of [`Formula::ZScore`]. A flat map is grey.
pub(super) fn draw(values: &[f32], from: Size, to: Size, formula: Formula) -> Picture {
    let channels = values.len() / from.area().max(1);
    if channels != 1 && channels != 3 {
        let mean = |at| values.iter().skip(at).step_by(from.area()).sum::<f32>() / channels as f32;
        return draw(&(0..from.area()).map(mean).collect::<Vec<_>>(), from, to, formula);
    }
    let (scale, offset) = contrast(values, formula);
    let planes: Vec<Vec<f32>> =
        values.chunks_exact(from.area()).map(|plane| upsample(plane, from, to)).collect();
    let byte = |value: f32| ((value * scale + offset).clamp(0.0, 1.0) * 255.0).round() as u8;
    let pixels = 0..to.area();
    let rgb = pixels.flat_map(|pixel| [0, 1, 2].map(|channel| byte(planes[channel % planes.len()][pixel])));
    Picture::new(to, rgb.collect()).expect("three values a pixel")
}

/// Factor and summand that bring the values to 0..1.
fn contrast(values: &[f32], formula: Formula) -> (f32, f32) {
    const GREY: f32 = 0.5;
    let (factor, from) = if formula == Formula::MinMax {
        let (min, max) = range(values);
        (max - min, min)
    } else {
        let count = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        let deviation = (10.0 * variance.sqrt()) as f32;
        (deviation, mean as f32 - GREY * deviation)
    };
    if factor > 0.0 { (1.0 / factor, -from / factor) } else { (0.0, GREY) }
}

//! The overlay on the CPU; `overlay.wgsl` draws the same picture.

use super::style::{FADE, Formula, Style};
use super::{Colormap, range};
use crate::Size;
use crate::picture::Picture;

/// Lays the raw map `[h, w]` of `size` over `view`: bilinear upsampling with half-pixel centres, min-max to 0..1 (a flat
/// map stays zero), colour and mixture as `style` says.
pub(super) fn draw(view: &Picture, map: &[f32], size: Size, style: &Style) -> Picture {
    let normalised = normalise(upsample(map, size, view.size()));
    let table = style.colormap.table();
    let shown = |m: f32| {
        if style.threshold > 0.0 { ((m - style.threshold) / FADE).clamp(0.0, 1.0) } else { 1.0 }
    };
    let mut values = vec![0.0; view.rgb().len()];
    let pixels = view.rgb().as_chunks::<3>().0.iter().zip(&normalised);
    for (value, (pixel, &m)) in values.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        let picture = pixel.map(|byte| f32::from(byte) / 255.0);
        let (colour, shown) = (colour(&table, m), shown(m));
        let mix = |weight: f32| [0, 1, 2].map(|c| (1.0 - weight) * picture[c] + weight * colour[c]);
        *value = match style.formula {
            Formula::Blend => mix(style.opacity * shown),
            Formula::MaskWeighted => mix(style.opacity * m * shown),
            Formula::Seed => [0, 1, 2].map(|c| picture[c] + shown * colour[c]),
            _ => colour.map(|c| c * shown),
        };
    }
    if style.formula == Formula::Seed {
        values = normalise(values);
    }
    // Rounded: no value is negative, and in WebAssembly `round` is a call.
    let bytes = values.iter().map(|value| (value * 255.0 + 0.5) as u8);
    Picture::new(view.size(), bytes.collect()).expect("a view has three values a pixel")
}

/// Resizes a map bilinearly with half-pixel centres, edges repeated (`align_corners = false`).
///
/// ```
/// use cam_lucida::{Size, render::upsample};
///
/// let [from, to] = [2, 4].map(|width| Size { height: 1, width });
/// assert_eq!(upsample(&[0.0, 1.0], from, to), [0.0, 0.25, 0.75, 1.0]);
/// ```
///
/// # Panics
/// If the map has not as many values as `from` has pixels, or none.
pub fn upsample(map: &[f32], from: Size, to: Size) -> Vec<f32> {
    assert!(!map.is_empty() && map.len() == from.area(), "a map [h, w] has h * w values");
    let (rows, columns) = (samples(from.height, to.height), samples(from.width, to.width));
    let pixel = |(top, bottom, down): &(usize, usize, f32), (left, right, across): &(usize, usize, f32)| {
        let row =
            |y: usize| map[y * from.width + left] * (1.0 - across) + map[y * from.width + right] * across;
        row(*top) * (1.0 - down) + row(*bottom) * down
    };
    rows.iter().flat_map(|row| columns.iter().map(move |column| pixel(row, column))).collect()
}

/// For each of `to` positions: the two neighbours among `from`, and how far it is towards the second.
fn samples(from: usize, to: usize) -> Vec<(usize, usize, f32)> {
    let scale = from as f32 / to as f32;
    let sample = |i: usize| {
        let at = ((i as f32 + 0.5) * scale - 0.5).clamp(0.0, (from - 1) as f32);
        let first = at as usize;
        (first, (first + 1).min(from - 1), at - first as f32)
    };
    (0..to).map(sample).collect()
}

/// Brings values to 0..1, from the smallest to the largest; those of a flat map become zero.
///
/// ```
/// assert_eq!(cam_lucida::render::normalise(vec![2.0, 3.0, 4.0]), [0.0, 0.5, 1.0]);
/// ```
pub fn normalise(mut values: Vec<f32>) -> Vec<f32> {
    let (min, max) = range(&values);
    let scale = if max > min { 1.0 / (max - min) } else { 0.0 };
    for value in &mut values {
        *value = (*value - min) * scale;
    }
    values
}

/// The colour at `m`, between the table's steps.
fn colour(table: &[[f32; 3]; Colormap::STEPS], m: f32) -> [f32; 3] {
    let at = m.clamp(0.0, 1.0) * (Colormap::STEPS - 1) as f32;
    let first = (at as usize).min(Colormap::STEPS - 2);
    let (a, b, share) = (table[first], table[first + 1], at - first as f32);
    [0, 1, 2].map(|c| a[c] + (b[c] - a[c]) * share)
}

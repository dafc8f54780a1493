//! The overlay on the CPU; `overlay.wgsl` draws the same picture.

use super::Colormap;
use super::style::{FADE, Formula, Style};
use crate::picture::Picture;

/// Lays the raw map `map` (`[h, w]` of `size` (h, w), row-major) over `view`: bilinear upsampling with half-pixel
/// centres, min-max to 0..1 (a flat map stays zero), colour and mixture as `style` says.
///
/// # Panics
/// If the map's length is not `h * w`.
pub fn overlay(view: &Picture, map: &[f32], size: (usize, usize), style: &Style) -> Picture {
    assert_eq!(map.len(), size.0 * size.1, "a map [h, w] has h * w values");
    if style.formula.is_raw() {
        return super::raw(map, [1, size.0, size.1], (view.width(), view.height()), style.formula);
    }
    let normalised = normalise(upsample(map, size, (view.height() as usize, view.width() as usize)));
    let table = style.colormap.table();
    let shown = |m: f32| {
        if style.threshold > 0.0 { ((m - style.threshold) / FADE).clamp(0.0, 1.0) } else { 1.0 }
    };
    let pixels = view.rgb().chunks_exact(3).zip(&normalised);
    let mixed = pixels.map(|(pixel, &m)| {
        let picture = [0, 1, 2].map(|c| f32::from(pixel[c]) / 255.0);
        let (colour, shown) = (colour(&table, m), shown(m));
        let weight = match style.formula {
            Formula::Blend => style.opacity * shown,
            Formula::MaskWeighted => style.opacity * m * shown,
            Formula::Seed => return [0, 1, 2].map(|c| picture[c] + shown * colour[c]),
            _ => return colour.map(|c| c * shown),
        };
        [0, 1, 2].map(|c| (1.0 - weight) * picture[c] + weight * colour[c])
    });
    let mut values: Vec<f32> = mixed.flatten().collect();
    if style.formula == Formula::Seed {
        values = normalise(values);
    }
    let bytes = values.iter().map(|value| (value * 255.0).round() as u8);
    Picture::new(view.width(), view.height(), bytes.collect()).expect("a view has three values a pixel")
}

/// Bilinear, half-pixel centres, edges repeated (`align_corners = false`): `[h, w]` to `[height, width]`.
pub fn upsample(map: &[f32], (h, w): (usize, usize), (height, width): (usize, usize)) -> Vec<f32> {
    let (rows, columns) = (samples(h, height), samples(w, width));
    let pixel = |(top, bottom, down): &(usize, usize, f32), (left, right, across): &(usize, usize, f32)| {
        let row = |y: usize| map[y * w + left] * (1.0 - across) + map[y * w + right] * across;
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

/// Min-max to 0..1; a flat map to zeros.
pub fn normalise(mut values: Vec<f32>) -> Vec<f32> {
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = if most > least { 1.0 / (most - least) } else { 0.0 };
    for value in &mut values {
        *value = (*value - least) * scale;
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

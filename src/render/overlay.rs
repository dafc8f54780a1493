//! The overlay on the CPU; `overlay.wgsl` draws the same picture.

use super::style::{FADE, Formula, Style};
use super::{Colormap, range};
use crate::Size;
use crate::picture::Picture;

/// Red, green, blue, and a fourth number that is not drawn: four are a vector.
type Pixel = [f32; 4];
/// Where a step of a colour map begins, and how far it leads.
type Step = [Pixel; 2];

/// A pixel, number by number. Within a larger loop, only what is inlined becomes vectors.
#[inline(always)]
fn each(value: impl Fn(usize) -> f32) -> Pixel {
    let mut pixel = Pixel::default();
    for (c, number) in pixel.iter_mut().enumerate() {
        *number = value(c);
    }
    pixel
}

/// Lays the raw map `[h, w]` of `size` over `view`: bilinear upsampling with half-pixel centres, min-max to 0..1 (a flat
/// map stays zero), colour and mixture as `style` says.
pub(super) fn draw(view: &Picture, map: &[f32], size: Size, style: &Style) -> Picture {
    let map = normalise(upsample(map, size, view.size()));
    let steps = steps(&style.colormap.table().map(|[red, green, blue]| [red, green, blue, 0.0]));
    let colour = |m: f32| colour(&steps, m);
    let shown = |m: f32| {
        if style.threshold > 0.0 { ((m - style.threshold) / FADE).clamp(0.0, 1.0) } else { 1.0 }
    };
    let mix = |weight: f32, picture: Pixel, colour: Pixel| {
        each(|c| (1.0 - weight) * picture[c] + weight * colour[c])
    };
    // A loop of its own for each formula: none is chosen anew for each pixel.
    let bytes = match style.formula {
        Formula::Blend => {
            drawn(view, &map, |picture, m| to_bytes(mix(style.opacity * shown(m), picture, colour(m))))
        }
        Formula::MaskWeighted => {
            drawn(view, &map, |picture, m| to_bytes(mix(style.opacity * m * shown(m), picture, colour(m))))
        }
        Formula::Seed => {
            let sums = drawn(view, &map, |picture, m| {
                let (colour, shown) = (colour(m), shown(m));
                let [red, green, blue, _] = each(|c| picture[c] + shown * colour[c]);
                [red, green, blue]
            });
            normalise(sums).into_iter().map(to_byte).collect()
        }
        _ => drawn(view, &map, |_, m| {
            let shown = shown(m);
            let colour = colour(m);
            to_bytes(each(|c| colour[c] * shown))
        }),
    };
    Picture::new(view.size(), bytes).expect("a view has three values a pixel")
}

/// What `value` makes of each pixel of a picture, and of the map there.
fn drawn<T: Copy + Default>(view: &Picture, map: &[f32], value: impl Fn(Pixel, f32) -> [T; 3]) -> Vec<T> {
    let mut values = vec![T::default(); view.rgb().len()];
    let pixels = view.rgb().as_chunks::<3>().0.iter().zip(map);
    for (to, (&[red, green, blue], &m)) in values.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        let bytes = [red, green, blue, 0];
        *to = value(each(|c| f32::from(bytes[c]) / 255.0), m);
    }
    values
}

#[inline(always)]
fn to_bytes([red, green, blue, _]: Pixel) -> [u8; 3] {
    [to_byte(red), to_byte(green), to_byte(blue)]
}

/// Rounded, of 0 to 1. In WebAssembly `round` is a call, and a conversion that ends at 255 takes four times as long.
#[inline(always)]
fn to_byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as i32 as u8
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
    let mut wide = Vec::with_capacity(from.height * to.width);
    for row in map.chunks_exact(from.width) {
        let at =
            |(left, right, across): &(usize, usize, f32)| row[*left] * (1.0 - across) + row[*right] * across;
        wide.extend(columns.iter().map(at));
    }
    let wide = |y: usize| &wide[y * to.width..][..to.width];
    let mut values = Vec::with_capacity(to.area());
    for (top, bottom, down) in rows {
        values.extend(
            wide(top).iter().zip(wide(bottom)).map(|(top, bottom)| top * (1.0 - down) + bottom * down),
        );
    }
    values
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

/// From each colour of a table to the next.
fn steps(table: &[Pixel; Colormap::STEPS]) -> Vec<Step> {
    table.array_windows().map(|&[from, to]| [from, each(|c| to[c] - from[c])]).collect()
}

/// The colour at `m`, 0 to 1, within one of the steps of a colour map.
#[inline(always)]
fn colour(steps: &[Step], m: f32) -> Pixel {
    let at = m * steps.len() as f32;
    let first = (at as usize).min(steps.len() - 1);
    let ([from, step], share) = (&steps[first], at - first as f32);
    each(|c| from[c] + step[c] * share)
}

//! The gradient of few channels, such as a picture's colours.
//!
//! There, windows of the output's gradient would be laid out for hardly any products. Here the turned weight multiplies the gradient
//! itself: one row for each channel and pixel of the window. Each row is then added to what this pixel of the window has seen.

use super::instructions::Instructions;
use super::parallel::for_parts;
use super::planes::{Grid, Patches};
use super::product::{Scattered, unwritten};
use super::{AS_IT_IS, Geometry, multiply_patches};

/// So many channels are few.
const FEW: usize = 8;

/// Whether it is faster than windows of the gradient.
pub(super) fn is_faster(geometry: &Geometry) -> bool {
    geometry.groups == 1 && geometry.area() > 1 && geometry.inputs <= FEW.min(geometry.outputs / 2)
}

/// The gradient `x` `[inputs, h, w]`, which is 0, for `gradient` `[outputs, h', w']`; on all cores where `at_once`.
pub(super) fn input_gradient(
    instructions: Instructions,
    geometry: &Geometry,
    gradient: &[f32],
    weight: &[f32],
    x: &mut [f32],
    at_once: bool,
) {
    let Geometry { inputs, outputs, input, .. } = *geometry;
    let places = geometry.output();
    let planes = Grid::new(places, 1, [[0; 2]; 2]).planes(gradient);
    let patches = Patches { planes: &planes, first: 0, channels: outputs, taps: &[0], places };
    let rows: Vec<usize> = (0..inputs * geometry.area()).collect();
    let columns: Vec<usize> = (0..outputs).map(|output| output * rows.len()).collect();
    let turned = Scattered { values: weight, rows: &rows, columns: &columns };
    let mut products = vec![0.0; rows.len() * patches.columns()];
    multiply_patches(instructions, turned, &patches, unwritten(&mut products), at_once, AS_IT_IS);

    let products = &products;
    for_parts(x, input[0] * input[1], at_once, |channel, x| {
        let products = &products[channel * geometry.area() * patches.columns()..];
        for (pixel, products) in geometry.pixels().zip(products.chunks_exact(patches.columns())) {
            let [rows, columns] = [0, 1].map(|axis| Seen::new(geometry, axis, pixel[axis]));
            if columns.count == 0 {
                continue;
            }
            for row in 0..rows.count {
                let products = &products[(rows.place + row) * places[1] + columns.place..][..columns.count];
                let to = &mut x[(rows.first + row * geometry.stride) * input[1] + columns.first..];
                if geometry.stride == 1 {
                    to.iter_mut().zip(products).for_each(|(to, product)| *to += product);
                } else {
                    let to = to.iter_mut().step_by(geometry.stride);
                    to.zip(products).for_each(|(to, product)| *to += product);
                }
            }
        }
    });
}

/// What a row, or a column, of the window has seen of the picture, from place to place.
struct Seen {
    /// The first place where it is within the picture.
    place: usize,
    /// What it sees there.
    first: usize,
    /// At how many places it is within.
    count: usize,
}

impl Seen {
    fn new(geometry: &Geometry, axis: usize, pixel: usize) -> Self {
        let Geometry { stride, .. } = *geometry;
        let padding = geometry.padding[axis];
        let place = padding.saturating_sub(pixel).div_ceil(stride);
        let first = place * stride + pixel - padding;
        let within = geometry.input[axis].saturating_sub(first).div_ceil(stride);
        Self { place, first, count: within.min(geometry.output()[axis].saturating_sub(place)) }
    }
}

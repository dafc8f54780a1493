//! What the gradient of a strided convolution falls into.

use super::Geometry;

/// Those pixels that go in, every `stride`-th, which the same pixels of the window have seen.
///
/// Pixel `i`, number `i + padding` within the zeros, is `q * stride + r`. Pixel `r + e * stride` of the window has seen it at place
/// `q - e`: so the gradient of the pixels of one `r` is a convolution, without a stride, of the output's gradient.
pub(super) struct Phase {
    /// The first of them.
    first: [usize; 2],
    /// How many rows and columns of them there are.
    pub places: [usize; 2],
    /// Zeros that the output's gradient needs around it.
    pub zeros: [[usize; 2]; 2],
    /// Where the gradient is, within the zeros, that each pixel of the window sends to the first of them.
    pub taps: Vec<[usize; 2]>,
    /// Where a weight holds the number of each output and pixel of the window, from where it holds the input's first.
    pub columns: Vec<usize>,
}

impl Phase {
    /// All that there are.
    pub fn all(geometry: &Geometry) -> impl Iterator<Item = Self> {
        let stride = geometry.stride;
        (0..stride * stride).filter_map(move |i| Self::new(geometry, [i / stride, i % stride]))
    }

    /// None, where there is no such pixel.
    fn new(geometry: &Geometry, remainder: [usize; 2]) -> Option<Self> {
        let Geometry { stride, window, .. } = *geometry;
        let [rows, columns] = [0, 1].map(|axis| Axis::new(geometry, axis, remainder[axis]));
        let (rows, columns) = (rows?, columns?);
        let pixels = || (0..rows.count).flat_map(|y| (0..columns.count).map(move |x| [y, x]));
        let [inputs, outputs] = geometry.channels();
        let output = |output: usize| {
            pixels().map(move |[y, x]| {
                let pixel = (remainder[0] + y * stride) * window[1] + remainder[1] + x * stride;
                output * inputs * geometry.area() + pixel
            })
        };
        Some(Self {
            first: [rows.first, columns.first],
            places: [rows.places, columns.places],
            zeros: [rows.zeros, columns.zeros],
            taps: pixels().map(|[y, x]| [rows.start - y, columns.start - x]).collect(),
            columns: (0..outputs).flat_map(output).collect(),
        })
    }

    /// Lets `compute` find their gradients `[channels, rows, columns]`, and puts them where they belong in `x`.
    pub fn place(&self, geometry: &Geometry, x: &mut [f32], compute: impl FnOnce(&mut [f32])) {
        if self.places == geometry.input {
            return compute(x);
        }
        let [h, w] = geometry.input;
        let [rows, columns] = self.places;
        let mut found = vec![0.0; x.len() / (h * w) * rows * columns];
        compute(&mut found);
        for (x, found) in x.chunks_exact_mut(h * w).zip(found.chunks_exact(rows * columns)) {
            for (i, row) in found.chunks_exact(columns).enumerate() {
                let at = (self.first[0] + i * geometry.stride) * w + self.first[1];
                x[at..].iter_mut().step_by(geometry.stride).zip(row).for_each(|(x, found)| *x = *found);
            }
        }
    }
}

/// The same for rows or for columns.
struct Axis {
    first: usize,
    places: usize,
    zeros: [usize; 2],
    /// Pixels of the window.
    count: usize,
    /// Where the gradient is that the first of these pixels sends to the first place.
    start: usize,
}

impl Axis {
    fn new(geometry: &Geometry, axis: usize, remainder: usize) -> Option<Self> {
        let Geometry { stride, .. } = *geometry;
        let [input, window, padding] = [geometry.input[axis], geometry.window[axis], geometry.padding[axis]];
        let place = padding.saturating_sub(remainder).div_ceil(stride);
        let first = place * stride + remainder - padding;
        let places = input.checked_sub(first)?.div_ceil(stride);
        let count = window.saturating_sub(remainder).div_ceil(stride);
        // Gradients from `place + 1 - count` to `place + places - 1` are read.
        let before = count.saturating_sub(place + 1);
        let after = (place + places).saturating_sub(geometry.output()[axis]);
        (places > 0).then_some(Self { first, places, zeros: [before, after], count, start: place + before })
    }
}

//! Convolutions on the CPU: forward, and the gradients of input and weight. Slices in, slices out; nothing here knows tensors.
//!
//! # Why our own
//! What this program does is convolve: that is about 95 % of the time of ResNet-50 in a browser. Burn's CPU backend turns every
//! convolution into one product of matrices. It brings the picture into another order, writes each number once for every pixel
//! of the window (im2col), packs those again for the product, and brings the result back. Here a strip of windows is laid out
//! once, as it is needed, and stays in the cache for all output channels (an implicit im2col). Weights are read where they are;
//! results are written where they belong.
//!
//! # How
//! - [`product`]: the one product. [`tile`] computes it, in tiles of up to ten rows and two vectors, whose sums stay in registers.
//! - [`lanes`]: vectors of AVX-512, AVX2, NEON and `simd128`, and a portable fallback.
//! - [`instructions`]: the widest of them that the processor has, found at run time. `CAM_LUCIDA_INSTRUCTIONS` names another: `avx512`,
//!   `avx2` or `portable`.
//! - `relaxed.rs`: [`tile`] with WebAssembly's relaxed SIMD, in a module of its own. On an Intel processor of 2023 products take a
//!   quarter less time by it, because it multiplies and adds at once; on an AMD one as long as without.
//! - `parallel`: parts of a slice at once, by rayon; in a browser by the threads that it lends (`lent`). Each part has columns of its
//!   own, lays them out and multiplies them: threads wait for each other just once a layer.
//! - [`winograd`]: 3×3 windows over many places with fewer products, forward and for the gradient of the input.
//! - [`planes`]: pictures within zeros, parted by the stride, so that windows read neighbours; and windows as a matrix.
//! - [`Geometry::forward`]: weight times windows.
//! - [`Geometry::input_gradient`]: those pixels of a picture that the same pixels of the window have seen (for a stride of 2, four
//!   sets of them) get the turned weight times windows of the gradient.
//! - [`scatter`]: the same of few channels, as a picture has: the turned weight times the gradient, added up where it belongs.
//! - [`Geometry::weight_gradient`]: windows times the gradient. Read plane by plane, the windows' matrix has its rows in the
//!   picture already, so nothing is laid out but the gradient.
//! - [`vector`]: where the window is all of the picture, as in a fully connected layer, a matrix by a vector.
//! - [`depthwise`]: where each channel goes by itself there is no product, only weighted sums of rows.
//! - [`Epilogue`]: what follows a convolution (bias, norm, ReLU) is done to each channel, or to some columns of it, while these are still
//!   in the cache. One after the other, such layers would read and write all that came out again and again.
//!
//! Sums run in the same order however many threads there are, so results do not depend on their number. They do depend on the
//! instructions, by rounding: some multiply and add at once, and depthwise gradients of weights add as many sums as a vector has
//! numbers.
//!
//! All `unsafe` is in the files named here, in [`winograd`], in [`depthwise`] and in `lent`, each with its proof.

mod depthwise;
mod instructions;
mod lanes;
#[cfg(any(target_arch = "wasm32", test))]
mod lent;
mod parallel;
mod phase;
mod planes;
mod product;
mod scatter;
#[cfg(test)]
mod tests;
mod tile;
mod vector;
mod winograd;

use std::mem::MaybeUninit;

use depthwise::{Correlations, SPARE, WeightedRows};
use instructions::Instructions;
#[cfg(target_arch = "wasm32")]
pub use instructions::lend_relaxed;
#[cfg(target_arch = "wasm32")]
pub use parallel::lend_threads;
pub use parallel::threads;
pub(crate) use parallel::{MIN_ELEMENTS, for_parts};
use parallel::{MIN_PRODUCTS, among_threads, rows_of_part};
use phase::Phase;
use planes::{Grid, Patches};
use product::{Scattered, Strips, Target, multiply, unwritten};
use winograd::Winograd;

/// Rows of windows that are summed before the next: a strip of them stays in the first cache.
const DEPTH: usize = 256;
/// Columns that are laid out together: with [`DEPTH`] rows they stay in the second cache.
const COLUMNS: usize = 512;
/// Strips for each thread from which threads have columns of their own: with fewer, some would have nothing to do while others still work.
const STRIPS_A_THREAD: usize = 8;
/// Elements that threads lay out together, where each then has rows of its own.
const LAID_OUT: usize = 1 << 18;
/// Elements of the output that are worth memory of their own in a depthwise convolution.
const CHANNELS: usize = 1 << 12;

/// Multiplies matrices that stay in the caches, on all cores, and gives the number of floating-point operations that it took. What a
/// second of this does is the most that a convolution can reach, but for one with fewer products ([`winograd`]).
pub(crate) fn multiply_at_peak() -> usize {
    const ROWS: usize = 240;
    const TIMES: usize = 64;
    let instructions = Instructions::best();
    let width = Strips::width(instructions);
    let (values, panel) = (vec![1.0; ROWS * DEPTH], vec![1.0; DEPTH * width]);
    let rows: Vec<usize> = (0..ROWS).map(|row| row * DEPTH).collect();
    let columns: Vec<usize> = (0..DEPTH).collect();
    let mut products = vec![0.0; threads() * ROWS * width];
    for_parts(&mut products, ROWS * width, true, |_, to| {
        let mut target = Target::new(unwritten(to), width);
        for time in 0..TIMES {
            let a = Scattered { values: &values, rows: &rows, columns: &columns };
            let b = Strips { values: &panel, rows: DEPTH, columns: width };
            multiply(instructions, a, b, target.block(0..ROWS, 0..width), time > 0);
        }
    });
    let sum = (DEPTH * TIMES) as f32;
    assert!(products.iter().all(|product| *product == sum), "so many ones");
    2 * products.len() * DEPTH * TIMES
}

/// The sizes of a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub pictures: usize,
    /// Channels in and out, and how many groups they form.
    pub inputs: usize,
    pub outputs: usize,
    pub groups: usize,
    /// Rows and columns of the input.
    pub input: [usize; 2],
    /// Rows and columns of the window.
    pub window: [usize; 2],
    pub stride: usize,
    /// Zeros above and below, and left and right.
    pub padding: [usize; 2],
}

/// What becomes of each channel that comes out, while it is still in the cache: `(x + bias) · scale + shift`, within bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Epilogue<'a> {
    /// Bias, scale and shift of each channel.
    pub channels: &'a [[f32; 3]],
    /// The least that comes out, and the most. What is not a number stays so.
    pub bounds: [f32; 2],
}

impl Epilogue<'_> {
    fn apply(&self, channel: usize, values: &mut [f32]) {
        let ([bias, scale, shift], [least, most]) = (self.channels[channel], self.bounds);
        for value in values {
            let x = (*value + bias) * scale + shift;
            let x = if x < least { least } else { x };
            *value = if x > most { most } else { x };
        }
    }
}

/// What is done to the numbers of a row of a product, or to some of them, when they are complete.
type After<'a> = &'a (dyn Fn(usize, &mut [f32]) + Sync);

/// Nothing.
const AS_IT_IS: After = &|_, _| ();

impl Geometry {
    /// Rows and columns of the output.
    pub fn output(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let padded = self.input[axis] + 2 * self.padding[axis];
            let room =
                padded.checked_sub(self.window[axis]).expect("the window fits into the padded picture");
            room / self.stride + 1
        })
    }

    /// `x` `[pictures, inputs, h, w]` by `weight` `[outputs, inputs / groups, rows, columns]`, and then the epilogue, if there is one.
    pub fn forward(&self, x: &[f32], weight: &[f32], epilogue: Option<Epilogue>) -> Vec<f32> {
        among_threads(|| self.forward_with(Instructions::best(), x, weight, epilogue))
    }

    /// The gradient of the input, for `gradient` `[pictures, outputs, h', w']` of the output.
    pub fn input_gradient(&self, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
        among_threads(|| self.input_gradient_with(Instructions::best(), gradient, weight))
    }

    /// The gradient of the weight, for `gradient` `[pictures, outputs, h', w']` of the output. Where `x` is not finite, that of other
    /// pixels of the window may be NaN, too.
    pub fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        among_threads(|| self.weight_gradient_with(Instructions::best(), x, gradient))
    }

    /// Channels in and out of a group.
    fn channels(&self) -> [usize; 2] {
        [self.inputs / self.groups, self.outputs / self.groups]
    }

    fn is_depthwise(&self) -> bool {
        self.channels() == [1, 1]
    }

    /// Whether each output sees all of the input once: the weight is a matrix, and each picture a vector.
    fn is_one_place(&self) -> bool {
        self.groups == 1 && self.window == self.input && self.padding == [0; 2]
    }

    /// Whether several threads are faster.
    fn is_worth_threads(&self) -> bool {
        self.pictures * self.output_len() * self.channels()[0] * self.area() > MIN_PRODUCTS
    }

    /// Pixels of the window.
    fn area(&self) -> usize {
        self.window[0] * self.window[1]
    }

    /// Elements of a picture's input.
    fn input_len(&self) -> usize {
        self.inputs * self.input[0] * self.input[1]
    }

    /// Elements of a picture's output.
    fn output_len(&self) -> usize {
        let [h, w] = self.output();
        self.outputs * h * w
    }

    /// How the input lies within its zeros.
    fn grid(&self) -> Grid {
        Grid::new(self.input, self.stride, self.padding.map(|zeros| [zeros; 2]))
    }

    /// Row and column of each pixel of the window.
    fn pixels(&self) -> impl Iterator<Item = [usize; 2]> + use<> {
        let [rows, columns] = self.window;
        (0..rows).flat_map(move |y| (0..columns).map(move |x| [y, x]))
    }

    fn forward_with(
        &self,
        instructions: Instructions,
        x: &[f32],
        weight: &[f32],
        epilogue: Option<Epilogue>,
    ) -> Vec<f32> {
        let len = self.pictures * self.output_len();
        let mut y = Vec::with_capacity(len);
        #[cfg(test)]
        y.spare_capacity_mut().fill(MaybeUninit::new(f32::NAN)); // to be seen where nothing is written
        self.forward_to(instructions, x, weight, epilogue, &mut y.spare_capacity_mut()[..len]);
        // SAFETY: all of it was written.
        unsafe { y.set_len(len) };
        y
    }

    /// The same, to `y`, all of whose numbers are written: zeros that are overwritten would take some percent of the time.
    fn forward_to(
        &self,
        instructions: Instructions,
        x: &[f32],
        weight: &[f32],
        epilogue: Option<Epilogue>,
        y: &mut [MaybeUninit<f32>],
    ) {
        let places = self.output();
        let finish = |channel: usize, values: &mut [f32]| {
            if let Some(epilogue) = epilogue {
                epilogue.apply(channel, values);
            }
        };
        if self.is_depthwise() {
            let (from, to) = (self.input[0] * self.input[1], places[0] * places[1]);
            let (grid, columns) = (self.grid(), places[1]);
            let taps = grid.taps(self.pixels());
            let channels = (CHANNELS / to).max(1);
            for_parts(y, channels * to, self.is_worth_threads(), |first, y| {
                let mut planes = vec![0.0; grid.channel + SPARE];
                for (channel, to) in (first * channels..).zip(y.chunks_exact_mut(to)) {
                    // What lies around a channel stays zero.
                    grid.lay_out(&x[channel * from..][..from], &mut planes);
                    let weights = &weight[channel % self.inputs * self.area()..][..self.area()];
                    let (from, stride, taps) = (&planes, grid.row, &taps);
                    WeightedRows { from, stride, taps, weights, to: &mut *to, columns }.sum(instructions);
                    // SAFETY: all of it was written.
                    finish(channel % self.outputs, unsafe { to.assume_init_mut() });
                }
            });
            return;
        }
        if self.is_one_place() {
            for (x, y) in x.chunks_exact(self.input_len()).zip(y.chunks_exact_mut(self.outputs)) {
                vector::times_vector(instructions, weight, x, y, self.is_worth_threads());
                for (channel, y) in y.chunks_exact_mut(1).enumerate() {
                    // SAFETY: all of it was written.
                    finish(channel, unsafe { y.assume_init_mut() });
                }
            }
            return;
        }
        let by_picture = self.pictures >= threads();
        let [inputs, outputs] = self.channels();
        let depth = inputs * self.area();
        assert!(depth > 0, "sums of nothing are not written");
        if Winograd::is_faster(instructions, self, places) {
            let winograd = Winograd::new(instructions, weight, [outputs, inputs], [inputs, 1], false);
            for_parts(y, self.output_len(), by_picture, |picture, y| {
                let x = &x[picture * self.input_len()..][..self.input_len()];
                let zeros = self.padding.map(|zeros| [zeros; 2]);
                winograd.multiply(instructions, x, self.input, zeros, y, !by_picture, &finish);
            });
            return;
        }
        let at_once = !by_picture && self.is_worth_threads();
        let rows: Vec<usize> = (0..outputs).map(|output| output * depth).collect();
        let columns: Vec<usize> = (0..depth).collect();
        let grid = self.grid();
        let taps = grid.taps(self.pixels());
        for_parts(y, self.output_len(), by_picture, |picture, y| {
            let planes = grid.planes(&x[picture * self.input_len()..][..self.input_len()]);
            for (group, y) in y.chunks_exact_mut(self.output_len() / self.groups).enumerate() {
                let first = group * inputs * grid.channel;
                let patches = Patches { planes: &planes, first, channels: inputs, taps: &taps, places };
                let values = &weight[group * outputs * depth..][..outputs * depth];
                let weight = Scattered { values, rows: &rows, columns: &columns };
                let after = |output: usize, values: &mut [f32]| finish(group * outputs + output, values);
                multiply_patches(instructions, weight, &patches, y, at_once, &after);
            }
        });
    }

    fn input_gradient_with(&self, instructions: Instructions, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
        let mut x = vec![0.0; self.pictures * self.input_len()];
        let laid_out = |phase: Phase| {
            let grid = Grid::new(self.output(), 1, phase.zeros);
            let taps = grid.taps(phase.taps.iter().copied());
            (phase, grid, taps)
        };
        let phases: Vec<_> = Phase::all(self).map(laid_out).collect();
        let pixels = self.input[0] * self.input[1];
        if self.is_depthwise() {
            let [h, w] = self.output();
            for_parts(&mut x, pixels, true, |channel, x| {
                let gradient = &gradient[channel * h * w..][..h * w];
                let weight = &weight[channel % self.inputs * self.area()..][..self.area()];
                for (phase, grid, taps) in &phases {
                    let weights: Vec<f32> =
                        phase.columns.iter().take(taps.len()).map(|&at| weight[at]).collect();
                    let from = &grid.with_spare(gradient, SPARE);
                    let (stride, columns, weights) = (grid.row, phase.places[1], &weights);
                    phase.place(self, x, |to| {
                        let to = unwritten(to);
                        WeightedRows { from, stride, taps, weights, to, columns }.sum(instructions);
                    });
                }
            });
            return x;
        }
        if self.is_one_place() {
            for (gradient, x) in gradient.chunks_exact(self.outputs).zip(x.chunks_exact_mut(self.input_len()))
            {
                vector::sum_of_rows(instructions, weight, gradient, x, self.is_worth_threads());
            }
            return x;
        }
        let by_picture = self.pictures >= threads();
        let [inputs, outputs] = self.channels();
        if Winograd::is_faster(instructions, self, self.input) {
            // The turned window, over as many zeros as it does not need in the other direction.
            let winograd = Winograd::new(instructions, weight, [inputs, outputs], [1, inputs], true);
            for_parts(&mut x, self.input_len(), by_picture, |picture, x| {
                let gradient = &gradient[picture * self.output_len()..][..self.output_len()];
                let zeros = self.padding.map(|zeros| [2 - zeros; 2]);
                let x = unwritten(x);
                winograd.multiply(instructions, gradient, self.output(), zeros, x, !by_picture, AS_IT_IS);
            });
            return x;
        }
        if scatter::is_faster(self) {
            for_parts(&mut x, self.input_len(), by_picture, |picture, x| {
                let gradient = &gradient[picture * self.output_len()..][..self.output_len()];
                scatter::input_gradient(instructions, self, gradient, weight, x, !by_picture);
            });
            return x;
        }
        let rows: Vec<usize> = (0..inputs).map(|input| input * self.area()).collect();
        for_parts(&mut x, self.input_len(), by_picture, |picture, x| {
            let gradient = &gradient[picture * self.output_len()..][..self.output_len()];
            for (phase, grid, taps) in &phases {
                let planes = grid.planes(gradient);
                for (group, x) in x.chunks_exact_mut(inputs * pixels).enumerate() {
                    let first = group * outputs * grid.channel;
                    let (planes, channels, places) = (&planes, outputs, phase.places);
                    let patches = Patches { planes, first, channels, taps, places };
                    let size = outputs * inputs * self.area();
                    let values = &weight[group * size..][..size];
                    let weight = Scattered { values, rows: &rows, columns: &phase.columns };
                    phase.place(self, x, |found| {
                        let found = unwritten(found);
                        multiply_patches(instructions, weight, &patches, found, !by_picture, AS_IT_IS);
                    });
                }
            }
        });
        x
    }

    fn weight_gradient_with(&self, instructions: Instructions, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let width = Strips::width(instructions);
        let [h, w] = self.output();
        let [inputs, outputs] = self.channels();
        let grid = self.grid();
        let taps = grid.taps(self.pixels());
        if self.is_depthwise() {
            let pixels = self.input[0] * self.input[1];
            let mut weight = vec![0.0; self.outputs * self.area()];
            for_parts(&mut weight, self.area(), true, |channel, sums| {
                for picture in 0..self.pictures {
                    let at = picture * self.inputs + channel;
                    let planes = grid.planes(&x[at * pixels..][..pixels]);
                    let (from, gradient) = (&planes.values, &gradient[at * h * w..][..h * w]);
                    Correlations { from, stride: grid.row, taps: &taps, gradient, columns: w, sums }
                        .add(instructions);
                }
            });
            return weight;
        }
        let planes = grid.planes(x);
        let windows: Vec<usize> = (0..inputs)
            .flat_map(|channel| taps.iter().map(move |tap| channel * grid.channel + tap))
            .collect();
        // All places in the plane, also those between the end of a row and the start of the next: there the gradient is 0.
        let depth = (h - 1) * grid.row + w;
        let places: Vec<usize> = (0..DEPTH).collect();
        let strips = outputs.div_ceil(width);
        let mut weight = Vec::with_capacity(self.outputs * windows.len());
        for group in 0..self.groups {
            let mut turned = vec![0.0; self.pictures * strips * depth * width];
            for_parts(&mut turned, strips * depth * width, true, |picture, turned| {
                let first = picture * self.output_len() + group * outputs * h * w;
                let gradient = gradient[first..][..outputs * h * w].chunks_exact(h * w);
                for (output, gradient) in gradient.enumerate() {
                    let turned = &mut turned[output / width * depth * width + output % width..];
                    for (y, gradient) in gradient.chunks_exact(w).enumerate() {
                        let to = turned[y * grid.row * width..].iter_mut().step_by(width);
                        to.zip(gradient).for_each(|(to, from)| *to = *from);
                    }
                }
            });
            // `[inputs * window, outputs]`.
            let mut sums = vec![0.0; windows.len() * outputs];
            let part = windows.len().div_ceil(threads());
            for_parts(&mut sums, part * outputs, true, |i, sums| {
                let windows = &windows[i * part..windows.len().min((i + 1) * part)];
                let mut sums = Target::new(unwritten(sums), outputs);
                for picture in 0..self.pictures {
                    for first in (0..depth).step_by(DEPTH) {
                        let count = DEPTH.min(depth - first);
                        let from = (picture * self.inputs + group * inputs) * grid.channel + first;
                        let rows: Vec<usize> = windows.iter().map(|window| from + window).collect();
                        let a = Scattered { values: &planes.values, rows: &rows, columns: &places[..count] };
                        for strip in 0..strips {
                            let panel = &turned[((picture * strips + strip) * depth + first) * width..];
                            let columns = strip * width..outputs.min((strip + 1) * width);
                            let values = &panel[..count * width];
                            let b = Strips { values, rows: count, columns: columns.len() };
                            multiply(instructions, a, b, sums.block(0..windows.len(), columns), true);
                        }
                    }
                }
            });
            for output in 0..outputs {
                weight.extend(sums.iter().skip(output).step_by(outputs));
            }
        }
        weight
    }
}

/// `a` times windows, to `y`, and what is done `after` that to each row; on all cores where `at_once`. Threads have columns of their
/// own, so that they wait for each other just once; or rows, where there are few columns. Unless there are no windows, all is written.
fn multiply_patches(
    instructions: Instructions,
    a: Scattered,
    patches: &Patches,
    y: &mut [MaybeUninit<f32>],
    at_once: bool,
    after: After,
) {
    // Where no pixel of the window has seen anything, a gradient stays 0.
    if patches.rows() == 0 {
        return;
    }
    let width = Strips::width(instructions);
    let at_once = at_once && threads() > 1;
    let strips = patches.columns().div_ceil(width);
    if at_once && strips < STRIPS_A_THREAD * threads() {
        return multiply_rows(instructions, a, patches, y, after);
    }
    let parts = strips.div_ceil(COLUMNS / width);
    let parts = if at_once { parts.next_multiple_of(threads()) } else { parts };
    let size = strips.div_ceil(parts) * width;
    let mut parts = Target::new(y, patches.columns()).into_columns(size);
    let part = |i: usize, part: &mut Target, strips: &mut Vec<f32>| {
        multiply_columns(instructions, a, patches, i * size, part, strips, after);
    };
    if at_once {
        for_parts(&mut parts, 1, true, |i, parts| part(i, &mut parts[0], &mut Vec::new()));
    } else {
        let mut strips = Vec::new();
        parts.iter_mut().enumerate().for_each(|(i, to)| part(i, to, &mut strips));
    }
}

/// `a` times the windows from column `first` on, to `target`, and what is done `after` that to each row. `strips` is memory for it.
fn multiply_columns(
    instructions: Instructions,
    a: Scattered,
    patches: &Patches,
    first: usize,
    target: &mut Target,
    strips: &mut Vec<f32>,
    after: After,
) {
    let width = Strips::width(instructions);
    let [rows, columns] = target.sides();
    for row in (0..patches.rows()).step_by(DEPTH) {
        let height = DEPTH.min(patches.rows() - row);
        strips.resize(columns.next_multiple_of(width) * height, 0.0);
        for (i, strip) in strips.chunks_exact_mut(width * height).enumerate() {
            patches.lay_out(row, first + i * width, width, strip);
        }
        let a = Scattered { columns: &a.columns[row..row + height], ..a };
        let b = Strips { values: strips, rows: height, columns };
        multiply(instructions, a, b, target.block(0..rows, 0..columns), row > 0);
    }
    // SAFETY: the first rows of the windows have written all of it.
    unsafe { target.finish(after) };
}

/// `a` times windows, to `y`, and what is done `after` that to each row, on all cores: they lay out the windows together, and then each
/// has rows of its own.
fn multiply_rows(
    instructions: Instructions,
    a: Scattered,
    patches: &Patches,
    y: &mut [MaybeUninit<f32>],
    after: After,
) {
    let width = Strips::width(instructions);
    let (depth, columns) = (patches.rows(), patches.columns());
    let strips = columns.div_ceil(width);
    let part = rows_of_part(a.rows.len());
    let most = depth.min((LAID_OUT / (strips * width)).max(1).next_multiple_of(DEPTH));
    let mut laid_out = vec![0.0; strips * width * most];
    for first in (0..depth).step_by(most) {
        let height = most.min(depth - first);
        // Each strip with all of its rows.
        let laid_out = &mut laid_out[..strips * width * height];
        for_parts(laid_out, width * height, true, |i, strip| patches.lay_out(first, i * width, width, strip));
        let laid_out = &*laid_out;
        for_parts(y, part * columns, true, |i, y| {
            let rows = &a.rows[i * part..a.rows.len().min((i + 1) * part)];
            let mut target = Target::new(y, columns);
            for row in (0..height).step_by(DEPTH) {
                let count = DEPTH.min(height - row);
                let a = Scattered { rows, columns: &a.columns[first + row..][..count], ..a };
                for (strip, laid_out) in laid_out.chunks_exact(width * height).enumerate() {
                    let columns = strip * width..columns.min((strip + 1) * width);
                    let values = &laid_out[row * width..][..count * width];
                    let b = Strips { values, rows: count, columns: columns.len() };
                    multiply(instructions, a, b, target.block(0..rows.len(), columns), first + row > 0);
                }
            }
            if first + height == depth {
                // SAFETY: as in `multiply_columns`.
                unsafe { target.finish(|row, values| after(i * part + row, values)) };
            }
        });
    }
}

//! Convolutions through 3×3 windows with fewer products (Winograd's F(2×2, 3×3): Lavin 2016, <https://arxiv.org/abs/1509.09308>).
//!
//! Four places side by side see a tile of 4×4 pixels. Directly they take 36 products a channel. Here tile and window are brought
//! into another basis first, in which 16 products do: `Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`. Over all channels and tiles, these are 16
//! products of matrices. Its sums are a little less exact than direct ones, by less than half a digit.

use std::mem::MaybeUninit;

use super::instructions::{Instructions, Work};
use super::lanes::{Lanes, WIDEST};
use super::parallel::{for_parts, threads};
use super::planes::{Grid, Patches};
use super::product::{Scattered, Strips, Target, multiply, unwritten};
use super::{After, DEPTH, Geometry};

/// Numbers of a tile, and of a window in the other basis.
const BASIS: usize = 16;
/// Numbers of a window.
const WINDOW: usize = 9;
/// Channels that are laid out before they are brought into the other basis: they stay in the first cache.
const CHANNELS: usize = 8;
/// Numbers of tiles in the other basis that are made at once: they stay in the second cache.
const BLOCK: usize = 1 << 18;
/// Tiles from which it is worth it to bring the weight into the other basis.
const TILES: usize = 100;
/// Channels for each number of a vector from which it is worth it to bring tiles there and back: the wider the vectors are, the less
/// the products count.
const CHANNELS_A_LANE: usize = 8;

/// A weight in the other basis.
pub(super) struct Winograd {
    /// `[rows, BASIS, depth]`.
    values: Vec<f32>,
    /// Where in it each row begins: `[BASIS, rows]`.
    starts: Vec<usize>,
    rows: usize,
    depth: usize,
}

impl Winograd {
    /// Whether it is faster than the direct way, to channels of `places`.
    pub fn is_faster(instructions: Instructions, geometry: &Geometry, places: [usize; 2]) -> bool {
        let Geometry { inputs, outputs, groups, window, stride, padding, .. } = *geometry;
        let fits = groups == 1 && window == [3; 2] && stride == 1 && padding.iter().all(|&zeros| zeros < 3);
        let [h, w] = places.map(|side| side.div_ceil(2));
        fits && h * w >= TILES && inputs.min(outputs) >= CHANNELS_A_LANE * instructions.lanes()
    }

    /// `weight` has a window for each row and column, `steps` windows apart; turned round where `is_turned`.
    pub fn new(
        instructions: Instructions,
        weight: &[f32],
        [rows, depth]: [usize; 2],
        steps: [usize; 2],
        is_turned: bool,
    ) -> Self {
        let mut values = vec![0.0; rows * BASIS * depth];
        for_parts(&mut values, BASIS * depth, true, |row, to| {
            let windows = &weight[row * steps[0] * WINDOW..];
            instructions.run(Windows { windows, step: steps[1] * WINDOW, is_turned, to, depth });
        });
        let starts = (0..BASIS).flat_map(|at| (0..rows).map(move |row| (row * BASIS + at) * depth)).collect();
        Self { values, starts, rows, depth }
    }

    /// The weight times windows of `x` `[depth, h, w]` within `zeros`, to `y` `[rows, places]`, and what is done `after` that to the
    /// numbers of each row; on all cores where `at_once`.
    #[allow(clippy::too_many_arguments)]
    pub fn multiply(
        &self,
        instructions: Instructions,
        x: &[f32],
        input: [usize; 2],
        zeros: [[usize; 2]; 2],
        y: &mut [MaybeUninit<f32>],
        at_once: bool,
        after: After,
    ) {
        let places = [0, 1].map(|axis| input[axis] + zeros[axis][0] + zeros[axis][1] - 2);
        let tiles = places.map(|side| side.div_ceil(2));
        // Where a side is odd, the last tiles reach one pixel further.
        let zeros = [0, 1].map(|axis| [zeros[axis][0], zeros[axis][1] + places[axis] % 2]);
        let grid = Grid::new(input, 2, zeros);
        let planes = grid.planes(x);
        let taps = grid.taps((0..BASIS).map(|i| [i / 4, i % 4]));
        // Each thread has rows of tiles of its own, so that they wait for each other just once.
        let bands = if at_once { threads().min(tiles[0]) } else { 1 };
        let height = tiles[0].div_ceil(bands);
        let mut bands = Target::new(y, places[0] * places[1]).into_columns(2 * height * places[1]);
        for_parts(&mut bands, 1, at_once, |i, bands| {
            let first = i * height;
            let sides = [height.min(tiles[0] - first), tiles[1]];
            let (planes, taps) = (&planes, &taps);
            let patches =
                Patches { planes, first: first * grid.row, channels: self.depth, taps, places: sides };
            self.multiply_band(instructions, &patches, &mut bands[0], places[1], after);
        });
    }

    /// The same of some rows of tiles, to rows of `columns` places.
    fn multiply_band(
        &self,
        instructions: Instructions,
        patches: &Patches,
        band: &mut Target,
        columns: usize,
        after: After,
    ) {
        let Self { rows, depth, .. } = *self;
        let width = Strips::width(instructions);
        let most = DEPTH.min(depth);
        let strips = patches.columns().div_ceil(width);
        let strips_at_once = (BLOCK / (BASIS * most * width)).clamp(1, strips);
        let mut laid_out = vec![0.0; strips_at_once * BASIS * most * width];
        // `[BASIS, strips, rows, width]`.
        let mut products = vec![0.0; BASIS * strips_at_once * rows * width];
        let channels: Vec<usize> = (0..depth).collect();
        for strip in (0..strips).step_by(strips_at_once) {
            let count = strips_at_once.min(strips - strip);
            let products = &mut products[..BASIS * count * rows * width];
            for first in (0..depth).step_by(DEPTH) {
                let height = DEPTH.min(depth - first);
                let size = BASIS * height * width;
                let laid_out = &mut laid_out[..count * size];
                for (i, to) in laid_out.chunks_exact_mut(size).enumerate() {
                    lay_out(instructions, patches, first, (strip + i) * width, to);
                }
                for (i, values) in products.chunks_exact_mut(rows * width).enumerate() {
                    let [at, strip] = [i / count, i % count];
                    let (values_of, rows) = (&self.values, &self.starts[at * rows..][..rows]);
                    let a = Scattered { values: values_of, rows, columns: &channels[first..first + height] };
                    let values_of = &laid_out[strip * size + at * height * width..][..height * width];
                    let b = Strips { values: values_of, rows: height, columns: width };
                    multiply(instructions, a, b, Target::new(unwritten(values), width), first > 0);
                }
            }
            for row in 0..rows {
                let mut found = [0.0; 4 * WIDEST];
                let found = &mut found[..4 * width];
                let y = band.row(row);
                for i in 0..count {
                    let products = &products[(i * rows + row) * width..];
                    instructions.run(Back { products, step: count * rows * width, to: &mut *found });
                    after(row, found);
                    place(found, (strip + i) * width, columns, y);
                }
            }
        }
    }
}

/// Puts what was found of the tiles from `first` on, `[4, width]`, where it belongs in `y`, whose rows have so many `columns`.
fn place(found: &[f32], first: usize, columns: usize, y: &mut [MaybeUninit<f32>]) {
    let tiles = columns.div_ceil(2);
    let width = found.len() / 4;
    let [top, bottom] = [&found[..2 * width], &found[2 * width..]];
    let (mut row, mut column) = (first / tiles * 2 * columns, first % tiles * 2);
    for tile in 0..width {
        if row >= y.len() {
            break;
        }
        let count = 2.min(columns - column);
        for (from, row) in [(top, row), (bottom, row + columns)] {
            if row < y.len() {
                let to = &mut y[row + column..][..count];
                to[0].write(from[tile]);
                if count == 2 {
                    to[1].write(from[width + tile]);
                }
            }
        }
        column += 2;
        if column >= columns {
            (row, column) = (row + 2 * columns, 0);
        }
    }
}

/// Lays out the tiles from `column` on, of channels from `first` on, in the other basis: `to` `[BASIS, channels, width]`.
fn lay_out(instructions: Instructions, patches: &Patches, first: usize, column: usize, to: &mut [f32]) {
    let width = Strips::width(instructions);
    let channels = to.len() / (BASIS * width);
    let mut tiles = [0.0; CHANNELS * BASIS * WIDEST];
    for channel in (0..channels).step_by(CHANNELS) {
        let count = CHANNELS.min(channels - channel);
        let tiles = &mut tiles[..count * BASIS * width];
        patches.lay_out((first + channel) * BASIS, column, width, tiles);
        instructions.run(There { tiles, to: &mut to[channel * width..], step: channels * width });
    }
}

/// Brings windows, `step` numbers apart, into the other basis: `to` `[BASIS, depth]`.
struct Windows<'a> {
    windows: &'a [f32],
    step: usize,
    is_turned: bool,
    to: &'a mut [f32],
    depth: usize,
}

impl Work for Windows<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { windows, step, is_turned, to, depth } = self;
        for column in (0..depth).step_by(V::COUNT) {
            let count = V::COUNT.min(depth - column);
            let mut pixels = [[0.0; WIDEST / 2]; WINDOW];
            for lane in 0..count {
                let window = &windows[(column + lane) * step..][..WINDOW];
                for (at, pixel) in window.iter().enumerate() {
                    pixels[if is_turned { WINDOW - 1 - at } else { at }][lane] = *pixel;
                }
            }
            let mut last = [0.0; WIDEST / 2];
            // SAFETY: an array of `WIDEST / 2` numbers has room for any vector; others are read and written as slices of their length.
            unsafe {
                let mut rows = [[V::splat(0.0); 3]; 4];
                for x in 0..3 {
                    let [a, b, c] = [x, 3 + x, 6 + x];
                    let line = of_window([
                        V::load(pixels[a].as_ptr()),
                        V::load(pixels[b].as_ptr()),
                        V::load(pixels[c].as_ptr()),
                    ]);
                    for (row, value) in rows.iter_mut().zip(line) {
                        row[x] = value;
                    }
                }
                for (y, row) in rows.into_iter().enumerate() {
                    for (x, value) in of_window(row).into_iter().enumerate() {
                        let to = &mut to[(y * 4 + x) * depth + column..][..count];
                        if count == V::COUNT {
                            value.store(to.as_mut_ptr());
                        } else {
                            value.store(last.as_mut_ptr());
                            to.copy_from_slice(&last[..count]);
                        }
                    }
                }
            }
        }
    }
}

/// `G g`.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn of_window<V: Lanes>([a, b, c]: [V; 3]) -> [V; 4] {
    // SAFETY: the caller vouches for the instructions.
    unsafe {
        let (none, half) = (V::splat(0.0), V::splat(0.5));
        let outer = a.plus(c);
        [a, none.plus_product(half, outer.plus(b)), none.plus_product(half, outer.minus(b)), c]
    }
}

/// Brings tiles `[channels, BASIS, width]` into the other basis: `to` `[BASIS, .., width]`, of which the rows of the basis are `step`
/// apart.
struct There<'a> {
    tiles: &'a [f32],
    to: &'a mut [f32],
    step: usize,
}

impl Work for There<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { tiles, to, step } = self;
        let width = 2 * V::COUNT;
        for (channel, tile) in tiles.chunks_exact(BASIS * width).enumerate() {
            for half in [0, V::COUNT] {
                // SAFETY: each vector is read from, and written to, a slice of its length.
                unsafe {
                    let mut rows = [[V::splat(0.0); 4]; 4];
                    for x in 0..4 {
                        let mut d = [V::splat(0.0); 4];
                        for (y, d) in d.iter_mut().enumerate() {
                            *d = V::load(tile[(y * 4 + x) * width + half..][..V::COUNT].as_ptr());
                        }
                        for (row, value) in rows.iter_mut().zip(of_line(d)) {
                            row[x] = value;
                        }
                    }
                    for (y, row) in rows.into_iter().enumerate() {
                        for (x, value) in of_line(row).into_iter().enumerate() {
                            let at = (y * 4 + x) * step + channel * width + half;
                            value.store(to[at..][..V::COUNT].as_mut_ptr());
                        }
                    }
                }
            }
        }
    }
}

/// `Bᵀ d`.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn of_line<V: Lanes>([a, b, c, d]: [V; 4]) -> [V; 4] {
    // SAFETY: the caller vouches for the instructions.
    unsafe { [a.minus(c), b.plus(c), c.minus(b), b.minus(d)] }
}

/// Brings products `[BASIS, .., width]`, of which the rows of the basis are `step` apart, back to places: `to` `[4, width]`.
struct Back<'a> {
    products: &'a [f32],
    step: usize,
    to: &'a mut [f32],
}

impl Work for Back<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { products, step, to } = self;
        let width = 2 * V::COUNT;
        for half in [0, V::COUNT] {
            // SAFETY: each vector is read from, and written to, a slice of its length.
            unsafe {
                let mut rows = [[V::splat(0.0); 4]; 2];
                for x in 0..4 {
                    let mut m = [V::splat(0.0); 4];
                    for (y, m) in m.iter_mut().enumerate() {
                        *m = V::load(products[(y * 4 + x) * step + half..][..V::COUNT].as_ptr());
                    }
                    let [top, bottom] = to_places(m);
                    rows[0][x] = top;
                    rows[1][x] = bottom;
                }
                for (y, row) in rows.into_iter().enumerate() {
                    for (x, value) in to_places(row).into_iter().enumerate() {
                        value.store(to[(y * 2 + x) * width + half..][..V::COUNT].as_mut_ptr());
                    }
                }
            }
        }
    }
}

/// `Aᵀ m`.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn to_places<V: Lanes>([a, b, c, d]: [V; 4]) -> [V; 2] {
    // SAFETY: the caller vouches for the instructions.
    unsafe { [a.plus(b).plus(c), b.minus(c).minus(d)] }
}

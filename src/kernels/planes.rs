//! Pictures within zeros, and what windows see of them.

use std::borrow::Cow;

use super::parallel::{MIN_ELEMENTS, for_parts};

/// Where the numbers of channels `[channels, h, w]` lie within zeros. For a window that moves by `stride`, each channel is parted
/// into `stride * stride` planes: of every `stride`-th row and column, from each first one on. So what a pixel of the window sees,
/// from place to place, is side by side.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    /// Numbers of a channel within zeros.
    pub channel: usize,
    /// Numbers of a row.
    pub row: usize,
    /// Rows and columns of a channel.
    sides: [usize; 2],
    /// Zeros above, and to the left.
    first: [usize; 2],
    stride: usize,
}

impl Grid {
    /// Of channels of `sides`, within so many `zeros` above and below, and left and right.
    pub fn new(sides: [usize; 2], stride: usize, zeros: [[usize; 2]; 2]) -> Self {
        let [rows, row] = [0, 1].map(|axis| (zeros[axis][0] + sides[axis] + zeros[axis][1]).div_ceil(stride));
        let channel = stride * stride * rows * row;
        Self { channel, row, sides, first: zeros.map(|[first, _]| first), stride }
    }

    /// Where a pixel of the window is, from where the window's first one is in the first plane.
    pub fn tap(&self, [y, x]: [usize; 2]) -> usize {
        let plane = self.channel / (self.stride * self.stride);
        (y % self.stride * self.stride + x % self.stride) * plane
            + y / self.stride * self.row
            + x / self.stride
    }

    /// The same of several.
    pub fn taps(&self, pixels: impl IntoIterator<Item = [usize; 2]>) -> Vec<usize> {
        pixels.into_iter().map(|pixel| self.tap(pixel)).collect()
    }

    /// The channels of `x` `[channels, h, w]`.
    pub fn planes(self, x: &[f32]) -> Planes<'_> {
        let [h, w] = self.sides;
        if self.channel == h * w && self.stride == 1 {
            return Planes { values: Cow::Borrowed(x), grid: self };
        }
        Planes { values: Cow::Owned(self.with_spare(x, 0)), grid: self }
    }

    /// The numbers of the channels of `x` `[channels, h, w]` within their zeros, and as many zeros as `spare` says behind them.
    pub fn with_spare(&self, x: &[f32], spare: usize) -> Vec<f32> {
        let [h, w] = self.sides;
        let len = x.len() / (h * w) * self.channel;
        let mut values = vec![0.0; len + spare];
        for_parts(&mut values[..len], self.channel, len > MIN_ELEMENTS, |channel, to| {
            self.lay_out(&x[channel * h * w..][..h * w], to);
        });
        values
    }

    /// Lays out a channel `x` `[h, w]` within the zeros of `to`, which has them already.
    pub fn lay_out(&self, x: &[f32], to: &mut [f32]) {
        let w = self.sides[1];
        let [above, left] = self.first;
        if self.stride == 2 {
            return self.lay_out_pairs(x, to);
        }
        let [rows, columns] = self.sides.map(|side| self.stride.min(side));
        for (y, column) in (0..rows).flat_map(|y| (0..columns).map(move |column| (y, column))) {
            let mut at = self.tap([above + y, left + column]);
            for from in x.chunks_exact(w).skip(y).step_by(self.stride) {
                if self.stride == 1 {
                    copy_row(from, &mut to[at..][..w]);
                } else {
                    let from = from[column..].iter().step_by(self.stride);
                    to[at..].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
                at += self.row;
            }
        }
    }
}

impl Grid {
    /// The same where the stride is 2: both planes that a row goes to at once.
    fn lay_out_pairs(&self, x: &[f32], to: &mut [f32]) {
        let [above, left] = self.first;
        let plane = self.channel / 4;
        for (y, from) in x.chunks_exact(self.sides[1]).enumerate() {
            let (even, odd) = to[(above + y) % 2 * 2 * plane..][..2 * plane].split_at_mut(plane);
            let row = (above + y) / 2 * self.row;
            // Where the zeros are an odd number, the first column is in the second plane.
            let (first, second, next) = if left % 2 == 0 { (even, odd, 0) } else { (odd, even, 1) };
            let (first, second) = (&mut first[row + left / 2..], &mut second[row + left / 2 + next..]);
            let (pairs, last) = from.as_chunks::<2>();
            for ((pair, first), second) in pairs.iter().zip(&mut *first).zip(second) {
                (*first, *second) = (pair[0], pair[1]);
            }
            if let [last] = last {
                first[pairs.len()] = *last;
            }
        }
    }
}

/// Copies a row. A short one goes by two copies of a size that the compiler knows, which overlap: a call would take longer than they do.
fn copy_row(from: &[f32], to: &mut [f32]) {
    match from.len() {
        4..8 => copy_ends::<4>(from, to),
        8..16 => copy_ends::<8>(from, to),
        16..=32 => copy_ends::<16>(from, to),
        _ => to.copy_from_slice(from),
    }
}

/// Copies the first `N` and the last `N` numbers of a row that has at least as many, and no more than both.
fn copy_ends<const N: usize>(from: &[f32], to: &mut [f32]) {
    let last = from.len() - N;
    to[..N].copy_from_slice(&from[..N]);
    to[last..][..N].copy_from_slice(&from[last..][..N]);
}

/// Channels within zeros, as their [`Grid`] says.
pub(super) struct Planes<'a> {
    pub values: Cow<'a, [f32]>,
    pub grid: Grid,
}

/// What a window sees at each place: a matrix with a row for each channel and pixel of the window, and a column for each place.
pub(super) struct Patches<'a> {
    pub planes: &'a Planes<'a>,
    /// Where the first channel begins.
    pub first: usize,
    /// How many channels.
    pub channels: usize,
    /// The pixels of the window.
    pub taps: &'a [usize],
    /// Rows and columns of places.
    pub places: [usize; 2],
}

impl Patches<'_> {
    pub fn rows(&self) -> usize {
        self.channels * self.taps.len()
    }

    pub fn columns(&self) -> usize {
        self.places[0] * self.places[1]
    }

    /// Lays out a strip of `width` columns from `column` on: of rows from `row` on, as many as fit into `strip`. Missing
    /// columns are zeros.
    pub fn lay_out(&self, row: usize, column: usize, width: usize, strip: &mut [f32]) {
        // Of a size that the compiler knows, a copy is a few instructions, and no call.
        match width {
            8 => self.lay_out_strip::<8>(row, column, strip),
            16 => self.lay_out_strip::<16>(row, column, strip),
            32 => self.lay_out_strip::<32>(row, column, strip),
            _ => unreachable!("a strip is two vectors wide"),
        }
    }

    fn lay_out_strip<const WIDTH: usize>(&self, row: usize, column: usize, strip: &mut [f32]) {
        let columns = WIDTH.min(self.columns() - column);
        let place =
            |i: usize| (column + i) / self.places[1] * self.planes.grid.row + (column + i) % self.places[1];
        let first = place(0);
        // How much further than the first column each is, those that there are not as far as the last that there is.
        let further: [usize; WIDTH] = std::array::from_fn(|i| place(i.min(columns - 1)) - first);
        let last = further[WIDTH - 1];
        let is_one_run = columns == WIDTH && last == WIDTH - 1;
        let taps = self.taps.len();
        for (row, to) in (row..).zip(strip.as_chunks_mut::<WIDTH>().0) {
            let from = self.first + row / taps * self.planes.grid.channel + self.taps[row % taps] + first;
            let from = &self.planes.values[from..=from + last];
            match from.first_chunk::<WIDTH>().filter(|_| is_one_run) {
                Some(run) => *to = *run,
                None => {
                    to.iter_mut().zip(further).for_each(|(to, further)| *to = from[further]);
                    to[columns..].fill(0.0);
                }
            }
        }
    }
}

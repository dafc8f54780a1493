//! Pictures within zeros, and what windows see of them.

use std::borrow::Cow;

/// Channels `[channels, h, w]` within zeros. For a window that moves by `stride`, each is parted into `stride * stride` planes: of
/// every `stride`-th row and column, from each first one on. So what a pixel of the window sees, from place to place, is side by
/// side.
pub(super) struct Planes<'a> {
    pub values: Cow<'a, [f32]>,
    /// Numbers of a channel.
    pub channel: usize,
    /// Numbers of a row.
    pub row: usize,
    stride: usize,
}

impl<'a> Planes<'a> {
    /// `x` `[channels, h, w]` within so many `zeros` above and below, and left and right.
    pub fn new(x: &'a [f32], [h, w]: [usize; 2], stride: usize, zeros: [[usize; 2]; 2]) -> Self {
        let [[above, below], [left, right]] = zeros;
        let [rows, row] = [(above + h + below).div_ceil(stride), (left + w + right).div_ceil(stride)];
        let channel = stride * stride * rows * row;
        if stride == 1 && zeros == [[0; 2]; 2] {
            return Self { values: Cow::Borrowed(x), channel, row, stride };
        }
        let mut planes = Self { values: Cow::Borrowed(&[]), channel, row, stride };
        let mut values = vec![0.0; x.len() / (h * w) * channel];
        for (x, to) in x.chunks_exact(h * w).zip(values.chunks_exact_mut(channel)) {
            for (y, from) in x.chunks_exact(w).enumerate() {
                for phase in 0..stride.min(w) {
                    let to = to[planes.tap([above + y, left + phase])..].iter_mut();
                    to.zip(from[phase..].iter().step_by(stride)).for_each(|(to, from)| *to = *from);
                }
            }
        }
        planes.values = Cow::Owned(values);
        planes
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

    /// All numbers, and zeros behind them.
    pub fn with_spare(&mut self, count: usize) -> &[f32] {
        let values = self.values.to_mut();
        values.resize(values.len() + count, 0.0);
        values
    }
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

    /// Lays out a strip of `width` columns from `column` on: of rows from `row` on, as many as fit into `strip`. Columns that
    /// there are not are zeros.
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
            |i: usize| (column + i) / self.places[1] * self.planes.row + (column + i) % self.places[1];
        let first = place(0);
        // How much further than the first column each is, those that there are not as far as the last that there is.
        let further: [usize; WIDTH] = std::array::from_fn(|i| place(i.min(columns - 1)) - first);
        let last = further[WIDTH - 1];
        let is_one_run = columns == WIDTH && last == WIDTH - 1;
        let taps = self.taps.len();
        for (row, to) in (row..).zip(strip.as_chunks_mut::<WIDTH>().0) {
            let from = self.first + row / taps * self.planes.channel + self.taps[row % taps] + first;
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

//! Convolutions in which each channel goes by itself: there is no product of matrices, only weighted sums of shifted rows.

use std::mem::MaybeUninit;

use super::instructions::{Instructions, Work};
use super::lanes::Lanes;

/// `to` `[rows, columns]` becomes the sum of windows of `from`, whose rows are `stride` apart: at `taps`, by `weights`. [`SPARE`]
/// values more may be read behind each row.
pub(super) struct WeightedRows<'a> {
    pub from: &'a [f32],
    pub stride: usize,
    pub taps: &'a [usize],
    pub weights: &'a [f32],
    pub to: &'a mut [MaybeUninit<f32>],
    pub columns: usize,
}

/// How many numbers behind the last that is needed may be read.
pub(super) const SPARE: usize = 16;

/// Where what is read of so many rows ends: `columns` numbers from the last tap on.
fn end(rows: usize, stride: usize, taps: &[usize], columns: usize) -> Option<usize> {
    let last = taps.iter().max().copied().unwrap_or(0);
    rows.checked_sub(1)?.checked_mul(stride)?.checked_add(last)?.checked_add(columns)
}

impl WeightedRows<'_> {
    /// Computes the sums.
    pub fn sum(self, instructions: Instructions) {
        assert_eq!(self.taps.len(), self.weights.len());
        let end = end(self.to.len() / self.columns, self.stride, self.taps, self.columns + SPARE);
        assert!(end.is_some_and(|end| end <= self.from.len()), "all is there");
        instructions.run(self);
    }
}

impl Work for WeightedRows<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { from, stride, taps, weights, to, columns } = self;
        // SAFETY: the caller vouches for the instructions, and `sum` has checked the sizes.
        unsafe {
            match <&[usize; 9]>::try_from(taps) {
                // Nine vectors fit in registers, where the compiler knows their number.
                Ok(taps) => {
                    let mut vectors = [V::splat(0.0); 9];
                    splat(weights, &mut vectors);
                    rows(from, stride, taps, &vectors, to, columns);
                }
                Err(_) => {
                    let mut vectors = vec![V::splat(0.0); weights.len()];
                    splat(weights, &mut vectors);
                    rows(from, stride, taps, &vectors, to, columns);
                }
            }
        }
    }
}

/// Each weight as a vector.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn splat<V: Lanes>(weights: &[f32], vectors: &mut [V]) {
    for (vector, weight) in vectors.iter_mut().zip(weights) {
        // SAFETY: the caller vouches for the instructions.
        *vector = unsafe { V::splat(*weight) };
    }
}

/// The sums of [`WeightedRows`], by weights that are vectors.
///
/// # Safety
/// The processor has the instructions of `V`, and from each tap of each row `columns` values and [`SPARE`] more are there.
#[inline(always)]
unsafe fn rows<V: Lanes>(
    from: &[f32],
    stride: usize,
    taps: &[usize],
    weights: &[V],
    to: &mut [MaybeUninit<f32>],
    columns: usize,
) {
    // SAFETY: the caller vouches for it, and with two vectors a row has columns for both.
    unsafe {
        if columns >= 2 * V::COUNT {
            rows_by::<V, 2>(from, stride, taps, weights, to, columns);
        } else {
            rows_by::<V, 1>(from, stride, taps, weights, to, columns);
        }
    }
}

/// The same, `N` vectors at a time.
///
/// # Safety
/// As [`rows`]; with more than one vector, a row has at least as many columns as they.
#[inline(always)]
unsafe fn rows_by<V: Lanes, const N: usize>(
    from: &[f32],
    stride: usize,
    taps: &[usize],
    weights: &[V],
    to: &mut [MaybeUninit<f32>],
    columns: usize,
) {
    const { assert!(V::COUNT <= SPARE) };
    let width = N * V::COUNT;
    for (y, to) in to.chunks_exact_mut(columns).enumerate() {
        for x in (0..columns).step_by(width) {
            // The last vectors of a row overlap those before. Where there are none, the only one goes by way of `last`.
            let x = x.min(columns.saturating_sub(width));
            // SAFETY: the caller vouches for what is read, and a vector has no more values than `SPARE`; all that is written is within `to`.
            unsafe {
                let from = from.as_ptr().add(y * stride + x);
                let mut sums = [V::splat(0.0); N];
                for (tap, weight) in taps.iter().zip(weights) {
                    let from = from.add(*tap);
                    for (i, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.plus_product(*weight, V::load(from.add(i * V::COUNT)));
                    }
                }
                if x + width <= columns {
                    let to: *mut f32 = to[x..][..width].as_mut_ptr().cast();
                    for (i, sum) in sums.into_iter().enumerate() {
                        sum.store(to.add(i * V::COUNT));
                    }
                } else {
                    let mut last = [0.0; SPARE];
                    sums[0].store(last.as_mut_ptr());
                    to[x..].write_copy_of_slice(&last[..columns - x]);
                }
            }
        }
    }
}

/// `sums` grows, for each of `taps`, by the sum of `gradient` `[rows, columns]` times what is seen there of `from`, whose rows are
/// `stride` apart.
pub(super) struct Correlations<'a> {
    pub from: &'a [f32],
    pub stride: usize,
    pub taps: &'a [usize],
    pub gradient: &'a [f32],
    pub columns: usize,
    pub sums: &'a mut [f32],
}

impl Correlations<'_> {
    /// Computes the sums.
    pub fn add(self, instructions: Instructions) {
        assert_eq!(self.taps.len(), self.sums.len());
        let end = end(self.gradient.len() / self.columns, self.stride, self.taps, self.columns);
        assert!(end.is_some_and(|end| end <= self.from.len()), "all is there");
        instructions.run(self);
    }
}

impl Work for Correlations<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { from, stride, taps, gradient, columns, sums } = self;
        let full = columns / V::COUNT * V::COUNT;
        for (tap, total) in taps.iter().zip(sums) {
            let mut rest = 0.0;
            let mut parts = [0.0; SPARE];
            // SAFETY: vectors are within rows of `columns` values, which are there; `parts` has room for any vector.
            unsafe {
                let mut sum = V::splat(0.0);
                for (y, gradient) in gradient.chunks_exact(columns).enumerate() {
                    let from = &from[y * stride + tap..][..columns];
                    for x in (0..full).step_by(V::COUNT) {
                        let [a, b] = [from, gradient].map(|row| V::load(row[x..].as_ptr()));
                        sum = sum.plus_product(a, b);
                    }
                    rest += from[full..].iter().zip(&gradient[full..]).map(|(a, b)| a * b).sum::<f32>();
                }
                sum.store(parts.as_mut_ptr());
            }
            *total += rest + parts.iter().sum::<f32>();
        }
    }
}

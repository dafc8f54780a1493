//! A matrix by a vector, as in a fully connected layer. Each number of the matrix is read once, in the order in which it lies. Nothing
//! is laid out.

use std::mem::MaybeUninit;

use super::instructions::{Instructions, Work};
use super::lanes::{Lanes, WIDEST};
use super::parallel::{for_parts, rows_of_part};

/// Rows that are read at once.
const ROWS: usize = 4;
/// Vectors of a row that are summed side by side.
const SUMS: usize = 2;
/// Columns of a sum of rows that stay in the first cache.
const COLUMNS: usize = 2048;

/// `y` becomes each row of `weight` `[outputs, x]` times `x`; on all cores where `at_once`.
pub(super) fn times_vector(
    instructions: Instructions,
    weight: &[f32],
    x: &[f32],
    y: &mut [MaybeUninit<f32>],
    at_once: bool,
) {
    let part = rows_of_part(y.len());
    for_parts(y, part, at_once, |i, y| {
        let weight = &weight[i * part * x.len()..][..y.len() * x.len()];
        instructions.run(Dots { weight, x, y });
    });
}

/// The sum of the rows of `weight` `[gradient, x]`, each times its number of `gradient`, added to `x`; on all cores where `at_once`. Rows
/// whose number is 0, as after a ReLU, are not read.
pub(super) fn sum_of_rows(
    instructions: Instructions,
    weight: &[f32],
    gradient: &[f32],
    x: &mut [f32],
    at_once: bool,
) {
    let columns = x.len();
    let rows: Vec<(usize, f32)> =
        gradient.iter().copied().enumerate().filter(|(_, factor)| *factor != 0.0).collect();
    for_parts(x, COLUMNS, at_once, |i, to| {
        let weight = &weight[i * COLUMNS..];
        for rows in rows.chunks(ROWS) {
            let row = |i: usize| {
                rows.get(i).map_or((&[][..], 0.0), |&(row, by)| (&weight[row * columns..][..to.len()], by))
            };
            instructions.run(Rows { rows: std::array::from_fn(row), to: &mut *to });
        }
    });
}

/// `y[i]` becomes row `i` of `weight` times `x`.
struct Dots<'a> {
    weight: &'a [f32],
    x: &'a [f32],
    y: &'a mut [MaybeUninit<f32>],
}

impl Work for Dots<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { weight, x, y } = self;
        let tiles = weight.chunks(ROWS * x.len());
        for (weight, y) in tiles.zip(y.chunks_mut(ROWS)) {
            // SAFETY: the caller vouches for the instructions.
            unsafe {
                match <&mut [MaybeUninit<f32>; ROWS]>::try_from(&mut *y) {
                    Ok(y) => dots::<V, ROWS>(weight, x, y),
                    Err(_) => {
                        for (weight, y) in weight.chunks_exact(x.len()).zip(y) {
                            dots::<V, 1>(weight, x, std::array::from_mut(y));
                        }
                    }
                }
            }
        }
    }
}

/// The same of `N` rows.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn dots<V: Lanes, const N: usize>(weight: &[f32], x: &[f32], y: &mut [MaybeUninit<f32>; N]) {
    const { assert!(SUMS * V::COUNT <= WIDEST) };
    let full = x.len() / (SUMS * V::COUNT) * (SUMS * V::COUNT);
    assert_eq!(weight.len(), N * x.len(), "as many rows");
    // SAFETY: vectors are read from the first `full` numbers of `x` and of each row, and `parts` has room for all sums of a row.
    unsafe {
        let mut sums = [[V::splat(0.0); SUMS]; N];
        for at in (0..full).step_by(SUMS * V::COUNT) {
            for part in 0..SUMS {
                let at = at + part * V::COUNT;
                let seen = V::load(x.as_ptr().add(at));
                for (row, sums) in sums.iter_mut().enumerate() {
                    let weights = V::load(weight.as_ptr().add(row * x.len() + at));
                    sums[part] = sums[part].plus_product(weights, seen);
                }
            }
        }
        for (row, (sums, y)) in sums.into_iter().zip(y).enumerate() {
            let mut parts = [0.0; WIDEST];
            for (part, sum) in sums.into_iter().enumerate() {
                sum.store(parts.as_mut_ptr().add(part * V::COUNT));
            }
            let rest = weight[row * x.len()..][..x.len()][full..].iter().zip(&x[full..]);
            y.write(parts.iter().sum::<f32>() + rest.map(|(weight, x)| weight * x).sum::<f32>());
        }
    }
}

/// `to` grows by `rows`, each times its factor; those of factor 0 may be empty.
struct Rows<'a> {
    rows: [(&'a [f32], f32); ROWS],
    to: &'a mut [f32],
}

impl Work for Rows<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { rows, to } = self;
        let full = to.len() / V::COUNT * V::COUNT;
        if rows.iter().all(|(row, _)| row.len() == to.len()) {
            // SAFETY: the caller vouches for the instructions, and all rows are as long as `to`.
            unsafe {
                let mut factors = [V::splat(0.0); ROWS];
                for (factor, (_, by)) in factors.iter_mut().zip(&rows) {
                    *factor = V::splat(*by);
                }
                for at in (0..full).step_by(V::COUNT) {
                    let mut sum = V::load(to.as_ptr().add(at));
                    for (factor, (row, _)) in factors.iter().zip(&rows) {
                        sum = sum.plus_product(*factor, V::load(row.as_ptr().add(at)));
                    }
                    sum.store(to.as_mut_ptr().add(at));
                }
            }
            for (row, by) in rows {
                to[full..].iter_mut().zip(&row[full..]).for_each(|(to, weight)| *to += by * weight);
            }
        } else {
            for (row, by) in rows {
                to.iter_mut().zip(row).for_each(|(to, weight)| *to += by * weight);
            }
        }
    }
}

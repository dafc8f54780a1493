//! The product of two matrices: one read where it is, the other laid out for it.

use super::lanes::{Instructions, Lanes, Work};

/// A matrix that is read where it is: row `i`, column `k` is `values[rows[i] + columns[k]]`.
///
/// A weight's rows are that; so are the rows of a turned one, and what each pixel of a window sees.
#[derive(Clone, Copy)]
pub(super) struct Scattered<'a> {
    pub values: &'a [f32],
    pub rows: &'a [usize],
    pub columns: &'a [usize],
}

/// A matrix in strips of [`width`](Strips::width) columns, each row after row; the last one is filled up.
#[derive(Clone, Copy)]
pub(super) struct Strips<'a> {
    pub values: &'a [f32],
    pub rows: usize,
    pub columns: usize,
}

/// Where a product goes: its rows are `stride` apart.
pub(super) struct Target<'a> {
    pub values: &'a mut [f32],
    pub stride: usize,
    /// Whether the product is added to what is there.
    pub adds: bool,
}

impl Strips<'_> {
    /// Columns of a strip: two vectors.
    pub fn width(instructions: Instructions) -> usize {
        2 * instructions.lanes()
    }
}

/// The product of `a` and `b`.
pub(super) fn multiply(instructions: Instructions, a: Scattered, b: Strips, target: Target) {
    let width = Strips::width(instructions);
    let last = |places: &[usize]| places.iter().copied().max().unwrap_or(0);
    let [height, stride] = [a.rows.len(), target.stride];
    if height == 0 || b.rows == 0 {
        return;
    }
    assert_eq!(a.columns.len(), b.rows, "the sums run over the columns of one and the rows of the other");
    let laid_out = b.columns.next_multiple_of(width).checked_mul(b.rows);
    assert_eq!(laid_out, Some(b.values.len()), "strips are filled up");
    let farthest = last(a.rows).checked_add(last(a.columns));
    assert!(farthest.is_some_and(|at| at < a.values.len()), "every number of the one matrix is there");
    let end = (height - 1).checked_mul(stride).and_then(|first| first.checked_add(b.columns));
    assert!(b.columns <= stride && end.is_some_and(|end| end <= target.values.len()), "it has a place");
    instructions.run(Product { a, b, target });
}

/// A product whose sizes were checked.
struct Product<'a> {
    a: Scattered<'a>,
    b: Strips<'a>,
    target: Target<'a>,
}

/// Calls `tile` for as many rows as `$height` says, which is at most that of the tallest tile.
macro_rules! tile {
    ($lanes:ty, $height:expr, [$($rows:literal),*], $arguments:tt) => {
        match $height {
            $($rows if $rows <= <$lanes>::ROWS => tile::<$lanes, $rows> $arguments,)*
            height => unreachable!("no tile has {height} rows"),
        }
    };
}

impl Work for Product<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Self { a, b, target: Target { values, stride, adds } } = self;
        for (strip, panel) in b.values.chunks_exact(2 * V::COUNT * b.rows).enumerate() {
            let first = strip * 2 * V::COUNT;
            let columns = (b.columns - first).min(2 * V::COUNT);
            let mut done = 0;
            // Tiles of nearly the same height: one of a single row would take as long for it as others for all of theirs.
            for tiles in (1..=a.rows.len().div_ceil(V::ROWS)).rev() {
                let height = (a.rows.len() - done).div_ceil(tiles);
                let a = Scattered { rows: &a.rows[done..done + height], ..a };
                let to = &mut values[done * stride + first..][..(height - 1) * stride + columns];
                let to = Target { values: to, stride, adds };
                // SAFETY: `multiply` has checked that `a` has its numbers, and `panel` has a row for each of its columns.
                unsafe { tile!(V, height, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (a, panel, to, columns)) };
                done += height;
            }
        }
    }
}

/// `ROWS` rows of the product, `columns` of one strip `panel`.
///
/// # Safety
/// The processor has the instructions of `V`. `a` has `ROWS` rows, and every number of theirs; `panel` has a row of two vectors for
/// each column of `a`, and `target` has `ROWS` rows of `columns`, which are at most those of two vectors.
#[inline(always)]
unsafe fn tile<V: Lanes, const ROWS: usize>(a: Scattered, panel: &[f32], target: Target, columns: usize) {
    // The most lanes, twice.
    let mut full = [0.0; 32];
    // SAFETY: all that is read and written is what the caller vouches for; a strip that is not full goes by way of `full`.
    unsafe {
        let mut rows = [a.values.as_ptr(); ROWS];
        for (row, start) in rows.iter_mut().zip(a.rows) {
            *row = row.add(*start);
        }
        let mut sums = [[V::splat(0.0); 2]; ROWS];
        let mut b = panel.as_ptr();
        for &column in a.columns {
            let [left, right] = [V::load(b), V::load(b.add(V::COUNT))];
            for (sum, row) in sums.iter_mut().zip(&rows) {
                let factor = V::splat(*row.add(column));
                sum[0] = sum[0].plus_product(factor, left);
                sum[1] = sum[1].plus_product(factor, right);
            }
            b = b.add(2 * V::COUNT);
        }
        for (to, [left, right]) in target.values.chunks_mut(target.stride).zip(sums) {
            if columns == 2 * V::COUNT {
                let to = to.as_mut_ptr();
                let second = to.add(V::COUNT);
                let [left, right] = match target.adds {
                    true => [V::load(to).plus(left), V::load(second).plus(right)],
                    false => [left, right],
                };
                left.store(to);
                right.store(second);
            } else {
                left.store(full.as_mut_ptr());
                right.store(full.as_mut_ptr().add(V::COUNT));
                for (to, sum) in to.iter_mut().zip(&full[..columns]) {
                    *to = if target.adds { *to + sum } else { *sum };
                }
            }
        }
    }
}

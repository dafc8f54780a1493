//! The product of two matrices: one read where it is, the other laid out for it.

use std::marker::PhantomData;
use std::ops::Range;

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

/// Where a product goes: a block of a matrix. Blocks that do not overlap can be written at once.
pub(super) struct Target<'a> {
    first: *mut f32,
    rows: usize,
    columns: usize,
    /// How far apart rows are.
    stride: usize,
    values: PhantomData<&'a mut [f32]>,
}

// SAFETY: only its owner reaches its numbers, as those of a `&mut [f32]`.
unsafe impl Send for Target<'_> {}

impl<'a> Target<'a> {
    /// A whole matrix, whose rows have so many columns.
    pub fn new(values: &'a mut [f32], columns: usize) -> Self {
        assert!(values.len().is_multiple_of(columns), "every row is whole");
        let (first, rows) = (values.as_mut_ptr(), values.len() / columns);
        Self { first, rows, columns, stride: columns, values: PhantomData }
    }

    /// How many rows and columns it has.
    pub fn sides(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// The block of some of its rows and columns.
    pub fn block(&mut self, rows: Range<usize>, columns: Range<usize>) -> Target<'_> {
        assert!(rows.start <= rows.end && rows.end <= self.rows, "its rows");
        assert!(columns.start <= columns.end && columns.end <= self.columns, "its columns");
        // Where it holds no number, its first place may be behind the last one.
        let first = self.first.wrapping_add(rows.start * self.stride + columns.start);
        let (rows, columns) = (rows.len(), columns.len());
        Target { first, rows, columns, stride: self.stride, values: PhantomData }
    }

    /// Blocks of all rows and so many columns; the last one may have fewer.
    pub fn into_columns(self, size: usize) -> Vec<Self> {
        let block = |first: usize| {
            let columns = size.min(self.columns - first);
            Self { first: self.first.wrapping_add(first), columns, ..self }
        };
        (0..self.columns).step_by(size).map(block).collect()
    }

    /// One of its rows.
    pub fn row(&mut self, row: usize) -> &mut [f32] {
        assert!(row < self.rows, "one of its rows");
        // SAFETY: the row is within the matrix, and nobody else reaches it while this is borrowed.
        unsafe { std::slice::from_raw_parts_mut(self.first.add(row * self.stride), self.columns) }
    }
}

impl Strips<'_> {
    /// Columns of a strip: two vectors.
    pub fn width(instructions: Instructions) -> usize {
        2 * instructions.lanes()
    }
}

/// The product of `a` and `b`, added to what is there where it `adds`.
pub(super) fn multiply(instructions: Instructions, a: Scattered, b: Strips, target: Target, adds: bool) {
    let width = Strips::width(instructions);
    let last = |places: &[usize]| places.iter().copied().max().unwrap_or(0);
    if a.rows.is_empty() || b.rows == 0 {
        return;
    }
    assert_eq!(a.columns.len(), b.rows, "the sums run over the columns of one and the rows of the other");
    let laid_out = b.columns.next_multiple_of(width).checked_mul(b.rows);
    assert_eq!(laid_out, Some(b.values.len()), "strips are filled up");
    let farthest = last(a.rows).checked_add(last(a.columns));
    assert!(farthest.is_some_and(|at| at < a.values.len()), "every number of the one matrix is there");
    assert_eq!([target.rows, target.columns], [a.rows.len(), b.columns], "it has a place");
    instructions.run(Product { a, b, target, adds });
}

/// A product whose sizes were checked.
struct Product<'a> {
    a: Scattered<'a>,
    b: Strips<'a>,
    target: Target<'a>,
    adds: bool,
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
        let Self { a, b, mut target, adds } = self;
        let width = 2 * V::COUNT;
        // Tiles of nearly the same height: one of a single row would take as long for it as others for all of theirs.
        let tiles = a.rows.len().div_ceil(V::ROWS);
        let (height, taller) = (a.rows.len() / tiles, a.rows.len() % tiles);
        for (strip, panel) in b.values.chunks_exact(width * b.rows).enumerate() {
            let columns = strip * width..b.columns.min((strip + 1) * width);
            let mut done = 0;
            for tile in 0..tiles {
                let rows = done..done + height + usize::from(tile < taller);
                done = rows.end;
                let a = Scattered { rows: &a.rows[rows.clone()], ..a };
                let to = target.block(rows.clone(), columns.clone());
                // SAFETY: `multiply` has checked that `a` has its numbers, and `panel` has a row for each of its columns.
                unsafe { tile!(V, rows.len(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (a, panel, to, adds)) };
            }
        }
    }
}

/// `ROWS` rows of the product, and the columns of one strip `panel`.
///
/// # Safety
/// The processor has the instructions of `V`. `a` has `ROWS` rows, and every number of theirs; `panel` has a row of two vectors for
/// each column of `a`, and `target` has `ROWS` rows of at most as many columns as two vectors.
#[inline(always)]
unsafe fn tile<V: Lanes, const ROWS: usize>(a: Scattered, panel: &[f32], target: Target, adds: bool) {
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
        for (row, [left, right]) in sums.into_iter().enumerate() {
            let to = target.first.add(row * target.stride);
            if target.columns == 2 * V::COUNT {
                let second = to.add(V::COUNT);
                let [left, right] = match adds {
                    true => [V::load(to).plus(left), V::load(second).plus(right)],
                    false => [left, right],
                };
                left.store(to);
                right.store(second);
            } else {
                left.store(full.as_mut_ptr());
                right.store(full.as_mut_ptr().add(V::COUNT));
                for (column, sum) in full[..target.columns].iter().enumerate() {
                    let to = to.add(column);
                    *to = if adds { *to + sum } else { *sum };
                }
            }
        }
    }
}

//! The product of two matrices: one read where it is, the other laid out for it.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::num::NonZero;
use std::ops::Range;

use super::instructions::Instructions;
use super::lanes::WIDEST;
use super::tile::Product;

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

/// Where a product goes: a block of a matrix, which may hold no numbers yet. Blocks that do not overlap can be written at once.
pub(super) struct Target<'a> {
    first: *mut f32,
    rows: usize,
    columns: usize,
    /// How far apart rows are.
    stride: usize,
    values: PhantomData<&'a mut [MaybeUninit<f32>]>,
}

// SAFETY: only its owner reaches its numbers, as those of a `&mut [MaybeUninit<f32>]`.
unsafe impl Send for Target<'_> {}

impl<'a> Target<'a> {
    /// A whole matrix, whose rows have so many columns.
    pub fn new(values: &'a mut [MaybeUninit<f32>], columns: usize) -> Self {
        assert!(values.len().is_multiple_of(columns), "every row is whole");
        let (first, rows) = (values.as_mut_ptr().cast(), values.len() / columns);
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
    pub fn row(&mut self, row: usize) -> &mut [MaybeUninit<f32>] {
        assert!(row < self.rows, "one of its rows");
        // SAFETY: the row is within the matrix, and nobody else reaches it while this is borrowed.
        unsafe { std::slice::from_raw_parts_mut(self.first.add(row * self.stride).cast(), self.columns) }
    }

    /// Does to each row, by its number, what comes after.
    ///
    /// # Safety
    /// All of its numbers were written.
    pub unsafe fn finish(&mut self, after: impl Fn(usize, &mut [f32])) {
        for row in 0..self.rows {
            // SAFETY: the caller vouches for it.
            after(row, unsafe { self.row(row).assume_init_mut() });
        }
    }
}

impl Strips<'_> {
    /// Columns of a strip: two vectors.
    pub fn width(instructions: Instructions) -> usize {
        2 * instructions.lanes()
    }
}

/// Numbers that are there already, as those that may not be.
pub(super) fn unwritten(values: &mut [f32]) -> &mut [MaybeUninit<f32>] {
    // SAFETY: whoever gets them only writes numbers, and both have one layout.
    unsafe { &mut *(&raw mut *values as *mut [MaybeUninit<f32>]) }
}

/// The product of `a` and `b`; where it `adds`, to what was written there. Without rows of `b`, nothing is written.
pub(super) fn multiply(instructions: Instructions, a: Scattered, b: Strips, target: Target, adds: bool) {
    let width = Strips::width(instructions);
    let last = |places: &[usize]| places.iter().copied().max().unwrap_or(0);
    let Some(height) = NonZero::new(a.rows.len()).filter(|_| b.rows > 0) else { return };
    assert_eq!(a.columns.len(), b.rows, "the sums run over the columns of one and the rows of the other");
    let laid_out = b.columns.next_multiple_of(width).checked_mul(b.rows);
    assert_eq!(laid_out, Some(b.values.len()), "strips are filled up");
    let farthest = last(a.rows).checked_add(last(a.columns));
    assert!(farthest.is_some_and(|at| at < a.values.len()), "every number of the one matrix is there");
    assert_eq!([target.rows, target.columns], [a.rows.len(), b.columns], "it has a place");
    let mut spare = [0.0; WIDEST];
    instructions.run(Product {
        values: a.values.as_ptr(),
        rows: a.rows.as_ptr(),
        height,
        columns: a.columns.as_ptr(),
        depth: b.rows,
        strips: b.values.as_ptr(),
        to: target.first,
        stride: target.stride,
        width: target.columns,
        adds,
        spare: spare.as_mut_ptr(),
    });
}

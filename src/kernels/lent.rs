//! Threads that are lent from outside. In a browser these are workers, which only JavaScript can start.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

/// Calls `work` with `context` and each number below `pieces`, on several threads at once, and returns when all calls have.
pub type Run = fn(work: unsafe extern "C" fn(*const c_void, usize), context: *const c_void, pieces: usize);

/// The most pieces for each thread. A piece is several small parts: asking for the next one takes longer than a small part.
const PIECES: usize = 8;

/// Threads that were lent.
pub(super) struct LentThreads {
    pub threads: usize,
    run: Run,
    /// Whether they are at work: then a caller works alone.
    busy: AtomicBool,
}

/// A slice cut into parts of `size` values, `parts` of which make a piece, and the work on each part.
struct Parts<'a, T, F> {
    values: *mut T,
    len: usize,
    size: usize,
    parts: usize,
    work: &'a F,
}

impl LentThreads {
    /// # Safety
    /// `run` calls once with each number.
    pub const unsafe fn new(threads: usize, run: Run) -> Self {
        Self { threads, run, busy: AtomicBool::new(false) }
    }

    /// Calls `work` with the number of each part of `size` values, and the part. Returns false, and calls nothing, where the threads
    /// are at work already.
    pub fn for_parts<T: Send, F: Fn(usize, &mut [T]) + Sync>(
        &self,
        values: &mut [T],
        size: usize,
        work: &F,
    ) -> bool {
        if self.busy.swap(true, Ordering::Acquire) {
            return false;
        }
        let parts = values.len().div_ceil(size).div_ceil(self.threads * PIECES);
        let pieces = values.len().div_ceil(size * parts);
        let parts = Parts { values: values.as_mut_ptr(), len: values.len(), size, parts, work };
        (self.run)(piece::<T, F>, (&raw const parts).cast(), pieces);
        self.busy.store(false, Ordering::Release);
        true
    }
}

/// Does the parts of one piece.
///
/// # Safety
/// `parts` points to [`Parts`] of the same `T` and `F`, which have a piece of this number, and no other call has it.
unsafe extern "C" fn piece<T: Send, F: Fn(usize, &mut [T]) + Sync>(parts: *const c_void, number: usize) {
    // SAFETY: the caller vouches for it; pieces do not overlap, and the slice is borrowed until all are done.
    unsafe {
        let Parts { values, len, size, parts, work } = &*parts.cast::<Parts<T, F>>();
        let first = number * parts * size;
        let piece = std::slice::from_raw_parts_mut(values.add(first), (parts * size).min(len - first));
        piece.chunks_mut(*size).enumerate().for_each(|(i, part)| work(number * parts + i, part));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Three threads, each of which takes the next piece.
    fn run(work: unsafe extern "C" fn(*const c_void, usize), context: *const c_void, pieces: usize) {
        let next = AtomicUsize::new(0);
        let context = context.expose_provenance();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= pieces {
                            break;
                        }
                        // SAFETY: each number comes once, and `context` is borrowed meanwhile.
                        unsafe { work(std::ptr::with_exposed_provenance(context), number) };
                    }
                });
            }
        });
    }

    #[test]
    fn each_part_is_worked_on_once_and_no_thread_waits_for_itself() {
        // SAFETY: `run` calls once with each number.
        let lent = unsafe { LentThreads::new(3, run) };
        for len in [1, 9, 10, 11, 95, 995] {
            let mut values = vec![0.0; len];
            let done = lent.for_parts(&mut values, 10, &|number, part| {
                let within = lent.for_parts(&mut [0.0; 3], 1, &|_, _| ());
                assert!(!within, "they are at work");
                part.iter_mut().for_each(|value| *value += (number + 1) as f32);
            });
            assert!(done);
            let expected: Vec<f32> = (0..len).map(|i| (i / 10 + 1) as f32).collect();
            assert_eq!(values, expected);
        }
    }
}

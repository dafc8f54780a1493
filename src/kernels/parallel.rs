//! Parts of a slice, on all cores where there is more than one.

#[cfg(target_arch = "wasm32")]
use std::sync::OnceLock;

#[cfg(target_arch = "wasm32")]
use super::lent::LentThreads;

/// Elements from which on a thread is worth its start, where little is done to each. In a browser a start takes longer.
pub(crate) const MIN_ELEMENTS: usize = if cfg!(target_arch = "wasm32") { 1 << 17 } else { 1 << 14 };
/// Products from which on several threads are faster: with fewer, it takes longer to bring the numbers from one core to another.
pub(super) const MIN_PRODUCTS: usize = 1 << 20;

/// The threads of a browser, where it lends any.
#[cfg(target_arch = "wasm32")]
static LENT: OnceLock<LentThreads> = OnceLock::new();

/// From now on the CPU's computations run on so many `threads`, by `run`: it calls the function with its context and each number below
/// the last argument, on several threads at once, and returns when all calls have.
///
/// # Safety
/// `run` calls once with each number, in instances of this module on this memory, each with a stack of its own. The allocator is locked.
#[cfg(target_arch = "wasm32")]
pub unsafe fn lend_threads(threads: usize, run: super::lent::Run) {
    // SAFETY: the caller vouches for it.
    assert!(LENT.set(unsafe { LentThreads::new(threads, run) }).is_ok(), "threads are lent once");
}

/// Calls `work` with the number of each part of `size` values, and the part; several `at_once` where there are threads for it.
pub(crate) fn for_parts<T, F>(values: &mut [T], size: usize, at_once: bool, work: F)
where
    T: Send,
    F: Fn(usize, &mut [T]) + Sync,
{
    if values.is_empty() {
        return;
    }
    if at_once && values.len() > size && threads() > 1 {
        #[cfg(not(target_arch = "wasm32"))]
        {
            use rayon::prelude::*;
            values.par_chunks_mut(size).enumerate().for_each(|(i, part)| work(i, part));
            return;
        }
        #[cfg(target_arch = "wasm32")]
        if LENT.get().is_some_and(|lent| lent.for_parts(values, size, &work)) {
            return;
        }
    }
    values.chunks_mut(size).enumerate().for_each(|(i, part)| work(i, part));
}

/// How many of the `rows` of a product make a part, where several threads share it.
pub(super) fn rows_of_part(rows: usize) -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    return rows.div_ceil(threads());
    // Workers of a browser are often held up: more parts, of whole tiles, so that others go on.
    #[cfg(target_arch = "wasm32")]
    rows.div_ceil(2 * threads()).next_multiple_of(4)
}

/// Does `work` on one of the threads that [`for_parts`] uses. From there, parts are shared out without putting a thread to sleep and
/// waking it for each.
pub(super) fn among_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    #[cfg(not(target_arch = "wasm32"))]
    return rayon::scope(|_| work());
    #[cfg(target_arch = "wasm32")]
    work()
}

/// How many threads the CPU's computations run on: one for each core, or as `RAYON_NUM_THREADS` says; in a browser, those that were lent.
pub fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    return rayon::current_num_threads();
    #[cfg(target_arch = "wasm32")]
    LENT.get().map_or(1, |lent| lent.threads)
}

//! The tensors of weight files that were read, as the files have them: a model that was dropped, or that is made anew of the same
//! file, need not read it again. Large ones are not kept, since they would take the memory that models are for.

use cam_lucida::weights::Weights;
use web_sys::Blob;

use crate::store::Store;

/// A weight file of the page, by an id that no other file of the page has.
pub struct WeightFile {
    pub blob: Blob,
    pub id: u32,
}

struct Kept {
    file_id: u32,
    state: Option<String>,
    weights: Weights,
}

/// Tensors by the id of their file, and the state that was asked for.
pub struct Files(Store<Kept>);

impl Files {
    /// None yet, of up to `capacity` bytes together.
    pub fn new(capacity: usize) -> Self {
        Self(Store::new(capacity))
    }

    /// Those of a file.
    pub fn get(&mut self, file_id: u32, state: Option<&str>) -> Option<Weights> {
        let found = self.0.find(|kept| kept.file_id == file_id && kept.state.as_deref() == state);
        found.map(|kept| kept.weights.clone())
    }

    /// Keeps those of a file, of so many bytes, if they are few enough.
    pub fn keep(&mut self, file_id: u32, state: Option<&str>, weights: &Weights, bytes: u64) {
        let small = usize::try_from(bytes).ok().filter(|&bytes| self.0.holds(bytes));
        if let Some(bytes) = small {
            self.0.insert(Kept { file_id, state: state.map(String::from), weights: weights.clone() }, bytes);
        }
    }

    /// Drops those of the file that was used the longest time ago; `false` when there was none.
    pub fn evict(&mut self) -> bool {
        self.0.evict(None)
    }
}

//! What the engine keeps for the page, by id, up to so many bytes. (The crate `lru` counts entries, not bytes.)

use std::sync::atomic::{AtomicU32, Ordering};

/// No id is given twice, in whatever store, so that none is taken for another's.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Values by id. When they outgrow the capacity, the least recently used go first.
pub struct Store<T> {
    capacity: usize,
    /// The least recently used first.
    entries: Vec<Entry<T>>,
}

struct Entry<T> {
    id: u32,
    bytes: usize,
    value: T,
}

impl<T> Store<T> {
    /// An empty store for `capacity` bytes.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, entries: Vec::new() }
    }

    /// Keeps a value of this size and gives its id. One that is larger than the whole capacity is kept alone.
    pub fn insert(&mut self, value: T, bytes: usize) -> u32 {
        self.make_room(bytes);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        self.entries.push(Entry { id, bytes, value });
        id
    }

    /// Drops values, the least recently used first, until a new one of this size fits or nothing is left.
    pub fn make_room(&mut self, bytes: usize) {
        while self.bytes().saturating_add(bytes) > self.capacity && self.evict(None) {}
    }

    /// Drops the least recently used value other than `needed`; `false` when there was none.
    pub fn evict(&mut self, needed: Option<u32>) -> bool {
        let Some(at) = self.entries.iter().position(|entry| Some(entry.id) != needed) else { return false };
        self.entries.remove(at);
        true
    }

    /// The value, which counts as used now; `None` when it was dropped.
    pub fn get(&mut self, id: u32) -> Option<&T> {
        let at = self.entries.iter().position(|entry| entry.id == id)?;
        let entry = self.entries.remove(at);
        self.entries.push(entry);
        self.entries.last().map(|entry| &entry.value)
    }

    /// The first value that `is` so, which counts as used now.
    pub fn find(&mut self, is: impl Fn(&T) -> bool) -> Option<&T> {
        let id = self.entries.iter().find(|entry| is(&entry.value))?.id;
        self.get(id)
    }

    /// Whether a value of this size finds room beside no other.
    pub fn holds(&self, bytes: usize) -> bool {
        bytes <= self.capacity
    }

    /// Drops a value; nothing happens when it was dropped before.
    pub fn release(&mut self, id: u32) {
        self.entries.retain(|entry| entry.id != id);
    }

    /// The size of all that is kept.
    pub fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| entry.bytes).sum()
    }
}

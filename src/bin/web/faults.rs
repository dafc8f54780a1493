//! What the GPU libraries only log: on wasm a shader that fails validation does not stop its kernel's callers,
//! which then read stale or zero data. Whoever shows a result asks here first.

use std::cell::RefCell;

use cam_lucida::{Error, Result};
use log::{Level, LevelFilter, Log, Metadata, Record};

thread_local! {
    static LOGGED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Watch;

/// Starts listening.
pub fn watch() {
    if log::set_logger(&Watch).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}

/// Fails if anything has gone wrong on the GPU since the start; it cannot be trusted from then on.
pub fn check() -> Result<()> {
    LOGGED.with_borrow(|logged| match logged.first() {
        None => Ok(()),
        Some(first) => Err(Error::device_fault(first)),
    })
}

impl Log for Watch {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record) {
        let message = format!("{}: {}", record.target(), record.args());
        web_sys::console::warn_1(&message.as_str().into());
        LOGGED.with_borrow_mut(|logged| logged.push(message));
    }

    fn flush(&self) {}
}

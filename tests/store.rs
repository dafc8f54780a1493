//! The web engine's store of models, pictures and explanations.

#[path = "../src/bin/web/store.rs"]
mod store;

use std::rc::Rc;

use store::Store;

/// Which of these are still there.
fn kept<const N: usize, T>(store: &mut Store<T>, ids: [u32; N]) -> [bool; N] {
    ids.map(|id| store.get(id).is_some())
}

#[test]
fn values_are_found_by_their_ids() {
    let mut store = Store::new(10);
    let (a, b) = (store.insert("a", 4), store.insert("b", 6));
    assert_eq!(store.get(a), Some(&"a"));
    assert_eq!(store.get(b), Some(&"b"));
    assert_eq!(store.bytes(), 10);
}

#[test]
fn the_least_recently_used_goes_first() {
    let mut store = Store::new(10);
    let [a, b] = ["a", "b"].map(|value| store.insert(value, 5));
    assert_eq!(store.get(a), Some(&"a"));
    let c = store.insert("c", 5);
    assert_eq!(kept(&mut store, [a, b, c]), [true, false, true]);
}

#[test]
fn as_many_go_as_a_new_one_needs_and_no_more() {
    let mut store = Store::new(10);
    let ids = [2, 3, 1, 4].map(|bytes| store.insert((), bytes));
    for _ in 0..2 {
        store.make_room(5);
        assert_eq!(kept(&mut store, ids), [false, false, true, true]);
    }
}

#[test]
fn one_that_is_larger_than_the_capacity_is_kept_alone() {
    let mut store = Store::new(10);
    let small = store.insert("small", 1);
    let large = store.insert("large", 1000);
    assert_eq!(kept(&mut store, [small, large]), [false, true]);
    let larger = store.insert("larger", usize::MAX);
    assert_eq!(kept(&mut store, [large, larger]), [false, true]);
    let small = store.insert("small", 1);
    assert_eq!(kept(&mut store, [larger, small]), [false, true]);
}

#[test]
fn what_is_released_or_evicted_is_freed_at_once() {
    let value = Rc::new(());
    let mut store = Store::new(10);
    let id = store.insert(Rc::clone(&value), 5);
    store.release(id);
    store.release(id);
    assert_eq!((Rc::strong_count(&value), store.bytes()), (1, 0));
    store.insert(Rc::clone(&value), 5);
    assert!(store.evict(None));
    assert!(!store.evict(None));
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn no_id_is_given_twice_in_whatever_store() {
    let mut stores = [Store::new(1), Store::new(1)];
    let mut ids: Vec<u32> = (0..8).map(|i| stores[i % 2].insert((), 1)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 8);
}

#[test]
fn what_is_needed_makes_no_room() {
    let mut store = Store::new(10);
    let [a, b] = ["a", "b"].map(|value| store.insert(value, 5));
    assert!(store.evict(Some(a)));
    assert!(!store.evict(Some(a)));
    assert_eq!(kept(&mut store, [a, b]), [true, false]);
}

#[test]
fn a_value_that_is_found_by_what_it_is_counts_as_used() {
    let mut store = Store::new(10);
    let [a, b] = ["a", "b"].map(|value| store.insert(value, 5));
    assert_eq!(store.find(|value| value.starts_with('a')), Some(&"a"));
    assert_eq!(store.find(|value| value.is_empty()), None);
    let c = store.insert("c", 5);
    assert_eq!(kept(&mut store, [a, b, c]), [true, false, true]);
    assert_eq!([10, 11].map(|bytes| store.holds(bytes)), [true, false]);
}

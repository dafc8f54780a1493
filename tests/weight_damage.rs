//! Damaged and hostile weight files: each is an error that says what is wrong, within two seconds, without a panic, and
//! without more memory than the file has and 16 MiB beside it.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cam_lucida::Result;
use cam_lucida::network::Architecture;
use cam_lucida::network::Parameters;
use cam_lucida::weights::Weights;
use common::torch_file::{Member, Pickle, archive, legacy_start, one_tensor};
use serde_json::{Value, json};

/// Counts what the thread at hand holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends has nothing more to count.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ROOM: isize = 16 << 20;
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads a file, and whatever tensors it has, within the bounds.
fn read_all(what: &str, file: Vec<u8>) -> Result<()> {
    within_bounds(what, file, |mut weights| {
        let tensors: Vec<(String, Vec<usize>)> =
            weights.tensors().map(|(name, shape)| (name.into(), shape.to_vec())).collect();
        // A tensor that is larger than the file is only read where a network has one as large.
        let small = |shape: &[usize]| shape.iter().product::<usize>() <= 1 << 20;
        let small = tensors.iter().filter(|(_, shape)| small(shape));
        small.into_iter().try_for_each(|(name, shape)| weights.take(name, shape).map(drop))
    })
}

fn within_bounds(what: &str, file: Vec<u8>, then: impl FnOnce(Weights) -> Result<()>) -> Result<()> {
    let size = file.len() as isize;
    let before = HELD.get() - size;
    PEAK.set(HELD.get());
    let since = Instant::now();
    let read = Weights::read(file).and_then(then);
    let (took, beside) = (since.elapsed(), PEAK.get() - before - size);
    assert!(took < PATIENCE, "{what}: {took:?}");
    assert!(beside <= ROOM, "{what}: {} KiB beside the file", beside >> 10);
    read
}

fn refused(what: &str, file: Vec<u8>, words: &str) {
    let error = read_all(what, file).err().unwrap_or_else(|| panic!("{what} was read"));
    assert!(error.is_weights(), "{what}: {error}");
    assert!(error.to_string().contains(words), "{what}: “{error}” does not say “{words}”");
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/weights").join(name)
}

const WHOLE: [&str; 5] = [
    "state-dict-zip.pth",
    "state-dict-legacy.pth",
    "state-dict-protocol4.pth",
    "strided-zip.pth",
    "timm-densenet/model.safetensors",
];

#[test]
fn a_file_cut_at_any_percent_is_refused() {
    for name in WHOLE {
        let file = std::fs::read(fixture(name)).unwrap();
        for percent in 0..100 {
            refused(&format!("{name} at {percent} %"), file[..file.len() * percent / 100].to_vec(), "");
        }
    }
}

#[test]
fn a_file_with_any_byte_changed_is_read_or_refused_within_bounds() {
    let mut changed = 0;
    for name in WHOLE {
        let file = std::fs::read(fixture(name)).unwrap();
        // Every byte of what tells of the tensors would take minutes: primes go through all residues.
        for (round, step) in [61, 67, 71].into_iter().enumerate() {
            for at in (0..file.len()).step_by(step) {
                let mut file = file.clone();
                file[at] = [0, 0xff, file[at] ^ 0x80][round];
                // Many changes do no harm, such as those of a value.
                let _ = read_all(&format!("{name}, byte {at}"), file);
                changed += 1;
            }
        }
    }
    assert!(changed > 1000, "{changed}");
}

#[test]
fn a_changed_number_in_an_archive_is_noticed() {
    let sound = one_tensor(4, 0, &[2, 2], &[2, 1], &[1.0, 2.0, 3.0, 4.0]);
    assert!(read_all("sound", sound.clone()).is_ok());
    let at = sound.windows(4).position(|bytes| bytes == 3_f32.to_le_bytes()).unwrap();
    let mut file = sound;
    file[at] ^= 1;
    refused("a changed number", file, "its checksum differs");
}

fn safetensors(header: &Value, data: usize) -> Vec<u8> {
    let header = if let Value::String(text) = header { text.clone() } else { header.to_string() };
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.resize(file.len() + data, 0);
    file
}

fn entry(shape: &[u64], from: u64, to: u64) -> Value {
    json!({ "dtype": "F32", "shape": shape, "data_offsets": [from, to] })
}

#[test]
fn a_safetensors_header_that_lies_is_refused() {
    let cases = [
        ("offsets beyond the file", json!({ "a": entry(&[2], 0, 8) }), 4, "incomplete"),
        ("bytes that are nobody's", json!({ "a": entry(&[1], 0, 4) }), 8, "is too long"),
        ("overlap", json!({ "a": entry(&[2], 0, 8), "b": entry(&[1], 4, 8) }), 8, "overlaps"),
        ("the same bytes twice", json!({ "a": entry(&[1], 0, 4), "b": entry(&[1], 0, 4) }), 4, "overlaps"),
        ("a gap", json!({ "a": entry(&[1], 0, 4), "b": entry(&[1], 8, 12) }), 12, "gap"),
        ("a gap at the start", json!({ "a": entry(&[1], 4, 8) }), 8, "gap"),
        ("backwards", json!({ "a": entry(&[1], 0, 4), "b": entry(&[1], 4, 0) }), 4, "does not fill"),
        ("a shape of other size", json!({ "a": entry(&[3], 0, 8) }), 8, "does not fill"),
        ("a shape beyond counting", json!({ "a": entry(&[1 << 40, 1 << 40], 0, 8) }), 8, "does not fill"),
        ("nine axes", json!({ "a": entry(&[1; 9], 0, 4) }), 4, "up to 8"),
        (
            "an unknown type",
            json!({ "a": { "dtype": "F33", "shape": [], "data_offsets": [0, 4] } }),
            4,
            "F33",
        ),
        (
            "a negative side",
            json!({ "a": { "dtype": "F32", "shape": [-1], "data_offsets": [0, 4] } }),
            4,
            "-1",
        ),
        ("a long name", json!({ "a".repeat(600): entry(&[1], 0, 4) }), 4, "600 bytes; up to 512"),
        ("no object", json!([1, 2]), 0, "an object of tensors"),
        ("no JSON", json!("{\"a\": "), 0, "not understood"),
        ("a name twice", Value::from(format!("{{\"a\": {0}, \"a\": {0}}}", entry(&[0], 0, 0))), 0, "twice"),
        (
            "deep nesting",
            Value::from(format!("{{\"__metadata__\": {}", "[".repeat(100_000))),
            0,
            "not understood",
        ),
    ];
    for (what, header, data, words) in cases {
        refused(what, safetensors(&header, data), words);
    }
    for length in [0, 7, u64::from(u32::MAX), u64::MAX, 9 << 20] {
        let mut file = safetensors(&json!({}), 64);
        file[..8].copy_from_slice(&length.to_le_bytes());
        refused(&format!("a header of {length} bytes"), file, "");
    }
}

#[test]
fn headers_are_bounded() {
    let many = |count: usize| {
        let names = (0..count).map(|i| (format!("t{i}"), entry(&[0], 0, 0)));
        safetensors(&names.collect::<serde_json::Map<_, _>>().into(), 0)
    };
    assert!(read_all("20,000 tensors", many(20_000)).is_ok());
    refused("20,001 tensors", many(20_001), "more than 20000 tensors");
    let wide = format!(
        "{{\"a\": {{\"dtype\": \"F32\", \"data_offsets\": [0, 0], \"shape\": [{}1]}}}}",
        "1,".repeat(4 << 20)
    );
    refused("millions of axes", safetensors(&wide.clone().into(), 0), "up to 8 MiB");
    refused("a million axes", safetensors(&wide.replace(&"1,".repeat(3 << 20), "").into(), 0), "up to 8");
    let notes = format!("{{\"__metadata__\": {{{}\"\": \"\"}}}}", "\"\": \"\", ".repeat(900_000));
    assert!(read_all("notes", safetensors(&notes.into(), 0)).is_ok());
}

fn pickled(pickle: Vec<u8>) -> Vec<u8> {
    archive(&[Member::new("data.pkl", pickle)])
}

#[test]
fn a_hostile_pickle_is_refused() {
    let new = Pickle::new;
    let repeated = |opcodes: &[u8], times: usize| new().op(&opcodes.repeat(times)).stop();
    let longest = (8 << 20) - 8;
    let call = |module: &str, name: &str| {
        pickled(new().op(b"}").text("w").global(module, name).text("echo pwned").op(b"\x85Rs").stop())
    };
    let cases = [
        // What a pickle would call is not called: it is no tensor.
        ("system", call("posix", "system"), "a dict of w but no state dict"),
        ("eval", call("builtins", "eval"), "a dict of w but no state dict"),
        ("import", call("importlib", "import_module"), "a dict of w but no state dict"),
        ("another of torch", call("torch", "load"), "a dict of w but no state dict"),
        ("a long name", call("a", &"b".repeat(900)), "a dict of w but no state dict"),
        ("a name without end", pickled(new().op(b"c").op(&[b'a'; 5000]).stop()), "not there"),
        ("a call of a number", pickled(new().int(1).op(b")R").stop()), "not a function"),
        (
            "an ordered dict of numbers",
            pickled(new().global("collections", "OrderedDict").op(b"]K\x01a\x85R").stop()),
            "pairs",
        ),
        (
            "a new object",
            pickled(new().global("collections", "OrderedDict").op(b")\x81").stop()),
            "an empty dict",
        ),
        ("a state of a list", pickled(new().op(b"]}b").stop()), "state of what is no object"),
        ("nothing", pickled(Vec::new()), "goes on past"),
        ("no end", pickled(new().op(b"}").0), "goes on past"),
        ("an empty stack", pickled(new().stop()), "not there"),
        ("a pop below a mark", pickled(new().op(b"K\x01(0").stop()), "not there"),
        ("marks that are not there", pickled(new().op(b"t").stop()), "not there"),
        ("marks without end", pickled(repeated(b"(", longest)), "64 deep"),
        ("tuples in one another", pickled(new().op(b")").op(&b"\x85".repeat(1000)).stop()), "64 deep"),
        (
            "lists in one another",
            pickled(new().op(&b"]".repeat(1000)).op(&b"a".repeat(999)).stop()),
            "64 deep",
        ),
        ("a list in itself", pickled(new().op(b"]q\x00").op(&b"h\x00a".repeat(1000)).stop()), "64 deep"),
        (
            "a dict in itself",
            pickled(new().op(b"}q\x00").text("state_dict").op(b"h\x00s").stop()),
            "no state dict",
        ),
        (
            "a module in itself",
            pickled({
                let module =
                    new().global("torch.nn", "Sequential").op(b")\x81q\x00}").text("_modules").op(b"}");
                module.text("0").op(b"h\x00ssb").stop()
            }),
            "something other than a dict",
        ),
        ("a tuple in itself", pickled(new().op(b"]q\x000h\x00h\x00a\x85").stop()), "no state dict"),
        ("a full stack", pickled(repeated(b"N", longest)), "stacks more"),
        ("dicts without end", pickled(repeated(b"}0", longest / 2)), "10 MiB"),
        ("a list without end", pickled(new().op(b"]").op(&b")a".repeat(longest / 2 - 8)).stop()), "10 MiB"),
        (
            "losses without end",
            pickled(new().op(b"]").op(&b"Na".repeat(1 << 20)).stop()),
            "other than a dict",
        ),
        ("a memory of all", pickled(new().op(b"N").op(&b"\x94".repeat(longest - 8)).stop()), "10 MiB"),
        ("a memory far away", pickled(new().op(b"Nr\xff\xff\xff\xff").stop()), "remembers value 4294967295"),
        ("what was never remembered", pickled(new().op(b"h\x07").stop()), "recalls value 7"),
        ("a text beyond the file", pickled(new().op(b"X\xff\xff\xff\x7f").stop()), "goes on past"),
        ("a text beyond counting", pickled(new().op(b"\x8d").op(&[0xff; 8]).stop()), "goes on past"),
        ("a text that is none", pickled(new().op(b"X\x02\0\0\0\xff\xfe").stop()), "other than a dict"),
        ("an opcode of protocol 0", pickled(new().op(b"I1\n").stop()), "opcode 0x49"),
        ("a key without a value", pickled(new().op(b"}(K\x01u").stop()), "without a value"),
        ("a number", pickled(new().int(1).stop()), "something other than a dict"),
        ("an empty dict", pickled(new().op(b"}").stop()), "an empty dict"),
        ("no tensors", pickled(new().op(b"}").text("epoch").int(3).op(b"s").stop()), "a dict of epoch"),
    ];
    for (what, file, words) in cases {
        refused(what, file, words);
    }
    refused("a pickle that is too long", pickled(repeated(b"N0", 33 << 20)), "up to 64 MiB");
}

/// Training scripts keep predictions beside the network.
#[test]
fn a_pickle_with_megabytes_beside_the_network_is_read() {
    let pickle = Pickle::new().op(b"}").text("weight").tensor("0", 4, 0, &[4], &[1]).op(b"s");
    let pickle = pickle.text("val_preds").text(&"x".repeat(9 << 20)).op(b"s");
    let file = archive(&[Member::new("data.pkl", pickle.stop()), Member::new("data/0", [0; 16])]);
    read_all("predictions", file).unwrap();
}

#[test]
fn a_tensor_that_lies_is_refused() {
    let lying = |numbers, offset, shape: &[i64], strides: &[i64]| {
        one_tensor(numbers, offset, shape, strides, &[0.0; 4])
    };
    let cases = [
        ("more numbers than bytes", lying(5, 0, &[5], &[1]), "16 bytes, which are not 5 numbers"),
        ("numbers beyond counting", lying(i64::MAX, 0, &[4], &[1]), "16 bytes, which are not"),
        ("fewer than none", lying(-4, 0, &[4], &[1]), "not named as PyTorch names"),
        ("a shape beyond", lying(4, 0, &[5], &[1]), "goes beyond its storage of 4"),
        ("an offset beyond", lying(4, 1, &[4], &[1]), "goes beyond"),
        ("an offset beyond of nothing", lying(4, 5, &[0], &[1]), "goes beyond"),
        ("strides beyond", lying(4, 0, &[2, 2], &[3, 1]), "goes beyond"),
        ("strides beyond counting", lying(4, 0, &[2, 2], &[i64::MAX, i64::MAX]), "goes beyond"),
        ("a shape beyond counting", lying(4, 0, &[i64::MAX, i64::MAX], &[0, 0]), "goes beyond"),
        ("a negative side", lying(4, 0, &[-1], &[1]), "not built as PyTorch builds"),
        ("a negative stride", lying(4, 3, &[4], &[-1]), "not built as PyTorch builds"),
        ("nine axes", lying(4, 0, &[1; 9], &[1; 9]), "9 axes; up to 8"),
        ("other axes than strides", lying(4, 0, &[2, 2], &[1]), "not built as PyTorch builds"),
    ];
    for (what, file, words) in cases {
        refused(what, file, words);
    }
    // A few numbers may repeat others, but not so many that a small file becomes a large network.
    assert!(read_all("a constant", lying(4, 0, &[1 << 8, 1 << 8], &[0, 0])).is_ok());
    refused("a large constant", lying(4, 0, &[1 << 40, 1 << 20], &[0, 0]), "its storage holds 4");
    assert!(read_all("empty, of any sides", lying(4, 0, &[0, i64::MAX, i64::MAX], &[1, 1, 1])).is_ok());
}

#[test]
fn a_network_that_the_file_does_not_hold_is_refused_by_name() {
    // Eight convolutions, all of the same numbers.
    let (width, held) = (180, 180 * 180 * 9);
    let mut pickle = Pickle::new().op(b"}");
    let mut add = |name: String, shape: &[i64]| {
        let strides: Vec<i64> = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
        pickle = pickle.clone().text(&name).tensor("0", held, 0, shape, &strides).op(b"s");
    };
    for i in 0..8 {
        add(format!("features.{}.weight", 3 * i), &[width, if i == 0 { 3 } else { width }, 3, 3]);
        add(format!("features.{}.bias", 3 * i), &[width]);
    }
    for (name, shape) in [("0", [4, width]), ("3", [4, 4]), ("6", [4, 4])] {
        add(format!("classifier.{name}.weight"), &shape);
        add(format!("classifier.{name}.bias"), &[4]);
    }
    let file =
        archive(&[Member::new("data.pkl", pickle.stop()), Member::new("data/0", vec![0; 4 * held as usize])]);
    let error = within_bounds("shared numbers", file, |weights| weights.recognise().map(drop)).unwrap_err();
    for words in ["VGG of another size", "the file holds 291600 numbers", "tensor.clone()"] {
        assert!(error.to_string().contains(words), "“{error}” does not say “{words}”");
    }
}

#[test]
fn a_hostile_archive_is_refused() {
    let pickle = Pickle::new().op(b"}").text("w").tensor("0", 4, 0, &[4], &[1]).op(b"s").stop();
    let members = [Member::new("data.pkl", pickle), Member::new("data/0", [0; 16])];
    let with = |change: &dyn Fn(&mut Vec<Member>)| {
        let mut members = members.to_vec();
        change(&mut members);
        archive(&members)
    };
    assert!(read_all("sound", with(&|_| ())).is_ok());
    // TorchScript's code is not read.
    let code = with(&|members| members.push(Member::new("code/__torch__.py", *b"")));
    assert!(read_all("a program", code).is_ok());
    let cases = [
        ("no pickle", with(&|members| drop(members.remove(0))), "lacks `data.pkl`"),
        ("no storage", with(&|members| drop(members.pop())), "lacks `data/0`"),
        ("a compressed storage", with(&|members| members[1].compression = 8), "is compressed"),
        ("a wrong checksum", with(&|members| members[1].crc = Some(7)), "checksum differs"),
        ("overlapping files", with(&|members| members[1].offset = Some(0)), "overlap"),
        ("a file beyond the archive", with(&|members| members[1].offset = Some(u32::MAX - 1)), "damaged"),
        (
            "big-endian numbers",
            with(&|members| members.push(Member::new("byteorder", *b"big"))),
            "big-endian",
        ),
        (
            "too many files",
            with(&|members| members.resize(10_001, Member::new("data/1", [0; 1]))),
            "more than 10000 files",
        ),
    ];
    for (what, file, words) in cases {
        refused(what, file, words);
    }
    refused("no directory", b"PK\x03\x04".repeat(1000), "damaged");
}

#[test]
fn a_hostile_row_of_pickles_is_refused() {
    let start = legacy_start();
    let none = Pickle::new().op(b"}").stop();
    let state = Pickle::new().op(b"}").text("w").tensor("0", 4, 0, &[4], &[1]).op(b"s").stop();
    let keys = Pickle::new().op(b"]").text("0").op(b"a").stop();
    let file = |keys: &[u8], count: u64, data: usize| {
        [&start[..], &state, keys, &count.to_le_bytes(), &vec![0; data]].concat()
    };
    assert!(read_all("sound", file(&keys, 4, 16)).is_ok());
    let twice = Pickle::new().op(b"]").text("0").op(b"a").text("0").op(b"a").stop();
    let unknown = Pickle::new().op(b"]").text("1").op(b"a").stop();
    let cases = [
        ("a pickle of another program", [none.as_slice(), &[0; 64]].concat(), "torch.save did not write it"),
        ("another version", [&start[..15], &none].concat(), "not 1001"),
        ("more numbers than bytes", file(&keys, 5, 16), "ends within storage `0`"),
        ("numbers beyond counting", file(&keys, u64::MAX, 16), "ends within storage `0`"),
        ("fewer numbers", file(&keys, 3, 12), "12 bytes, which are not 4 numbers"),
        ("bytes after the last", file(&keys, 4, 17), "1 bytes follow"),
        ("a storage twice", file(&twice, 4, 24), "storage `0` twice"),
        ("a storage of no tensor", file(&unknown, 4, 16), "belongs to no tensor"),
        ("no storages", [&start[..], &state, &none].concat(), "lacks storage `0`"),
    ];
    for (what, file, words) in cases {
        refused(what, file, words);
    }
}

/// A tensor may repeat its one number as often as it likes, and a whole network of them have any size.
#[test]
fn a_network_that_is_larger_than_any_file_is_refused() {
    const WIDE: i64 = 1 << 16;
    for width in [WIDE, WIDE + 1] {
        let mut tensors = vec![("conv1".to_string(), vec![width, 3, 7, 7]), ("fc".into(), vec![10, width])];
        for (stage, conv) in (1..=4).flat_map(|stage| [1, 2].map(|conv| (stage, conv))) {
            tensors.push((format!("layer{stage}.0.conv{conv}"), vec![width, width, 3, 3]));
        }
        let mut pickle = Pickle::new().op(b"}");
        for (name, shape) in &tensors {
            let once = vec![0; shape.len()];
            pickle = pickle.text(&format!("{name}.weight")).tensor("0", 1, 0, shape, &once).op(b"s");
        }
        let file = archive(&[Member::new("data.pkl", pickle.stop()), Member::new("data/0", [0; 4])]);
        let what = format!("{width} channels");
        let family = Architecture::named("resnet_other").unwrap();
        let fit = |weights: Weights| weights.fit(family).map(drop);
        let error = within_bounds(&what, file.clone(), fit).unwrap_err().to_string();
        assert!(error.contains("its storage holds 1"), "{what}: {error}");
        let recognised = within_bounds(&what, file, |weights| weights.recognise().map(drop));
        assert!(recognised.unwrap_err().is_weights());
    }
}

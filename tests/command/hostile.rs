//! Files that are endless, texts that give a terminal orders, numbers out of bounds, and outputs that are closed.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::cam_lucida;
use crate::common::weight_file::{Entry, WeightFile};
use crate::{Desk, fixture, weights};

/// What a terminal, or a reader's eye, would obey: a colour, the C1 form of one, a turn of direction, a line of its own.
const ORDERS: &str = "a\u{1b}[31mb\u{9b}31mc\u{202e}d\nerror: e";

fn obeyed(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("error: e"))
        || text.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}')
}

#[test]
fn endless_files_are_read_no_further_than_their_limit() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    let started = Instant::now();
    // Nobody writes into the pipe: who opened it would wait for ever.
    assert!(std::process::Command::new("mkfifo").arg(desk.path("pipe")).status().unwrap().success());
    std::os::unix::fs::symlink(desk.path("pipe"), desk.path("link")).unwrap();
    for (file, kind) in [
        ("/dev/zero", "but a device"),
        ("/dev/full", "but a device"),
        ("pipe", "but a pipe"),
        ("link", "but a pipe"),
    ] {
        let words = &[file, "is not a regular file", kind, "copy its content to a file"][..];
        desk.refuses(&["-i", file], words);
        desk.refuses(&["--input-npy", file], words);
        desk.refuses(&["-i", photo, "--labels", file], words);
        for arguments in [
            &["models", "convert", "weights.safetensors", "-o", "out", "--config", file][..],
            &["models", "convert", "weights.safetensors", "-o", "out", "--labels", file],
            &["models", "convert", "weights.safetensors", "-o", "out", "--picture", file],
            &["models", "convert", file, "-o", "out"],
            &["explain", "-i", photo, photo, "-w", file, "-o", "out"],
            &["profile", "-w", file],
        ] {
            let call = cam_lucida(arguments).current_dir(&desk.folder).output().unwrap();
            let said = String::from_utf8(call.stderr).unwrap();
            assert_eq!(call.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(words.iter().all(|word| said.contains(word)), "{arguments:?}: {said}");
        }
        for command in ["report", "models verify"] {
            let arguments: Vec<&str> = command.split(' ').chain([file]).collect();
            let call = cam_lucida(&arguments).current_dir(&desk.folder).output().unwrap();
            let said = String::from_utf8(call.stderr).unwrap();
            assert!(said.contains(&format!("{file} is not a folder; name one")), "{arguments:?}: {said}");
        }
    }
    let sparse = std::fs::File::create(desk.path("sparse.png")).unwrap();
    sparse.set_len(2 << 30).unwrap();
    desk.refuses(&["-i", "sparse.png"], &["sparse.png has more than 32 MiB", "name another"]);
    for (file, words) in
        [("/dev/zero", "not a regular file"), (".", "is a folder"), ("pipe", "not a regular file")]
    {
        let call =
            cam_lucida(&["classify", "-i", photo, "-w", file]).current_dir(&desk.folder).output().unwrap();
        let said = String::from_utf8(call.stderr).unwrap();
        assert!(call.status.code() == Some(2) && said.contains(words), "{said}");
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

/// What a shell gives in place of a file, as `<(…)`, has its other end.
#[test]
fn a_pipe_without_a_name_is_read_but_for_weights() {
    let desk = Desk::new();
    let piped = |arguments: &[&str], file: Vec<u8>| {
        let mut call = cam_lucida(arguments);
        call.current_dir(&desk.folder).args(["--device", "cpu"]).write_stdin(file).output().unwrap()
    };
    let photo = std::fs::read(fixture("photo.png")).unwrap();
    let read = piped(&["classify", "-w", "weights.safetensors", "-i", "/dev/stdin"], photo);
    assert!(read.status.success(), "{read:?}");
    let refused = piped(&["classify", "-w", "/dev/stdin", "-i", &fixture("photo.png")], weights());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(2) && said.contains("is a pipe; copy the weights to a file"),
        "{said}"
    );
}

#[test]
fn an_address_in_place_of_a_file_is_answered_without_its_password() {
    for address in
        ["HTTP://ann:secret@example.org/a.pth", "https://ann:secret@/a.pth", "s3://ann:secret@bucket/a.pth"]
    {
        let call = cam_lucida(&["classify", "-i", &fixture("photo.png"), "-w", address]).output().unwrap();
        let said = String::from_utf8(call.stderr).unwrap();
        assert!(call.status.code() == Some(2) && said.contains("is an address, not a file"), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn an_input_that_says_more_than_it_holds_is_refused() {
    let desk = Desk::new();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 2048, 4611686018427387904)}";
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16 + 1).to_le_bytes());
    file.extend(format!("{header}\n").as_bytes());
    std::fs::write(desk.path("lying.npy"), &file).unwrap();
    desk.refuses(&["--input-npy", "lying.npy"], &["lying.npy is not a complete NPY file"]);
}

/// The parser of headers makes room for as many bytes as one is said to have, and each bracket within another doubles its time.
#[test]
fn a_header_of_numbers_is_bounded_in_length_and_depth() {
    let desk = Desk::new();
    let started = Instant::now();
    let nested = [b"{'descr': ".to_vec(), vec![b'['; 2000]].concat();
    for (said, header, words) in [
        (u32::MAX, b"{".to_vec(), "its header is said to have 4294967295 bytes, and may have up to 10000"),
        (2, b"{".to_vec(), "it ends within its header"),
        (nested.len() as u32, nested, "the brackets of its header lie more than 8 deep"),
    ] {
        let file = [&b"\x93NUMPY\x02\x00"[..], &said.to_le_bytes(), &header].concat();
        std::fs::write(desk.path("header.npy"), file).unwrap();
        desk.refuses(&["--input-npy", "header.npy"], &["header.npy is not a complete NPY file", words]);
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn no_foreign_text_gives_the_terminal_orders() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    let mut said = Vec::new();
    // Names of files, settings, layers and classes in errors,
    let spoken = |arguments: &[&str]| {
        let output = desk.run("explain", arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    said.push(spoken(&["-i", ORDERS]));
    said.push(spoken(&["-i", photo, "-l", ORDERS]));
    said.push(spoken(&["-i", photo, "-m", ORDERS]));
    let refused = spoken(&["-i", photo, "--preprocess", ORDERS]);
    assert!(!obeyed(&refused), "{refused:?}");
    said.push(spoken(&["-i", photo, "--set", &format!("{ORDERS}=1")]));
    std::fs::write(desk.path("wrong.json"), serde_json::json!({ "0": "x", ORDERS: "y" }).to_string())
        .unwrap();
    said.push(spoken(&["-i", photo, "--labels", "wrong.json"]));
    // names of tensors,
    let header =
        serde_json::json!({ ORDERS: { "dtype": "F32", "shape": [1], "data_offsets": [0, 4] } }).to_string();
    let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 4]].concat();
    std::fs::write(desk.path("named.safetensors"), file).unwrap();
    let call =
        cam_lucida(&["classify", "-i", photo, "-w", "named.safetensors"]).current_dir(&desk.folder).output();
    said.push(String::from_utf8(call.unwrap().stderr).unwrap());
    // and names of classes in results.
    std::fs::write(desk.path("labels.json"), serde_json::json!(vec![ORDERS; 10]).to_string()).unwrap();
    for command in ["classify", "explain"] {
        let output = desk.run(command, &["-i", photo, "--labels", "labels.json"]);
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!obeyed(&text), "{text:?}");
    }
    for text in said {
        assert!(text.contains(r"a\u{1b}[31mb\u{9b}31mc\u{202e}d"), "{text:?}");
        assert!(!obeyed(&text), "{text:?}");
    }
}

#[test]
fn a_message_is_no_longer_than_a_reader_reads() {
    let desk = Desk::new();
    let name = "x".repeat(100_000);
    let output = desk.run("explain", &["-i", &fixture("photo.png"), "-l", &name]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.len() < 10_000 && said.contains("more characters"), "{} bytes", said.len());
}

#[test]
fn numbers_out_of_bounds_are_answered_with_the_bounds() {
    let photo = &fixture("photo.png");
    for (arguments, words) in [
        (&["measure", "-i", photo, "--steps", "1000000000"][..], "1 to 10000"),
        (&["measure", "-i", photo, "--stages", "1000000000"], "1 to 10000"),
        (&["measure", "-i", photo, "--steps", "0"], "1 to 10000"),
        (&["measure", "-i", photo, "--seed=-1"], "0 to 4294967295"),
        (&["classify", "-i", photo, "--top", "many"], "1 to 100000"),
        (&["classify", "-i", photo, "--input-size", "9999999999"], "32 to 2048"),
        (&["scenes", "--count", "18446744073709551615"], "0 to 1000000"),
        (&["scenes", "--size", "x"], "32 to 1024"),
        (&["explain", "-i", photo, "--opacity", "much"], "0 to 1"),
        (&["explain", "-i", photo, "--mean", "1,2"], "three numbers"),
        (&["explain", "-i", photo, "--std", "0,0,0"], "three numbers above 0"),
        (&["explain", "-i", photo, "--mean", "nan,0,0"], "three numbers"),
        (&["explain", "-i", photo, "--set", ""], "write a name and a number, such as samples=32"),
        (&["explain", "-i", photo, "-m", "ss-cam", "--set", "samples=100000"], "choose up to"),
        (&["explain", "--input-npy", "x.npy", "--preprocess", "crop"], "cannot be used with"),
    ] {
        let output = cam_lucida(arguments).arg("--output-dir").arg("/nowhere").output().unwrap();
        let output =
            if arguments[0] == "classify" { cam_lucida(arguments).output().unwrap() } else { output };
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: “{said}” does not say “{words}”");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_folder_or_a_link_that_is_not_there_is_named() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    let refuses = |words: &[&str]| {
        let call = cam_lucida(&["classify", "-i", photo, "--model-dir", "net", "--device", "cpu"])
            .current_dir(&desk.folder)
            .output()
            .unwrap();
        let said = String::from_utf8(call.stderr).unwrap();
        assert_eq!(call.status.code(), Some(2), "{said}");
        for word in words {
            assert!(said.contains(word), "“{said}” does not say “{word}”");
        }
    };
    refuses(&["net is not a folder", "config.json", "model.safetensors"]);
    std::fs::create_dir(desk.path("net")).unwrap();
    std::fs::write(desk.path("net/config.json"), "{}").unwrap();
    std::fs::write(desk.path("net/model.safetensors"), weights()).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("gone.json", desk.path("net/preprocessor_config.json")).unwrap();
        refuses(&["cannot read", "preprocessor_config.json"]);
    }
}

#[test]
fn a_picture_in_place_of_weights_is_told() {
    let photo = &fixture("photo.png");
    let output = cam_lucida(&["classify", "-i", photo, "-w", photo]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2) && said.contains("this is a picture, not a weight file"),
        "{said}"
    );
}

#[test]
fn classes_without_names_are_numbers_and_a_note() {
    let output = Desk::new().run("classify", &["-i", &fixture("photo.png")]);
    assert!(output.status.success());
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.lines().all(|line| line.ends_with('%')), "{out}");
    assert!(err.contains("--labels FILE"), "{err}");
}

/// A network that takes no picture of the usual size has layers all the same; one of other channels has words.
#[test]
fn layers_of_any_file_are_listed_or_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    let layers = |kernel: usize, inputs: usize| {
        let mut tensors =
            vec![("features.0", [2, inputs, kernel, kernel]), ("features.3.squeeze", [2, 2, 1, 1])];
        tensors.extend([("features.3.expand1x1", [2, 2, 1, 1]), ("features.3.expand3x3", [2, 2, 3, 3])]);
        tensors.push(("classifier.1", [3, 4, 1, 1]));
        let entry = |name: String, shape: &[usize]| Entry {
            name,
            shape: shape.to_vec(),
            values: vec![0.01; shape.iter().product()],
            dtype: safetensors::Dtype::F32,
        };
        let file = tensors.iter().flat_map(|(name, shape)| {
            [entry(format!("{name}.weight"), shape), entry(format!("{name}.bias"), &shape[..1])]
        });
        let path = folder.path().join("own.safetensors");
        std::fs::write(&path, WeightFile(file.collect()).bytes()).unwrap();
        let output = cam_lucida(&["layers", "-w"]).arg(path).output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (code, said) = layers(300, 3);
    assert!(code == Some(0) && said.contains("features.0"), "{said}");
    let (code, said) = layers(3, 4);
    assert!(code == Some(0) && said.contains("features.0"), "{said}");
}

/// `classify` of the embedded network, which prints five lines.
fn classify() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("cam-lucida"));
    command.args(["classify", "--device", "cpu"]).stderr(Stdio::piped());
    command
}

#[test]
fn a_reader_that_closes_early_is_no_failure() {
    let mut child = classify().stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error_in_words() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = classify().stdout(full).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot print the results") && !said.contains("panicked"), "{said}");
}

//! Class names as people have them.

use cam_lucida::weights::{MAX_TEXT_BYTES, labels};

#[test]
fn labels_come_as_list_object_or_lines() {
    let names = ["tench", "goldfish, Carassius auratus"].map(String::from).to_vec();
    assert_eq!(labels(r#"["tench", "goldfish, Carassius auratus"]"#).unwrap(), names);
    assert_eq!(labels(r#"{"1": "goldfish, Carassius auratus", "0": "tench"}"#).unwrap(), names);
    assert_eq!(labels("\u{feff}tench\r\ngoldfish, Carassius auratus\n").unwrap(), names);
    for (text, words) in
        [("", "empty"), ("[1, 2]", "neither a JSON list"), (r#"{"0": "a", "2": "b"}"#, "not class 1")]
    {
        let error = labels(text).unwrap_err();
        assert!(error.is_weights() && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn labels_come_as_other_programs_write_them() {
    let names = ["cat", "dog, of any kind"].map(String::from).to_vec();
    for text in [
        // Keras's imagenet_class_index.json, torchvision's class_to_idx, Hugging Face's config.
        r#"{ "0": ["n02123045", "cat"], "1": ["n02084071", "dog, of any kind"] }"#,
        r#"{ "dog, of any kind": 1, "cat": 0 }"#,
        r#"{ "model_type": "resnet", "id2label": { "0": "cat", "1": "dog, of any kind" } }"#,
        r#"{ "class_to_idx": { "dog, of any kind": 1, "cat": 0 } }"#,
        // Tables.
        "0,cat\n1,\"dog, of any kind\"\n",
        "id,name\n1,\"dog, of any kind\"\n0,cat\n",
        "name;index\ndog, of any kind;1\ncat;0\n",
        "class\twnid\tid\r\ncat\tn02123045\t0\r\ndog, of any kind\tn02084071\t1\r\n",
        "0\tn02123045\tcat\n1\tn02084071\tdog, of any kind",
        // Hugging Face's config says it in both ways; torchvision's list of classes as a table without ids.
        r#"{ "id2label": { "0": "cat", "1": "dog, of any kind" }, "label2id": { "cat": 0, "dog, of any kind": 1 }, "x": [] }"#,
        "name,colour\ncat,grey\n\"dog, of any kind\",brown",
        "count,name,id\n1,\"dog, of any kind\",1\n0,cat,0",
        // Lines.
        "1 dog, of any kind\n0 cat",
        "0: cat\n1: dog, of any kind",
        "cat\ndog, of any kind",
        "label\ncat\ndog, of any kind",
        "\"cat\"\n\"dog, of any kind\"",
    ] {
        assert_eq!(labels(text).unwrap(), names, "{text}");
    }
    for (text, code) in [
        ("id,name\n0,cat\n2,dog", "labels-gap"),
        (r#"{ "cat": 0, "dog": 0 }"#, "labels-twice"),
        ("0,cat\n0,dog", "labels-twice"),
        (r#"{ "0": "cat", "0": "dog" }"#, "labels-twice"),
        (r#"{ "id2label": { "0": "cat", "00": "dog" } }"#, "labels-twice"),
        ("2,0\n0,1\n1,2", "labels-columns"),
        (
            r#"{ "id2label": { "0": "cat", "1": "dog" }, "label2id": { "cat": 1, "dog": 0 } }"#,
            "labels-differ",
        ),
        (r#"{ "names": ["cat"] }"#, "labels-json"),
        ("7", "labels-scalar"),
        ("null", "labels-scalar"),
    ] {
        assert_eq!(labels(text).unwrap_err().code(), code, "{text}");
    }
}

/// As Python's `csv` and spreadsheets write them.
#[test]
fn quotes_within_names_and_ends_of_lines_of_any_kind_are_read() {
    let names = [r#"horse "big""#, "cat, small", r#"5" disk"#].map(String::from).to_vec();
    for text in [
        "id,name\n0,\"horse \"\"big\"\"\"\n1,\"cat, small\"\n2,5\" disk\n",
        "\"horse \"\"big\"\"\"\n\"cat, small\"\n5\" disk",
        "\"horse \"\"big\"\"\"\r\"cat, small\"\r\"5\"\" disk\"\r",
        "0\tn0\t\"horse \"\"big\"\"\"\r\n1\tn1\tcat, small\r\n2\tn2\t\"5\"\" disk\"",
    ] {
        assert_eq!(labels(text).unwrap(), names, "{text:?}");
    }
    assert_eq!(labels("a\rb\rc").unwrap(), ["a", "b", "c"]);
    assert_eq!(labels("0,n1\n1,n2").unwrap(), ["n1", "n2"], "there is no other column");
}

#[test]
fn more_names_than_a_network_has_classes_and_longer_texts_are_refused() {
    let most = 100_000;
    assert_eq!(labels(&format!("name\n{}", "a\n".repeat(most))).unwrap().len(), most);
    assert_eq!(labels(&"a\n".repeat(most + 2)).unwrap_err().code(), "labels-count");
    assert_eq!(labels(&format!("[{}1]", "\"a\",".repeat(most))).unwrap_err().code(), "labels-json");
    assert_eq!(labels(&format!("[{}\"a\"]", "\"a\",".repeat(most))).unwrap_err().code(), "labels-count");
    assert_eq!(labels(&"a".repeat(MAX_TEXT_BYTES)).unwrap().len(), 1);
    assert_eq!(labels(&"a".repeat(MAX_TEXT_BYTES + 1)).unwrap_err().code(), "text-size");
}

#[test]
fn names_that_are_numbers_are_told_from_ids_by_the_header() {
    let names = ["2", "0", "1"].map(String::from).to_vec();
    for text in [
        "name,id\n2,0\n0,1\n1,2",
        "index,class\n1,0\n0,2\n2,1",
        "count,id,name\n2,0,2\n1,2,1\n0,1,0",
        r#"{ "2": 0, "0": 1, "1": 2 }"#,
    ] {
        assert_eq!(labels(text).unwrap(), names, "{text}");
    }
    // Both columns say the same.
    assert_eq!(labels("1,1\n0,0").unwrap(), ["0", "1"]);
    // What only looks like ids is part of the names.
    assert_eq!(labels("1 euro\n2 euro\n5 euro").unwrap(), ["1 euro", "2 euro", "5 euro"]);
}

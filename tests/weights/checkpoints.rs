//! What training scripts say beside a state dict counts as a card does, where none is there.

use cam_lucida::network::{Parameters, Variant};
use cam_lucida::weights::{Card, Hashed};
use cam_lucida::{Device, Error, ModelFile};

use crate::common::tables::{Sizes, Table, mobilenet, resnet};
use crate::common::torch_file::{Named, Pickle, zipped_beside};

const SIZES: Sizes = Sizes { width: 6, growth: 6, depth: 1, blocks: 1, kernel: 7, side: 1, inputs: 3 };

fn tensors(table: Table) -> Vec<Named> {
    let named = |(name, shape): (String, Vec<usize>)| {
        let values = Hashed { classes: 1 }.take(&name, &shape).unwrap();
        (name, shape, values)
    };
    table.0.into_iter().map(named).collect()
}

/// A value of a pickle.
enum Plain<'a> {
    Text(&'a str),
    Int(i32),
    None,
    /// A class.
    Class(&'a str, &'a str),
    Dict(&'a [(&'a str, Plain<'a>)]),
    /// The same as attributes of an object.
    Namespace(&'a [(&'a str, Plain<'a>)]),
}

use Plain::{Class, Dict, Int, Namespace, Text};

fn add(pickle: Pickle, value: &Plain) -> Pickle {
    match value {
        Text(text) => pickle.text(text),
        Int(number) => pickle.int(*number),
        Plain::None => pickle.op(b"N"),
        Class(module, name) => pickle.global(module, name),
        Dict(entries) => {
            let add_entry =
                |pickle: Pickle, (key, value): &(&str, Plain)| add(pickle.text(key), value).op(b"s");
            entries.iter().fold(pickle.op(b"}"), add_entry)
        }
        Namespace(entries) => {
            add(pickle.global("argparse", "Namespace").op(b")\x81"), &Dict(entries)).op(b"b")
        }
    }
}

fn checkpoint(table: Table, said: &[(&str, Plain)]) -> Vec<u8> {
    let entries = |pickle: Pickle| {
        said.iter().fold(pickle, |pickle, (key, value)| add(pickle.text(key), value).op(b"s"))
    };
    zipped_beside(&tensors(table), entries)
}

fn read_with(card: Card, said: &[(&str, Plain)]) -> Result<ModelFile, Error> {
    ModelFile::read(&Device::cpu(), card, checkpoint(resnet(&SIZES), said))
}

fn read(said: &[(&str, Plain)]) -> Result<ModelFile, Error> {
    read_with(Card::default(), said)
}

/// timm's train.py writes `arch`, and its arguments as a Namespace.
#[test]
fn what_a_checkpoint_says_is_refused_where_a_config_is() {
    for (said, code, words) in [
        (&[("arch", Text("resnetaa50"))][..], "card-variant", "`resnetaa50`"),
        (&[("arch", Text("timm/resnetblur18.x"))], "card-variant", "resnetblur18"),
        (&[("args", Namespace(&[("model", Text("resnextaa101d_32x4d"))]))], "card-variant", "resnextaa"),
        (&[("args", Dict(&[("arch", Text("resnetaa50"))]))], "card-variant", "resnetaa50"),
        (&[("args", Namespace(&[("gp", Text("max"))]))], "card-setting", "`args.gp` is \"max\""),
        (
            &[("args", Namespace(&[("model_kwargs", Dict(&[("act_layer", Text("silu"))]))]))],
            "card-setting",
            "`args.model_kwargs.act_layer` is \"silu\"",
        ),
        (
            &[("args", Namespace(&[("model_kwargs", Dict(&[("act_layer", Class("torch.nn", "SiLU"))]))]))],
            "card-setting",
            "\"SiLU\"",
        ),
        (
            &[(
                "args",
                Namespace(&[("model_kwargs", Dict(&[("block_args", Dict(&[("attn_layer", Text("eca"))]))]))]),
            )],
            "card-setting",
            "block_args",
        ),
        (
            &[("args", Namespace(&[("model_kwargs", Dict(&[("never_heard_of", Int(1))]))]))],
            "checkpoint-setting-unknown",
            "`args.model_kwargs.never_heard_of`",
        ),
        (&[("hyper_parameters", Dict(&[("backbone", Text("resnetaa50"))]))], "card-variant", "resnetaa50"),
        (
            &[(
                "hyper_parameters",
                Dict(&[("cfg", Dict(&[("model", Dict(&[("name", Text("resnetblur50"))]))]))]),
            )],
            "card-variant",
            "resnetblur50",
        ),
        (&[("hyper_parameters", Dict(&[("output_stride", Int(8))]))], "card-setting", "only 32"),
        (
            &[(
                "meta",
                Dict(&[(
                    "cfg",
                    Text(
                        "model = dict(\n    backbone=dict(type='ResNet', depth=50,\n dilations=(1, 1, 2, 4)))",
                    ),
                )]),
            )],
            "card-setting",
            "`meta.cfg.backbone.dilations` is \"(1,1,2,4)\"",
        ),
    ] {
        let error = read(said).err().unwrap_or_else(|| panic!("{words} was read"));
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "“{error}” does not say “{words}”");
    }
}

#[test]
fn what_changes_nothing_is_read() {
    for said in [
        &[("arch", Text("resnet50"))][..],
        &[("arch", Text("gluon_resnext50_32x4d"))],
        &[(
            "args",
            Namespace(&[
                ("model", Text("resnet50.a1_in1k")),
                ("gp", Plain::None),
                ("model_kwargs", Dict(&[])),
            ]),
        )],
        &[(
            "args",
            Namespace(&[(
                "model_kwargs",
                Dict(&[("act_layer", Class("torch.nn", "ReLU")), ("in_chans", Int(3))]),
            )]),
        )],
        &[("hyper_parameters", Dict(&[("backbone", Text("wide_resnet50_2")), ("lr", Int(1))]))],
        // Beside another network.
        &[("other", Dict(&[("arch", Text("resnetaa50"))]))],
        &[(
            "meta",
            Dict(&[("cfg", Text("model = dict(backbone=dict(strides=(1, 2, 2, 2), style='pytorch'))"))]),
        )],
    ] {
        let read = read(said).unwrap_or_else(|error| panic!("{error}"));
        assert!(read.notes().iter().all(|note| note.code() != "checkpoint-network"), "{:?}", read.notes());
        assert_eq!(read.variant(), None);
    }
}

#[test]
fn a_name_of_another_network_is_told() {
    for (said, name) in [
        (&[("arch", Text("CatNet"))][..], "`catnet` (`arch`)"),
        (&[("hyper_parameters", Dict(&[("encoder", Text("efficientnet_b0"))]))], "`efficientnet_b0`"),
    ] {
        let notes = read(said).unwrap().notes();
        let note = notes.iter().find(|note| note.code() == "checkpoint-network").unwrap();
        assert!(note.to_string().contains(name), "{note}");
    }
}

/// mmpretrain keeps its configuration as a text.
#[test]
fn caffes_strides_are_taken_from_mmpretrains_configuration() {
    let text =
        "model = dict(\n    backbone=dict(\n        type='ResNet',\n        style='caffe'),\n    head=None)";
    for said in [
        [("meta", Dict(&[("cfg", Text(text))]))],
        [("config", Dict(&[("backbone", Dict(&[("style", Text("caffe"))]))]))],
    ] {
        assert_eq!(read(&said).unwrap().variant(), Some(Variant::CaffeStrides));
        let mobile = checkpoint(mobilenet(&SIZES), &said);
        assert_eq!(ModelFile::read(&Device::cpu(), Card::default(), mobile).unwrap().variant(), None);
    }
}

#[test]
fn a_card_goes_before_what_a_checkpoint_says() {
    let said = [("arch", Text("resnetaa50")), ("args", Namespace(&[("gp", Text("max"))]))];
    let card = || Card::read(r#"{ "architecture": "resnet26" }"#, None).unwrap();
    assert!(read_with(card(), &said).is_ok());
    // One that says nothing of the network is none.
    assert!(read_with(Card::read(r#"{ "problem_type": "regression" }"#, None).unwrap(), &said).is_err());
    let mut stated = Card::default();
    stated.state_variant(Variant::Torchvision);
    assert!(read_with(stated, &said).is_ok());
}

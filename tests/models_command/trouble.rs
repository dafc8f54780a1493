//! Servers and connections that fail.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::server::{Answer, Request, Server};
use crate::{Desk, sha256, weights};

const FILE: &str = "/net.safetensors";

/// Fetches the one file of a server that answers so.
fn fetch(desk: &Desk, answer: impl Fn(&Request) -> Answer + Send + 'static) -> Server {
    let server = Server::new(answer);
    desk.models(&["fetch", &format!("{}{FILE}", server.url)]);
    assert_eq!(desk.read("net/model.safetensors"), weights());
    assert_eq!(desk.names("net"), ["config.json", "model.safetensors", "origin.json"]);
    server
}

/// The same where it must fail; what is left in the folder.
fn refused(answer: impl Fn(&Request) -> Answer + Send + 'static, words: &[&str]) -> (Server, Vec<String>) {
    let (desk, server) = (Desk::new(), Server::new(answer));
    desk.refuses(&["fetch", &format!("{}{FILE}", server.url)], words);
    (server, desk.names("net"))
}

fn ranges(server: &Server) -> Vec<Option<String>> {
    server.requests().iter().map(|request| request.headers.get("range").cloned()).collect()
}

#[test]
fn a_cut_connection_goes_on_where_it_broke_off() {
    let server = fetch(&Desk::new(), |request| {
        let answer = Answer::file(request, &weights(), "\"one\"");
        if request.earlier == 0 { answer.cut(100_000) } else { answer }
    });
    assert_eq!(ranges(&server), [None, Some("bytes=100000-".to_string())]);
    assert_eq!(server.requests()[1].headers["if-range"], "\"one\"");
}

#[test]
fn a_later_run_goes_on_too() {
    let desk = Desk::new();
    let server = Server::new(|request| {
        let answer = Answer::file(request, &weights(), "\"one\"");
        match request.earlier {
            0..4 => answer.cut(10_000),
            _ => answer,
        }
    });
    let url = format!("{}{FILE}", server.url);
    desk.refuses(&["fetch", &url], &["was cut after 40000 bytes", "tried 4 times", "Run the same command"]);
    assert_eq!(desk.names("net"), ["net.safetensors.part", "net.safetensors.part.json"]);
    desk.models(&["fetch", &url]);
    assert_eq!(ranges(&server).last().unwrap().as_deref(), Some("bytes=40000-"));
    assert_eq!(desk.read("net/model.safetensors"), weights());
    assert_eq!(desk.names("net"), ["config.json", "model.safetensors", "origin.json"]);
}

#[test]
fn all_of_it_there_already_is_not_sent_again() {
    let desk = Desk::new();
    let file = weights();
    let server = Server::new(|request| Answer::file(request, &weights(), "\"one\""));
    let url = format!("{}{FILE}", server.url);
    let about = serde_json::json!({ "url": url, "etag": "\"one\"", "bytes": file.len() });
    desk.write("net/net.safetensors.part", &file);
    desk.write("net/net.safetensors.part.json", about.to_string());
    desk.models(&["fetch", &url]);
    assert_eq!(ranges(&server), [Some(format!("bytes={}-", file.len()))]);
    assert_eq!(desk.read("net/model.safetensors"), file);
}

#[test]
fn a_file_that_has_changed_meanwhile_is_fetched_from_its_start() {
    // The server sends all of the new file, as its tag is not the one that was asked to go on with,
    let server = fetch(&Desk::new(), |request| match request.earlier {
        0 => Answer::file(request, &vec![7; weights().len()], "\"old\"").cut(50_000),
        _ => Answer::file(request, &weights(), "\"new\""),
    });
    assert_eq!(ranges(&server).len(), 2);
    // or sends the rest all the same, and says so by the tag, or by nothing but the size.
    for (tag, size) in [("\"old\"", 400_000), ("\"new\"", 400_000)] {
        let server = fetch(&Desk::new(), move |request| match request.earlier {
            0 => Answer::file(request, &vec![7; size], tag).cut(50_000),
            _ => {
                let mut request = request.clone();
                request.headers.remove("if-range");
                Answer::file(&request, &weights(), "\"new\"")
            }
        });
        let ranges = ranges(&server);
        assert_eq!(ranges, [None, Some("bytes=50000-".to_string()), None]);
    }
    // The part of another address is none of this one.
    let desk = Desk::new();
    desk.write("net/net.safetensors.part", [7; 1000]);
    desk.write("net/net.safetensors.part.json", r#"{ "url": "http://elsewhere/net.safetensors" }"#);
    let server = fetch(&desk, |request| Answer::file(request, &weights(), "\"one\""));
    assert_eq!(ranges(&server), [None]);
}

#[test]
fn a_server_that_ignores_ranges_starts_anew() {
    let server = fetch(&Desk::new(), |request| {
        let answer = Answer::body(weights()).header("ETag", "\"one\"");
        if request.earlier == 0 { answer.cut(100_000) } else { answer }
    });
    assert_eq!(ranges(&server), [None, Some("bytes=100000-".to_string())]);
}

#[test]
fn without_a_strong_tag_or_a_known_sum_the_file_is_fetched_from_its_start() {
    // Two files of the same length, one after the other: half of each would be a third.
    for tag in [None, Some("W/\"weak\"")] {
        let server = fetch(&Desk::new(), move |request| {
            let file = if request.earlier == 0 { vec![7; weights().len()] } else { weights() };
            let answer = Answer::file(request, &file, "");
            let answer = Answer {
                headers: answer.headers.into_iter().filter(|(name, _)| name != "ETag").collect(),
                ..answer
            };
            let answer = tag.into_iter().fold(answer, |answer, tag| answer.header("ETag", tag));
            if request.earlier == 0 { answer.cut(50_000) } else { answer }
        });
        assert_eq!(ranges(&server), [None, None], "{tag:?}");
    }
}

#[test]
fn a_known_sum_lets_a_download_go_on_without_a_tag() {
    let desk = Desk::new();
    let server = Server::new(|request| {
        let answer = Answer::file(request, &weights(), "");
        let answer = Answer {
            headers: answer.headers.into_iter().filter(|(name, _)| name != "ETag").collect(),
            ..answer
        };
        if request.earlier == 0 { answer.cut(50_000) } else { answer }
    });
    let sum = sha256(&weights());
    // Digits without a letter would not count.
    let start =
        (8..64).map(|end| &sum[..end]).find(|start| start.contains(|c: char| c.is_ascii_alphabetic()));
    desk.models(&["fetch", &format!("{}/net-{}.safetensors", server.url, start.unwrap()), "-o", "net"]);
    assert_eq!(ranges(&server), [None, Some("bytes=50000-".to_string())]);
    assert_eq!(desk.read("net/model.safetensors"), weights());
}

#[test]
fn name_and_password_go_to_their_server_alone_and_are_written_nowhere() {
    let desk = Desk::new();
    let elsewhere = Server::new(|request| Answer::file(request, &weights(), "\"one\""));
    let store = elsewhere.url.clone();
    let server = Server::new(move |_| Answer::status(302).header("Location", format!("{store}{FILE}")));
    let url = server.url.replace("http://", "HTTP://anna:s3cret@");
    let said = desk.models(&["fetch", &format!("{url}{FILE}")]);
    // `anna:s3cret` in base64.
    assert_eq!(server.requests()[0].headers["authorization"], "Basic YW5uYTpzM2NyZXQ=");
    assert!(!elsewhere.requests()[0].headers.contains_key("authorization"));
    let written = [said, String::from_utf8(desk.read("net/origin.json")).unwrap()].concat();
    assert!(!written.contains("s3cret") && written.contains("http://127.0.0.1"), "{written}");
    let again = desk.models(&["fetch", &format!("{url}{FILE}")]);
    assert!(again.contains("as it was fetched") && !again.contains("s3cret"), "{again}");

    let failing = Server::new(|request| Answer::file(request, &weights(), "\"one\"").cut(1000));
    let url = failing.url.replace("http://", "http://anna:s3cret@");
    let output = desk.run(&["models", "fetch", &format!("{url}{FILE}"), "-o", "cut"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2) && said.contains("was cut") && !said.contains("s3cret"),
        "{said}"
    );
    let about = String::from_utf8(desk.read("cut/net.safetensors.part.json")).unwrap();
    assert!(!about.contains("s3cret"), "{about}");
    let output = desk.run(&["models", "fetch", "ftp://anna:s3cret@there/net.pth"]);
    assert!(!String::from_utf8(output.stderr).unwrap().contains("s3cret"));
}

#[test]
fn an_origin_that_lists_no_model_or_files_elsewhere_does_not_count() {
    let (desk, server) = (Desk::new(), Server::new(|request| Answer::file(request, &weights(), "\"one\"")));
    let url = format!("{}{FILE}", server.url);
    desk.models(&["fetch", &url]);
    let mut origin = desk.json("net/origin.json");
    let own = origin["files"].clone();
    origin["files"] = serde_json::json!({});
    desk.write("net/origin.json", origin.to_string());
    desk.models(&["fetch", &url]);
    assert_eq!(server.paths().len(), 2, "an empty list is no model");
    desk.write("secret.txt", "x");
    let digest = serde_json::json!({ "bytes": 1, "sha256": sha256(b"x") });
    origin["files"] = own;
    origin["files"]["../secret.txt"] = digest;
    desk.write("net/origin.json", origin.to_string());
    let printed = desk.refuses(&["verify", "net"], &["not sound"]);
    assert!(printed.contains("not the name of a file"), "{printed}");
}

#[cfg(unix)]
#[test]
fn a_planted_link_is_not_followed() {
    let desk = Desk::new();
    desk.write("mine.txt", "mine");
    std::fs::create_dir(desk.path("net")).unwrap();
    for name in ["net.safetensors.part", "net.safetensors.part.json", "model.safetensors"] {
        std::os::unix::fs::symlink("../mine.txt", desk.path("net").join(name)).unwrap();
    }
    let server = Server::new(|request| Answer::file(request, &weights(), "\"one\""));
    desk.models(&["fetch", &format!("{}{FILE}", server.url), "--force"]);
    assert_eq!(desk.read("mine.txt"), b"mine");
    assert_eq!(desk.read("net/model.safetensors"), weights());
    assert!(!desk.path("net/model.safetensors").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_folder_that_another_run_writes_into_is_refused() {
    let desk = Desk::new();
    let server = Server::new(|request| Answer::file(request, &weights(), "\"one\""));
    let url = format!("{}{FILE}", server.url);
    std::fs::create_dir(desk.path("net")).unwrap();
    let other = std::fs::File::open(desk.path("net")).unwrap();
    other.lock().unwrap();
    desk.refuses(&["fetch", &url], &["another run of cam-lucida", "net"]);
    assert!(server.paths().is_empty());
    drop(other);
    desk.models(&["fetch", &url]);
}

#[test]
fn failures_that_pass_are_waited_for() {
    let started = Instant::now();
    let server = fetch(&Desk::new(), |request| match request.earlier {
        0 => Answer::status(500),
        1 => Answer::status(429).header("Retry-After", 1),
        _ => Answer::file(request, &weights(), "\"one\""),
    });
    assert_eq!(server.paths().len(), 3);
    assert!(
        started.elapsed() >= Duration::from_millis(1500),
        "half a second, then the second that was asked for"
    );
}

#[test]
fn failures_that_stay_are_told() {
    let (server, left) = refused(|_| Answer::status(503), &["HTTP 503", "tried 4 times"]);
    assert_eq!((server.paths().len(), left.len()), (4, 0));
    for (status, words) in [(404, "not there"), (403, "private"), (410, "HTTP 410"), (418, "HTTP 418")] {
        let (server, left) = refused(move |_| Answer::status(status), &[words]);
        assert_eq!((server.paths().len(), left.len()), (1, 0), "{status} is not tried again");
    }
    let (server, _) = refused(|_| Answer::status(429).header("Retry-After", 3600), &["wait for 3600 s"]);
    assert_eq!(server.paths().len(), 1);
}

#[test]
fn redirects_are_followed_five_times() {
    let hops = |hops: usize| {
        move |request: &Request| match request.path.strip_prefix("/hop/").unwrap_or("0").parse::<usize>() {
            Ok(hop) if hop < hops => Answer::status(302).header("Location", format!("/hop/{}", hop + 1)),
            _ => Answer::file(request, &weights(), "\"one\""),
        }
    };
    assert_eq!(fetch(&Desk::new(), hops(5)).paths().len(), 6);
    refused(hops(6), &["redirected more than 5 times"]);
    refused(|_| Answer::status(302), &["redirects to nowhere"]);
}

#[test]
fn what_is_no_weight_file_is_named_and_removed() {
    let page = "<!DOCTYPE html><title>Sign in</title>";
    let (_, left) = refused(move |_| Answer::body(page), &["a web page", "log-in"]);
    assert!(left.is_empty());
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    assert!(refused(move |_| Answer::body(pointer), &["a Git LFS pointer"]).1.is_empty());
    assert!(refused(|_| Answer::body(""), &["an empty file"]).1.is_empty());
    let half = || weights()[..100_000].to_vec();
    assert!(refused(move |_| Answer::body(half()), &["incomplete"]).1.is_empty());
    let server = Server::new(move |_| Answer::body(page));
    Desk::new().refuses(&["fetch", "a/b", "--hub", &server.url], &["config.json is a web page", "log-in"]);
}

#[test]
fn a_length_that_is_not_kept_is_told() {
    let longer = weights().len() + 1;
    let (server, left) =
        refused(move |_| Answer::body(weights()).header("Content-Length", longer), &["was cut after"]);
    assert_eq!((server.paths().len(), left.len()), (4, 2), "what has come is kept");
    let shorter = |_: &Request| Answer::body(weights()).header("Content-Length", 5000);
    assert!(refused(shorter, &["not a complete safetensors file", "5000 bytes found"]).1.is_empty());
    let other = |_: &Request| Answer::body(weights()).header("X-Linked-Size", 5000);
    refused(other, &["has 5000 bytes as its server says"]);
    refused(|_| Answer::body("x").header("Content-Length", "many"), &["net.safetensors"]);
}

#[test]
fn a_file_too_large_is_refused_before_it_comes() {
    let large = |_: &Request| Answer::body("").header("Content-Length", 2400_u64 << 20);
    let (server, left) = refused(large, &["2400 MiB", "up to 2000 MiB"]);
    assert_eq!((server.paths().len(), left.len()), (1, 0));
}

#[test]
fn no_server_is_told() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}{FILE}");
    Desk::new().refuses(&["fetch", &url], &["cannot be reached", "tried 4 times"]);
}

#[test]
fn a_server_that_speaks_no_tls_is_asked_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}{FILE}", listener.local_addr().unwrap());
    let answered = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 so\r\nContent-Length: 0\r\n\r\n").unwrap();
        // Until the client has had enough: an answer to unread bytes would be cut off.
        std::io::copy(&mut stream, &mut std::io::sink()).ok();
    });
    let output = Desk::new().run(&["models", "fetch", &url]);
    answered.join().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot be reached") && !said.contains("tried"), "{said}");
}

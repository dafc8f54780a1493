//! A server on this machine that answers as it is told to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request, its header names in lower case.
#[derive(Clone)]
pub struct Request {
    pub path: String,
    pub headers: HashMap<String, String>,
    /// How many requests for this path came before.
    pub earlier: usize,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Breaks the connection off after so many bytes of the body.
    pub cut: Option<usize>,
}

impl Answer {
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), cut: None }
    }

    pub fn body(body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::status(200) }
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }

    /// `file` under an entity tag: whole, or the part that is asked for (RFC 9110, 13.1.5 and 14).
    pub fn file(request: &Request, file: &[u8], etag: &str) -> Self {
        let range = request
            .headers
            .get("range")
            .filter(|_| request.headers.get("if-range").is_none_or(|wanted| wanted == etag));
        let start = range.map(|range| range["bytes=".len()..range.len() - 1].parse::<usize>().unwrap());
        let answer = match start {
            None => Self::body(file),
            Some(start) if start >= file.len() => {
                Self::status(416).header("Content-Range", format!("bytes */{}", file.len()))
            }
            Some(start) => {
                let range = format!("bytes {start}-{}/{}", file.len() - 1, file.len());
                Self { status: 206, ..Self::body(&file[start..]) }.header("Content-Range", range)
            }
        };
        answer.header("ETag", etag)
    }

    pub fn cut(mut self, after: usize) -> Self {
        self.cut = Some(after);
        self
    }
}

/// Answers until the test ends.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn new(answer: impl Fn(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that has gone is no matter of the server.
                let _ = serve(stream.unwrap(), &noted, &answer);
            }
        });
        Self { url, requests }
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The paths that were asked for so far.
    pub fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).collect()
    }
}

/// One request; then the connection is closed.
fn serve(
    mut stream: TcpStream,
    noted: &Mutex<Vec<Request>>,
    answer: &impl Fn(&Request) -> Answer,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    let path = first.split(' ').nth(1).unwrap().to_string();
    let mut headers = HashMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_string());
    }
    let mut requests = noted.lock().unwrap();
    let earlier = requests.iter().filter(|request| request.path == path).count();
    let request = Request { path, headers, earlier };
    requests.push(request.clone());
    drop(requests);
    let Answer { status, headers, body, cut } = answer(&request);
    let mut head = format!("HTTP/1.1 {status} so\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| name == "Content-Length" || name == "Transfer-Encoding") {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(&body[..cut.unwrap_or(body.len())])
}

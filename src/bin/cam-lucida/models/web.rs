//! Requests to a server: redirects, and which answers are worth another try.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

use crate::Failure;

const REDIRECTS: usize = 5;
/// How often a request is sent before it is given up.
const TRIES: u32 = 4;
/// The time before the second try; twice as long before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long to wait for a connection, and for each further sign of life.
const CONNECT: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(60);

pub struct Web {
    agent: Agent,
    key: Option<Key>,
}

/// What lets its holder into one site, and is shown to no other.
struct Key {
    /// Scheme, host and port of an address.
    site: String,
    token: String,
}

/// What a server answered: 200, 206, 404 or 416.
pub struct Reply {
    pub response: Response<Body>,
    /// What the hub said of the file before it sent us on to where that is stored.
    pub promised: Promised,
}

/// Size and SHA-256 of a file, as Hugging Face's hub knows them (`X-Linked-Size`, `X-Linked-ETag`).
#[derive(Default, Clone)]
pub struct Promised {
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
}

/// Why a request failed.
pub enum Trouble {
    /// It may pass, after a time that the server may have named.
    Passing { what: String, wait: Option<Duration> },
    /// It will not.
    Lasting(String),
}

impl Trouble {
    pub fn passing(what: String) -> Self {
        Self::Passing { what, wait: None }
    }
}

impl Web {
    /// Proxies are those of the environment (`HTTPS_PROXY` and its like).
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("cam-lucida/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE));
        Self { agent: config.build().new_agent(), key: None }
    }

    /// The same, which says `token` to the site of `url` (RFC 6750).
    pub fn with_token(self, url: &str, token: String) -> Self {
        Self { key: site(url).map(|site| Key { site: site.into(), token }), ..self }
    }

    /// Asks for `url`, following redirects.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Reply, Trouble> {
        let mut address = url.to_string();
        let mut promised = Promised::default();
        for _ in 0..=REDIRECTS {
            let mut request = self.agent.get(&address);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(key) = self.key.as_ref().filter(|key| site(&address) == Some(&key.site)) {
                request = request.header("authorization", format!("Bearer {}", key.token));
            }
            let response = request.call().map_err(|error| of_connection(&address, error))?;
            promised.note(response.headers());
            let status = response.status().as_u16();
            match status {
                200 | 206 | 404 | 416 => return Ok(Reply { response, promised }),
                301 | 302 | 303 | 307 | 308 => {
                    let next = text(response.headers(), "location").and_then(|to| redirected(&address, to));
                    address = next.ok_or_else(|| {
                        Trouble::Lasting(format!(
                            "{url} sends on to nowhere (HTTP {status} without a Location)"
                        ))
                    })?;
                }
                _ => return Err(of_status(url, status, response.headers(), self.key.is_some())),
            }
        }
        Err(Trouble::Lasting(format!("{url} was sent on more than {REDIRECTS} times")))
    }
}

/// Does `work` again while its troubles may pass.
pub fn patiently<T>(mut work: impl FnMut() -> Result<T, Trouble>) -> Result<T, Failure> {
    let mut tries = 1;
    loop {
        let (what, wait) = match work() {
            Ok(done) => return Ok(done),
            Err(Trouble::Lasting(what)) => return Err(what.into()),
            Err(Trouble::Passing { what, wait }) => (what, wait),
        };
        if tries == TRIES {
            return Err(format!("{what}, tried {TRIES} times. Run the same command later").into());
        }
        std::thread::sleep(wait.unwrap_or(FIRST_WAIT * 2_u32.pow(tries - 1)));
        tries += 1;
    }
}

impl Promised {
    fn note(&mut self, headers: &HeaderMap) {
        let size = text(headers, "x-linked-size").and_then(|size| size.parse().ok());
        let is_sha256 = |tag: &&str| tag.len() == 64 && tag.chars().all(|c| c.is_ascii_hexdigit());
        let tag = text(headers, "x-linked-etag").map(|tag| tag.trim_matches('"')).filter(is_sha256);
        self.bytes = self.bytes.or(size);
        self.sha256 = self.sha256.take().or_else(|| tag.map(str::to_lowercase));
    }
}

/// The text of a header.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Scheme, host and port of an address.
fn site(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |end| host + end);
    Some(&url[..end])
}

/// Where `location` leads from the address that answered it.
fn redirected(from: &str, location: &str) -> Option<String> {
    let (scheme, rest) = from.split_once("://")?;
    let path = rest.split(['?', '#']).next()?;
    let host = path.split('/').next()?;
    Some(if location.starts_with("https://") || location.starts_with("http://") {
        location.into()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{host}{location}")
    } else {
        let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
        format!("{scheme}://{folder}/{location}")
    })
}

fn of_status(url: &str, status: u16, headers: &HeaderMap, has_key: bool) -> Trouble {
    let what = format!("{url} answered with HTTP {status}");
    match status {
        401 | 403 if has_key => {
            Trouble::Lasting(format!("{what}: it is misspelt, or not for the holder of this HF_TOKEN"))
        }
        401 | 403 => Trouble::Lasting(format!(
            "{what}: it is misspelt, or not for everyone (private, or behind a log-in; on the hub, HF_TOKEN names a token)"
        )),
        429 | 500.. => {
            let seconds = text(headers, "retry-after").and_then(|wait| wait.trim().parse().ok());
            match seconds.map(Duration::from_secs) {
                Some(wait) if wait > LONGEST_WAIT => Trouble::Lasting(format!(
                    "{what} and asks to wait for {} s: try again then",
                    wait.as_secs()
                )),
                wait => Trouble::Passing { what, wait },
            }
        }
        _ => Trouble::Lasting(what),
    }
}

fn of_connection(address: &str, error: ureq::Error) -> Trouble {
    use ureq::Error::{ConnectionFailed, HostNotFound, Io, Protocol, Timeout};
    let what = format!("{address} cannot be reached ({error})");
    match error {
        // What rustls says of a certificate, or of who speaks no TLS.
        Io(error) if error.kind() == ErrorKind::InvalidData => Trouble::Lasting(what),
        ConnectionFailed | HostNotFound | Io(_) | Protocol(_) | Timeout(_) => Trouble::passing(what),
        _ => Trouble::Lasting(what),
    }
}

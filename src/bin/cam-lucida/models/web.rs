//! Requests to a server: redirects, retries, and which failures are worth a retry.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};
use url::{Origin, Url};

use crate::Failure;

const REDIRECTS: usize = 5;
/// How often a request is sent before it is given up.
const TRIES: u32 = 4;
/// The time before the second try. It doubles before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a server may stay silent.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a text may take in all.
const TEXT_TIMEOUT: Duration = Duration::from_secs(300);

pub struct Web {
    agent: Agent,
    token: Option<Token>,
    logins: Vec<Login>,
}

/// Name and password of an address, sent to its site and no other. They are neither stored nor printed.
pub struct Login {
    site: Origin,
    name: String,
    password: Option<String>,
}

/// A bearer token (RFC 6750), sent to one site and no other.
struct Token {
    site: Origin,
    token: String,
}

/// A server's reply with status 200, 206, 404 or 416.
pub struct Reply {
    pub response: Response<Body>,
    /// What the hub stated about the file before it redirected to the file's storage.
    pub expected: Expected,
}

/// Size and SHA-256 of a file, as Hugging Face's hub states them (`X-Linked-Size`, `X-Linked-ETag`).
#[derive(Default, Clone)]
pub struct Expected {
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
}

/// Why a request failed.
pub enum RequestError {
    /// A retry may succeed, after a time that the server may have named.
    Transient { message: String, wait: Option<Duration> },
    /// A retry fails again.
    Permanent(String),
}

impl RequestError {
    pub fn transient(message: String) -> Self {
        Self::Transient { message, wait: None }
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
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_recv_response(Some(READ_TIMEOUT))
            .timeout_per_read(Some(READ_TIMEOUT));
        Self { agent: config.build().new_agent(), token: None, logins: Vec::new() }
    }

    /// The same, but `token` is sent to the site of `url`.
    pub fn with_token(self, url: &Url, token: String) -> Self {
        Self { token: Some(Token { site: url.origin(), token }), ..self }
    }

    /// The same with the name and password of an address, if it had any.
    pub fn with_login(mut self, login: Option<Login>) -> Self {
        self.logins.extend(login);
        self
    }

    /// `url` as it is requested.
    fn with_secrets(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if let Some(login) = self.logins.iter().find(|login| login.site == url.origin()) {
            // An http(s) address has a place for both.
            let _ = url.set_username(&login.name);
            let _ = url.set_password(login.password.as_deref());
        }
        url
    }

    /// Requests a text, which may not take long in all, however many bytes a server sends before it falls silent.
    pub fn get_text(&self, url: &Url) -> Result<Reply, RequestError> {
        self.request(url, &[], Some(TEXT_TIMEOUT))
    }

    /// Requests `url`, following redirects.
    pub fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Result<Reply, RequestError> {
        self.request(url, headers, None)
    }

    fn request(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        time: Option<Duration>,
    ) -> Result<Reply, RequestError> {
        let mut address = url.clone();
        let mut expected = Expected::default();
        for _ in 0..=REDIRECTS {
            let request = self.agent.get(self.with_secrets(&address).as_str());
            let mut request = request.config().timeout_global(time).build();
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(Token { token, .. }) = self.token.as_ref().filter(|t| t.site == address.origin()) {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let response = request.call().map_err(|error| connection_error(&address, error))?;
            expected.add(response.headers());
            let status = response.status().as_u16();
            match status {
                200 | 206 | 404 | 416 => return Ok(Reply { response, expected }),
                301 | 302 | 303 | 307 | 308 => address = redirected(&address, &response)?,
                _ => return Err(status_error(url, status, response.headers(), self.token.is_some())),
            }
        }
        Err(RequestError::Permanent(format!("{url} was redirected more than {REDIRECTS} times")))
    }
}

/// Repeats `work` while its failures are transient.
pub fn with_retries<T>(mut work: impl FnMut() -> Result<T, RequestError>) -> Result<T, Failure> {
    let mut tries = 1;
    loop {
        let (message, wait) = match work() {
            Ok(done) => return Ok(done),
            Err(RequestError::Permanent(message)) => return Err(message.into()),
            Err(RequestError::Transient { message, wait }) => (message, wait),
        };
        if tries == TRIES {
            return Err(format!("{message}, tried {TRIES} times. Run the same command later").into());
        }
        std::thread::sleep(wait.unwrap_or(FIRST_WAIT * 2_u32.pow(tries - 1)));
        tries += 1;
    }
}

impl Expected {
    /// Adds what `headers` state.
    fn add(&mut self, headers: &HeaderMap) {
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

/// An http(s) address, without name and password. `what` says in an error what was to be one.
pub fn address(what: &str, text: &str) -> Result<Url, Failure> {
    let malformed = |reason: &dyn std::fmt::Display| {
        let text = without_secrets(text);
        format!("{what} `{text}` is not an address ({reason}); pass one that starts with https:// or http://")
    };
    let url = Url::parse(text).map_err(|error| malformed(&error))?;
    match url.scheme() {
        "https" | "http" => Ok(without_login(url)),
        scheme => Err(malformed(&format_args!("its scheme is {scheme}")).into()),
    }
}

/// The name and password of an address, if it has any.
pub fn login(text: &str) -> Option<Login> {
    let url = Url::parse(text).ok()?;
    let named = !url.username().is_empty() || url.password().is_some();
    named.then(|| Login {
        site: url.origin(),
        name: url.username().into(),
        password: url.password().map(String::from),
    })
}

/// What was given as an address, to be printed: without name and password.
pub fn without_secrets(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if url.has_host() => without_login(url).into(),
        _ => text.rsplit_once('@').map_or(text.into(), |(_, rest)| format!("…@{rest}")),
    }
}

fn without_login(mut url: Url) -> Url {
    // An http(s) address has a place for both.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Where the redirect `response` from `url` leads.
fn redirected(url: &Url, response: &Response<Body>) -> Result<Url, RequestError> {
    let status = response.status().as_u16();
    let Some(location) = text(response.headers(), "location") else {
        let message = format!("{url} redirects to nowhere (HTTP {status} without a Location)");
        return Err(RequestError::Permanent(message));
    };
    let next = url.join(location).ok().filter(|next| ["https", "http"].contains(&next.scheme()));
    next.map(without_login).ok_or_else(|| {
        RequestError::Permanent(format!("{url} redirects to `{location}`, which is not an http(s) address"))
    })
}

fn status_error(url: &Url, status: u16, headers: &HeaderMap, has_token: bool) -> RequestError {
    let what = format!("{url} answered with HTTP {status}");
    match status {
        401 | 403 if has_token => RequestError::Permanent(format!(
            "{what}: the name is misspelt, or the holder of this HF_TOKEN has no access"
        )),
        401 | 403 => RequestError::Permanent(format!(
            "{what}: the name is misspelt, or the file is private or behind a log-in; for the hub, set HF_TOKEN to \
             an access token"
        )),
        429 | 500.. => {
            let seconds = text(headers, "retry-after").and_then(|wait| wait.trim().parse().ok());
            match seconds.map(Duration::from_secs) {
                Some(wait) if wait > MAX_WAIT => RequestError::Permanent(format!(
                    "{what} and asks to wait for {} s: try again then",
                    wait.as_secs()
                )),
                wait => RequestError::Transient { message: what, wait },
            }
        }
        _ => RequestError::Permanent(what),
    }
}

fn connection_error(url: &Url, error: ureq::Error) -> RequestError {
    use ureq::Error::{ConnectionFailed, HostNotFound, Io, Protocol, Timeout};
    // What follows the path of a redirect may be a signature.
    let (mut shown, error_text) = (url.clone(), error.to_string());
    shown.set_query(None);
    let what = format!("{shown} cannot be reached ({error_text})");
    match error {
        // rustls reports a bad certificate, or a server without TLS, as invalid data.
        Io(error) if error.kind() == ErrorKind::InvalidData => RequestError::Permanent(what),
        ConnectionFailed | HostNotFound | Io(_) | Protocol(_) | Timeout(_) => RequestError::transient(what),
        _ => RequestError::Permanent(what),
    }
}
